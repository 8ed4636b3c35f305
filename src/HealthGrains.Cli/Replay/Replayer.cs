using System.Collections.Concurrent;
using System.Threading.Channels;
using HealthGrains.Embedded;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Intake;

namespace HealthGrains.Cli.Replay;

/// <summary>
/// Runs files of signals through the same intake and the same turns as a server, with no server and no storage: one thread reads
/// and parses, another applies, and a few batches travel round between them.
/// </summary>
internal sealed class Replayer
{
    private const int Batches = 6;
    private const int KeptErrors = 20;
    private const int RememberedIds = 5_000_000;

    // The reader must not judge times by a clock that the events themselves drive: nothing lies ahead of this moment, and an
    // event without a time carries exactly it, until the clock is known.
    private static readonly DateTimeOffset Unbounded = new(9990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>An event this much later than all before it is a typing error in a year and would make everything else late.</summary>
    private static readonly TimeSpan LongestLeap = TimeSpan.FromDays(400);

    private readonly ReplayTables _tables = new();
    private readonly ReplayAccounts _accounts;
    private readonly DuplicateMemory _memory = new(RememberedIds);
    private readonly HeldEvents _held = new();
    private readonly List<ReplayError> _errors = [];
    private readonly IntakeContext _context;
    private long _accepted;
    private long _duplicates;
    private long _rejected;

    public Replayer(HealthModel model, Policy.HealthPolicy policy)
    {
        _accounts = new ReplayAccounts(_tables, model, policy);
        _context = Context();
    }

    /// <summary>Gives accounts their profiles before the signals come.</summary>
    public void SetProfiles(IEnumerable<Accounts.AccountProfile> profiles)
    {
        foreach (var profile in profiles) _accounts.SetProfile(profile);
    }

    /// <summary>Replays the files in the order given.</summary>
    public async Task<ReplayReport> RunAsync(
        IReadOnlyList<string> files, Stream input, TimeProvider wall, Action<long> told, CancellationToken cancellationToken)
    {
        var started = wall.GetTimestamp();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var full = Channel.CreateBounded<Parcel>(new BoundedChannelOptions(Batches) { SingleReader = true, SingleWriter = true });
        var empty = new ConcurrentBag<Parcel>();
        using var free = new SemaphoreSlim(Batches);
        for (var i = 0; i < Batches; i++) empty.Add(new Parcel());

        var reading = Task.Factory.StartNew(
            () => ReadAll(files, input, full.Writer, empty, free, stop.Token), stop.Token, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        try
        {
            await foreach (var parcel in full.Reader.ReadAllAsync(stop.Token))
            {
                Apply(parcel);
                told(parcel.BytesSoFar);
                parcel.Batch.Clear();
                empty.Add(parcel);
                free.Release();
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await reading;
        _accounts.Finish();
        return Report(wall.GetElapsedTime(started));
    }

    private void ReadAll(
        IReadOnlyList<string> files, Stream input, ChannelWriter<Parcel> full, ConcurrentBag<Parcel> empty, SemaphoreSlim free,
        CancellationToken cancellationToken)
    {
        Exception? fault = null;
        long bytes = 0;
        try
        {
            foreach (var file in files)
            {
                using var blocks = LineBlocks.Open(file, input);
                while (true)
                {
                    free.Wait(cancellationToken);
                    if (!empty.TryTake(out var parcel)) throw new InvalidOperationException("a batch went astray");
                    if (!blocks.Next(ref parcel.Buffer, out var length, out var firstLine, out var isArray))
                    {
                        empty.Add(parcel);
                        free.Release();
                        break;
                    }
                    bytes += length;
                    Parse(parcel, file, length, firstLine, isArray);
                    parcel.BytesSoFar = bytes;
                    // There are as many places as parcels, so this never waits.
                    if (!full.TryWrite(parcel)) throw new InvalidOperationException("a batch too many");
                }
            }
        }
        catch (Exception error)
        {
            fault = error;
            throw;
        }
        finally
        {
            full.TryComplete(fault);
        }
    }

    private void Parse(Parcel parcel, string file, int length, long firstLine, bool isArray)
    {
        parcel.File = file;
        parcel.FirstLine = firstLine;
        parcel.Refused = null;
        var body = parcel.Buffer.AsMemory(0, length);
        if (body.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0) return;
        try
        {
            IntakeReader.Read(WireFormat.Any, body, _context, parcel.Batch, isArray ? BodyShape.Json : BodyShape.Lines);
        }
        catch (IntakeFormatException error)
        {
            parcel.Refused = error;
        }
    }

    private void Apply(Parcel parcel)
    {
        var batch = parcel.Batch;
        if (parcel.Refused is { } refused)
        {
            throw new Refusal($"{parcel.File}, line {parcel.FirstLine + Math.Max(refused.Line - 1, 0)}: {refused.Reason}");
        }
        _rejected += batch.Rejected;
        var offset = batch.CountsLines ? parcel.FirstLine - 1 : 1;
        foreach (var error in batch.Errors) Keep(new ReplayError(parcel.File, offset + error.Position, error.Field, error.Reason));
        Apply(batch, parcel.File);
    }

    private void Apply(IntakeBatch batch, string file)
    {
        foreach (var name in batch.Names) _tables.Add(name);
        _accepted += batch.TakenWithoutSignal;
        foreach (ref readonly var incoming in batch.Signals) Take(incoming, file);
        foreach (var held in batch.Held)
            if (!_held.Add(held)) _duplicates++;
        foreach (var link in batch.Links)
            if (_tables.Add(link)) Release(link, file);
    }

    private void Take(in IncomingSignal incoming, string file)
    {
        var signal = incoming.Signal;
        var now = _accounts.Now;
        if (signal.At >= Unbounded.ToUnixTimeMilliseconds())
        {
            if (now == long.MinValue)
            {
                Refuse(file, "at", "the first event has no time, so there is no clock yet; give it one");
                return;
            }
            signal = signal with { At = now };
        }
        else if (now != long.MinValue && signal.At - now > LongestLeap.TotalMilliseconds)
        {
            Refuse(file, "at", $"more than {LongestLeap.TotalDays:0} days after every event before it; check the year");
            return;
        }
        if (!_memory.Add(signal.Id))
        {
            _duplicates++;
            return;
        }
        _accepted++;
        _accounts.Take(incoming.Account, signal);
    }

    /// <summary>Reads the events again that waited for a link.</summary>
    private void Release(IdentityLink link, string file)
    {
        foreach (var held in _held.Take(link))
        {
            if (WireFormats.Find(held.Format) is not { } format) continue;
            var again = new IntakeBatch();
            IntakeReader.Read(format, held.Body, Context(), again, BodyShape.Json);
            _rejected += again.Rejected;
            foreach (var error in again.Errors) Keep(new ReplayError(file, 0, error.Field, error.Reason));
            Apply(again, file);
        }
    }

    private void Refuse(string file, string field, string reason)
    {
        _rejected++;
        Keep(new ReplayError(file, 0, field, reason));
    }

    private void Keep(ReplayError error)
    {
        if (_errors.Count < KeptErrors) _errors.Add(error);
    }

    private IntakeContext Context() => new()
    {
        Now = Unbounded,
        Keys = TenantKeys.Repeatable,
        Identities = _tables,
        Names = _tables,
        Groups = new LearnedGroups(),
    };

    private ReplayReport Report(TimeSpan took)
    {
        var final = _accounts.All.Select(_accounts.Summarize)
            .OrderBy(account => account.Status).ThenBy(account => account.Score).ThenBy(account => account.Id, StringComparer.Ordinal)
                .ToList();
        var active = final.Where(account => account.Status == AccountStatus.Active).ToList();
        return new ReplayReport
        {
            Accepted = _accepted,
            Duplicates = _duplicates,
            Held = _held.Count,
            Rejected = _rejected,
            Late = _accounts.Late,
            Accounts = _accounts.Count,
            Churned = final.Count - active.Count,
            Bands = Enum.GetValues<Band>().ToDictionary(band => band, band => active.Count(account => account.Band == band)),
            Alerts = _accounts.Alerts,
            AlertsByRule = _accounts.AlertsByRule,
            OpenAlerts = active.Sum(account => account.OpenAlerts),
            From = _accounts.Count == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(_accounts.First),
            Until = _accounts.Count == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(_accounts.Now),
            Took = took,
            Errors = _errors,
            Final = final,
        };
    }

    /// <summary>What travels between the threads.</summary>
    private sealed class Parcel
    {
        public readonly IntakeBatch Batch = new();
        public byte[] Buffer = [];
        public string File = "";
        public long FirstLine;
        public long BytesSoFar;
        public IntakeFormatException? Refused;
    }
}
