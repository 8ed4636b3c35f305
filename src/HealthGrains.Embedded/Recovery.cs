using System.Globalization;
using System.Security.Cryptography;
using HealthGrains.Accounts;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;
using HealthGrains.Signals;
using HealthGrains.Tenants;

namespace HealthGrains.Embedded;

/// <summary>
/// Brings the accounts back: the rows of the last checkpoint, then the journal after it, through the same turns in the same order
/// with the same now. Accounts know nothing of one another, so each processor brings back a part of them.
/// </summary>
internal sealed class Recovery
{
    private readonly Database _database;
    private readonly EmbeddedOptions _options;
    private readonly HostMemory _memory;
    private readonly AccountBook _book;
    private readonly Dictionary<int, Position> _rows = [];
    private readonly int _workers = Math.Clamp(Environment.ProcessorCount, 1, 8);
    private Ruling _ruling;
    private Position _from;

    private Recovery(Database database, EmbeddedOptions options, HostMemory memory, AccountBook book, Ruling ruling)
    {
        _database = database;
        _options = options;
        _memory = memory;
        _book = book;
        _ruling = ruling;
        Practice = options.Practice;
    }

    /// <summary>Signals that were read from the journal and taken again.</summary>
    public long Replayed { get; private set; }

    /// <summary>Where the turn thread goes on.</summary>
    public Position Position { get; private set; }

    /// <summary>The practice that decides at present.</summary>
    public PracticeBook Practice { get; private set; }

    /// <summary>What decides at present.</summary>
    public Ruling Ruling => _ruling;

    /// <summary>Effects of replayed turns: storing them once more is harmless and makes up for a commit that never came.</summary>
    public TurnOutput Effects { get; } = new();

    public static Recovery Run(Database database, EmbeddedOptions options, HostMemory memory, out AccountBook book)
    {
        memory.Keys = KeysOf(database, options);
        book = new AccountBook(memory.Keys);
        var version = database.Meta("model");
        var model = version is null ? options.Models[0] : ModelOf(options, version);
        var ruling = new Ruling(model, options.Policies[0], FactsOf(database));
        var recovery = new Recovery(database, options, memory, book, ruling);
        recovery.Tables();
        recovery.Practices();
        recovery.Rows();
        recovery.Totals();
        // The ids are of no account, and are read meanwhile.
        Both(recovery.Journal, recovery.Ids);
        recovery.Finish();
        return recovery;
    }

    // A database of an older build has no pulse yet.
    private static TenantFacts FactsOf(Database database) => Ruling.FactsOf(
        database.Meta("facts") is { } facts ? Json.Read<long[]>(facts, "the tenant's facts") : [],
        database.Meta("pulse") is { } pulse ? Json.Read<TenantPulse>(pulse, "what was counted of the tenant") : null);

