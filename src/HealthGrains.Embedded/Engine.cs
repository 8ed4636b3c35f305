using HealthGrains.Delivery;
using HealthGrains.Hosting;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Embedded;

/// <summary>The parts of a running host: the directory's lock, the file, the two threads.</summary>
internal sealed class Engine : IDisposable
{
    private readonly DirectoryLock _lock;
    private readonly Database _database;
    private readonly JournalStore _store;

    private Engine(
        DirectoryLock held, Database database, EmbeddedOptions options, DeliveryBell? bell, HostFigures figures, ILogger logger,
        Action<Exception> fault)
    {
        _lock = held;
        _database = database;
        Memory = new HostMemory(options);
        var recovery = Recovery.Run(database, options, Memory, out var book);
        Replayed = recovery.Replayed;
        var epoch = database.MetaLong("epoch", 0) + 1;
        database.SetMeta("epoch", epoch);
        _store = new JournalStore(database);
        Archive = new Archive(database.Path);
        Hub = new ChangeHub(epoch, options.WatcherLimit, book.Index.Find);
        var owners = new OwnerRound(_store, Memory, book.Index, options.Writer);
        Journal = new JournalThread(options, _store, Memory, recovery.Practice, owners, bell, figures, logger, fault);
        Turns = new TurnThread(
            options, book, Memory, Journal, Hub, recovery.Ruling, recovery.Practice, recovery.Position, recovery.Effects, figures, fault);
    }

    public HostMemory Memory { get; }

    public Archive Archive { get; }

    public ChangeHub Hub { get; }

    public JournalThread Journal { get; }

    public TurnThread Turns { get; }

    /// <summary>Signals that recovery took again.</summary>
    public long Replayed { get; }

    public bool IsClosed { get; private set; }

    public static Engine Open(
        EmbeddedOptions options, DeliveryBell? bell, HostFigures figures, ILogger logger, Action<Exception> fault)
    {
        try
        {
            Directory.CreateDirectory(options.DataDirectory);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"the data directory {options.DataDirectory} cannot be created: {refused.Message}", refused);
        }

        var held = DirectoryLock.Take(options.DataDirectory);
        Database? database = null;
        try
        {
            database = Database.Open(options.DataDirectory);
            return new Engine(held, database, options, bell, figures, logger, fault);
        }
        catch
        {
            database?.Dispose();
            held.Dispose();
            throw;
        }
    }

    public void Start()
    {
        Journal.Start(Turns);
        Turns.Start();
    }

    /// <summary>Tells both threads to end at once and fails all that waits. May be called on either of them.</summary>
    public void Abandon(Exception reason)
    {
        Journal.Stop(abruptly: true);
        Turns.Stop(abruptly: true);
        Journal.FailAll(reason);
        Turns.FailAll(reason);
        Hub.End(reason);
    }

    /// <summary>Ends both threads, the turn thread first: the journal thread stores its last checkpoint.</summary>
    public void Close(Exception reason, bool abruptly)
    {
        IsClosed = true;
        if (abruptly) Journal.Stop(abruptly: true);
        Turns.Stop(abruptly);
        Turns.Join();
        Journal.Stop(abruptly);
        Journal.Join();
        Journal.FailAll(reason);
        Turns.FailAll(reason);
        Hub.End(reason);
        Archive.Dispose();
        _store.Dispose();
        _database.Dispose();
        _lock.Dispose();
    }

    public void LimitPages() => _database.Execute("PRAGMA max_page_count = 1");

    public void Dispose()
    {
        if (!IsClosed) Close(new HostUnavailableException("the host is stopping"), abruptly: true);
    }

    /// <summary>Counters for operators, by OpenTelemetry name.</summary>
    public Dictionary<string, double> Figures(HostFigures figures) => new()
    {
        ["healthgrains.accounts"] = Memory.Accounts.Count,
        ["healthgrains.signals.accepted"] = Journal.Total,
        ["healthgrains.signals.duplicate"] = figures.Duplicates,
        ["healthgrains.signals.late"] = figures.Late,
        ["healthgrains.signals.held"] = Memory.HeldCount,
        ["healthgrains.signals.queued"] = Journal.QueuedSignals,
        ["healthgrains.intake.saturated"] = figures.Saturated,
        ["healthgrains.journal.commits"] = figures.Commits,
        ["healthgrains.checkpoints"] = figures.Checkpoints,
        ["healthgrains.turns.decisions"] = figures.Decisions,
        ["healthgrains.turns.undecided"] = Turns.Undecided,
        ["healthgrains.turns.wakes"] = figures.Wakes,
        ["healthgrains.turns.evaluations"] = figures.Evaluations,
        ["healthgrains.questions.answered"] = figures.Questions,
        ["healthgrains.questions.queued"] = Turns.QueuedQuestions,
        ["healthgrains.changes.published"] = Hub.Published,
        ["healthgrains.changes.watchers"] = Hub.Watchers,
        ["healthgrains.names"] = Memory.Names.Count,
        ["healthgrains.identities"] = Memory.Identities.Count,
        ["healthgrains.duplicates.remembered"] = Memory.Ids.Count,
    };
}