    private static TenantKeys KeysOf(Database database, EmbeddedOptions options)
    {
        if (database.Meta("keys") is { } stored)
        {
            var halves = stored.Split('-');
            var kept = new TenantKeys(
                ulong.Parse(halves[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                ulong.Parse(halves[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            if (options.Keys is { } asked && asked != kept)
            {
                throw new StorageException(
                    $"the data in {options.DataDirectory} was made with other keys; do not set Keys, or choose another directory");
            }

            return kept;
        }

        var keys = options.Keys ?? new TenantKeys(Random64(), Random64());
        database.SetMeta("keys", $"{keys.Low:x16}-{keys.High:x16}");
        return keys;
    }

    private static ulong Random64()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToUInt64(bytes);
    }

    internal static HealthModel ModelOf(EmbeddedOptions options, string version) =>
        options.Models.FirstOrDefault(model => model.Version == version)
        ?? throw new StorageException(
            $"the active model is '{version}', which this host does not know "
            + $"(it knows {string.Join(", ", options.Models.Select(model => model.Version))}). "
            + "Start it with that model, or with the version that wrote the data");

    private void Tables()
    {
        using var names = _database.Prepare("SELECT id, text FROM names");
        while (names.Step()) _memory.Names.Add((uint)names.Long(0), names.Text(1));
        using var identities = _database.Prepare("SELECT source, external, target FROM identities");
        while (identities.Step()) _memory.Identities.Set(identities.Text(0), identities.Text(1), identities.Text(2));
        // Whoever held a lease has ended with its process.
        _database.Execute("UPDATE deliveries SET leased_until = NULL WHERE leased_until IS NOT NULL");
        using var held = _database.Prepare("SELECT count(*), coalesce(sum(length(body)), 0) FROM held WHERE linked IS NULL");
        held.Step();
        _memory.HeldCount = held.Long(0);
        _memory.HeldBytes = held.Long(1);
    }

    /// <summary>The practice as it was where recovery begins; what changed it later is in the journal.</summary>
    private void Practices()
    {
        using var read = _database.Prepare("SELECT body FROM practice WHERE seq <= ?1 ORDER BY seq");
        read.Bind(1, _database.MetaLong("recover_from", 0));
        while (read.Step())
        {
            var edit = Json.Read<PracticeEdit>(read.Text(0), "a file of the practice");
            Practice = Practice.Change(edit.With, edit.Without).Book;
        }
    }

    private void Rows()
    {
        _from = Position = new Position(_database.MetaLong("recover_from", 0), _database.MetaLong("recover_turn", 0));
        _memory.Accounts.Reserve((int)_database.MetaLong("next_account", 1) - 1);
        var last = 0;
        using (var numbers = _database.Prepare("SELECT max(number) FROM accounts"))
            if (numbers.Step() && !numbers.IsNull(0)) last = numbers.Int(0);
        var parts = new List<Row>[_workers];
        Each(_workers, part => parts[part] = Rows((int)((long)last * part / _workers), (int)((long)last * (part + 1) / _workers)));
        foreach (var row in parts.SelectMany(part => part))
        {
            _memory.Accounts.Restore(row.Id, row.Number);
            _book.Add(row.Number, row.Id, row.State).Desk = row.Desk;
            Position = Position with { Turn = Math.Max(Position.Turn, row.Position.Turn) };
            // Only an account that was written after the round began has to skip anything.
            if (row.Position.Sequence > _from.Sequence || row.Position.Turn > _from.Turn) _rows[row.Number] = row.Position;
        }
    }

    private List<Row> Rows(int after, int through)
    {
        var part = new List<Row>(through - after);
        using var reader = Database.OpenReader(_database.Path);
        using var rows = new Statement(
            reader.Handle!, """
            SELECT number, id, seq, turn, profile, state, body FROM accounts LEFT JOIN desks ON account = number
            WHERE number > ?1 AND number <= ?2 ORDER BY number
            """);
        rows.Bind(1, after).Bind(2, through);
        while (rows.Step())
        {
            var (number, id) = (rows.Int(0), rows.Text(1));
            var profile = rows.TextOrNull(4) is { } json
                ? Json.Read<AccountProfile>(json, $"the profile of account {id}")
                : AccountProfile.Unknown(id);
            var state = rows.IsNull(5) ? new AccountState(profile) : State(rows.Blob(5), profile, id);
            var desk = rows.TextOrNull(6) is { } body ? Json.Read<DeskState>(body, $"the desk of account {id}") : null;
            part.Add(new Row(number, id, state, desk, new Position(rows.Long(2), rows.Long(3))));
        }

        return part;
    }

    private static AccountState State(ReadOnlySpan<byte> blob, AccountProfile profile, string id)
    {
        if (!Checksum.TryOpen(blob, out var bytes)) throw StorageException.Damaged($"the state of account {id}");
        try
        {
            return AccountState.Read(bytes, profile);
        }
        catch (InvalidDataException fault)
        {
            throw StorageException.Damaged($"the state of account {id} ({fault.Message})");
        }
    }

    private void Totals()
    {
        using var last = _database.Prepare("SELECT max(seq), max(total), max(at) FROM journal");
        last.Step();
        _memory.Sequence = Math.Max(last.Long(0), Position.Sequence);
        _memory.Total = Math.Max(last.Long(1), _database.MetaLong("total", 0));
        _memory.Clock.NotBefore(last.Long(2));
    }

    private void Journal()
    {
        var turns = Turns();
        var pulses = Pulses();
        var replays = new JournalReplay[_workers];
        JournalReplay Of(int part) => new(_options, _book, _rows, _ruling, Practice, pulses, Position, part, _workers);
        Each(_workers, part => (replays[part] = Of(part))
            .Run(_database.Path, turns));
        _ruling = replays[0].Ruling;
        Practice = replays[0].Practice;
        foreach (var replay in replays)
        {
            Replayed += replay.Replayed;
            Position = new Position(replay.Position.Sequence, Math.Max(Position.Turn, replay.Position.Turn));
            Effects.Closes.AddRange(replay.Effects.Closes);
            Effects.Alerts.AddRange(replay.Effects.Alerts);
            Effects.Desks.Add(replay.Effects.Desks);
        }
    }

    private List<(long Number, TurnRecord Turn)> Turns()
    {
        var turns = new List<(long Number, TurnRecord Turn)>();
        using var entries = _database.Prepare("SELECT seq, body FROM journal WHERE seq > ?1 AND kind = 2 ORDER BY seq");
        entries.Bind(1, _from.Sequence);
        while (entries.Step())
            if (!TurnBlob.TryRead(entries.Blob(1), turns)) throw StorageException.Damaged($"journal entry {entries.Long(0)}");
        turns.RemoveAll(turn => turn.Number <= _from.Turn);
        return turns;
    }

    private Dictionary<long, TenantPulse> Pulses()
    {
        var pulses = new Dictionary<long, TenantPulse>();
        using var entries = _database.Prepare("SELECT seq, body FROM journal WHERE seq > ?1 AND kind = 10 ORDER BY seq");
        entries.Bind(1, _from.Sequence);
        while (entries.Step())
        {
            if (!Checksum.TryOpen(entries.Blob(1), out var body)) throw StorageException.Damaged($"journal entry {entries.Long(0)}");
            var counted = Json.Read<CountedTenant>(body, $"journal entry {entries.Long(0)}");
            pulses[counted.Turn] = counted.Pulse;
        }

        return pulses;
    }

    /// <summary>The ids of the last signals, as many as are to be remembered.</summary>
    private void Ids()
    {
        var beyond = _memory.Total - _options.DuplicateMemory;
        using var reader = Database.OpenReader(_database.Path);
        using var entries = new Statement(
            reader.Handle!, "SELECT seq, kind, body FROM journal WHERE seq >= ?1 AND kind IN (1, 7) ORDER BY seq");
        entries.Bind(1, FirstEntryBeyond(reader.Handle!, beyond));
        while (entries.Step())
        {
            if (entries.Int(1) == (int)EntryKind.Ids)
            {
                var count = IdBlob.Open(entries.Blob(2), out var ids);
                if (count < 0) throw StorageException.Damaged($"journal entry {entries.Long(0)}");
                for (var i = 0; i < count; i++) _memory.Ids.Add(IdBlob.Read(ids, i));
            }
            else
            {
                var count = SignalBlob.Open(entries.Blob(2), out var records);
                if (count < 0) throw StorageException.Damaged($"journal entry {entries.Long(0)}");
                for (var i = 0; i < count; i++) _memory.Ids.Add(SignalBlob.Id(records, i));
            }
        }
    }

    /// <summary>The first journal entry with a signal beyond a total, by bisection: totals grow with the sequence.</summary>
    private long FirstEntryBeyond(SQLitePCL.sqlite3 reader, long total)
    {
        var (low, high) = (0L, _memory.Sequence + 1);
        using var probe = new Statement(reader, "SELECT total FROM journal WHERE seq >= ?1 ORDER BY seq LIMIT 1");
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            var beyond = !probe.Bind(1, middle).Step() || probe.Long(0) > total;
            probe.Reset();
            if (beyond) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    /// <summary>Evaluates all accounts, so that the first list is whole.</summary>
    private void Finish()
    {
        var now = _memory.Clock.Now();
        var slots = _book.All().ToArray();
        var figures = new AccountFigures[slots.Length];
        var ruling = _ruling;
        Parallel.For(0, (slots.Length + 255) / 256, chunk =>
        {
            var outbox = new Outbox();
            for (var i = chunk * 256; i < Math.Min(slots.Length, chunk * 256 + 256); i++)
                figures[i] = AccountTurns.Assess(slots[i].State, ruling.Turn(now, outbox));
        });
        for (var i = 0; i < slots.Length; i++) _book.Evaluated(slots[i], figures[i], ruling.Model.Version, now);
    }

    /// <summary>Runs all parts at once; the first failure is the failure, as it was thrown.</summary>
    private static void Each(int parts, Action<int> work)
    {
        try
        {
            Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = parts }, work);
        }
        catch (AggregateException faults)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(faults.InnerExceptions[0]);
        }
    }

    private static void Both(Action one, Action other) => Each(2, part => (part == 0 ? one : other)());

    private readonly record struct Row(int Number, string Id, AccountState State, DeskState? Desk, Position Position);
}
