using System.Globalization;
using System.Security.Cryptography;
using HealthGrains.Accounts;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Embedded;

/// <summary>
/// Brings the accounts back: the rows of the last checkpoint, then the journal after it, through the same turns in the same order
/// with the same now. Turns that time made stand in the journal later than the moment they belong to, so they are read first and
/// each is run when the entry that it followed has been applied.
/// </summary>
internal sealed class Recovery
{
    private readonly Database _database;
    private readonly EmbeddedOptions _options;
    private readonly HostMemory _memory;
    private readonly AccountBook _book;
    private readonly Outbox _outbox = new();
    private readonly List<AccountSlot> _grouped = [];
    private readonly Dictionary<int, Position> _rows = [];
    private Signal[] _sorted = new Signal[1024];
    private Ruling _ruling;
    private Position _from;

    private Recovery(Database database, EmbeddedOptions options, HostMemory memory, AccountBook book, Ruling ruling)
    {
        _database = database;
        _options = options;
        _memory = memory;
        _book = book;
        _ruling = ruling;
    }

    /// <summary>Signals that were read from the journal and taken again.</summary>
    public long Replayed { get; private set; }

    /// <summary>Where the turn thread goes on.</summary>
    public Position Position { get; private set; }

    /// <summary>What decides at present.</summary>
    public Ruling Ruling => _ruling;

    /// <summary>
    /// Effects of turns that were replayed; storing them once more is harmless and makes up for a commit that never came.
    /// </summary>
    public TurnOutput Effects { get; } = new();

    public static Recovery Run(Database database, EmbeddedOptions options, HostMemory memory, out AccountBook book)
    {
        memory.Keys = KeysOf(database, options);
        book = new AccountBook(memory.Keys);
        var version = database.Meta("model");
        var model = version is null ? options.Models[0] : ModelOf(options, version);
        var ruling = new Ruling(model, options.Policies[0], Ruling.Read(database.Meta("facts")));
        var recovery = new Recovery(database, options, memory, book, ruling);
        recovery.Tables();
        recovery.Rows();
        recovery.Journal();
        recovery.Ids();
        recovery.Finish();
        return recovery;
    }

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

    private static HealthModel ModelOf(EmbeddedOptions options, string version) =>
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
        using var held = _database.Prepare("SELECT count(*), coalesce(sum(length(body)), 0) FROM held WHERE linked IS NULL");
        held.Step();
        _memory.HeldCount = held.Long(0);
        _memory.HeldBytes = held.Long(1);
    }

    private void Rows()
    {
        _from = Position = new Position(_database.MetaLong("recover_from", 0), _database.MetaLong("recover_turn", 0));
        _memory.Accounts.Reserve((int)_database.MetaLong("next_account", 1) - 1);
        using var rows = _database.Prepare("SELECT number, id, seq, turn, profile, state FROM accounts ORDER BY number");
        while (rows.Step())
        {
            var (number, id) = (rows.Int(0), rows.Text(1));
            var profile = rows.TextOrNull(4) is { } json ? Json.Read<AccountProfile>(json, $"the profile of account {id}")
                : AccountProfile.Unknown(id);
            _memory.Accounts.Restore(id, number);
            _book.Add(number, id, rows.IsNull(5) ? new AccountState(profile) : State(rows.Blob(5), profile, id));
            var position = new Position(rows.Long(2), rows.Long(3));
            Position = Position with { Turn = Math.Max(Position.Turn, position.Turn) };
            // Only an account that was written after the round began has to skip anything.
            if (position.Sequence > _from.Sequence || position.Turn > _from.Turn) _rows[number] = position;
        }
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

    private void Journal()
    {
        var turns = Turns();
        var next = 0;
        using var entries = _database.Prepare(
            "SELECT seq, kind, at, total, account, body FROM journal WHERE seq > ?1 AND kind <> 2 ORDER BY seq");
        entries.Bind(1, _from.Sequence);
        while (entries.Step())
        {
            var sequence = entries.Long(0);
            while (next < turns.Count && turns[next].Turn.After < sequence) Run(turns[next++]);
            Apply(entries, sequence);
            Position = Position with { Sequence = sequence };
        }

        while (next < turns.Count) Run(turns[next++]);
        using var last = _database.Prepare("SELECT max(seq), max(total), max(at) FROM journal");
        last.Step();
        _memory.Sequence = Math.Max(last.Long(0), Position.Sequence);
        _memory.Total = Math.Max(last.Long(1), _database.MetaLong("total", 0));
        _memory.Clock.NotBefore(last.Long(2));
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

    private void Run((long Number, TurnRecord Turn) entry)
    {
        var (number, record) = entry;
        Position = Position with { Turn = Math.Max(Position.Turn, number) };
        if (_book.Find(record.Account) is not { } slot) return;
        if (_rows.TryGetValue(record.Account, out var row) && row.Turn >= number) return;
        var turn = _ruling.Turn(record.Now, _outbox);
        if (record.Kind == TurnKind.Wake) AccountTurns.Wake(slot.State, turn);
        else AccountTurns.Decide(slot.State, turn);
        Changed(slot);
    }

    private void Apply(Statement entry, long sequence)
    {
        var kind = (EntryKind)entry.Int(1);
        var now = entry.Long(2);
        if (kind == EntryKind.Ids) return;
        if (kind == EntryKind.Signals)
        {
            Take(entry.Blob(5), sequence, now);
            return;
        }

        if (!Checksum.TryOpen(entry.Blob(5), out var body)) throw StorageException.Damaged($"journal entry {sequence}");
        if (kind == EntryKind.Model)
        {
            Activate(Json.Read<string>(body, $"journal entry {sequence}"), sequence, now);
            return;
        }

        if (kind == EntryKind.Erase || entry.IsNull(4)) return;
        if (_book.Find(entry.Int(4)) is not { } slot || Skips(slot, sequence)) return;
        var turn = _ruling.Turn(now, _outbox);
        if (kind == EntryKind.Profile)
        {
            AccountTurns.SetProfile(slot.State, Json.Read<AccountProfile>(body, $"journal entry {sequence}"), turn);
            slot.ProfileDirty = true;
        }
        else if (kind == EntryKind.Alert)
        {
            var action = Json.Read<AlertAction>(body, $"journal entry {sequence}");
            if (action.Resolve) AccountTurns.Resolve(slot.State, action.Alert, action.Actor, action.Reason, turn);
            else AccountTurns.Acknowledge(slot.State, action.Alert, action.Actor, turn);
        }
        else
        {
            throw StorageException.Damaged($"journal entry {sequence} is of an unknown kind ({(int)kind})");
        }

        Changed(slot);
    }

    private void Activate(string version, long sequence, long now)
    {
        var before = _ruling.Model;
        _ruling = _ruling with { Model = ModelOf(_options, version) };
        foreach (var slot in _book.All())
        {
            if (Skips(slot, sequence)) continue;
            AccountTurns.ChangeModel(slot.State, before, _ruling.Turn(now, _outbox));
            Changed(slot);
        }
    }

    private void Take(ReadOnlySpan<byte> blob, long sequence, long now)
    {
        var count = SignalBlob.Open(blob, out var records);
        if (count < 0) throw StorageException.Damaged($"journal entry {sequence}");
        if (_sorted.Length < count) _sorted = new Signal[count + count / 2];
        var stamp = _book.NextStamp();
        _grouped.Clear();
        for (var i = 0; i < count; i++)
        {
            var entry = SignalBlob.Read(records, i);
            _ruling = _ruling.Merge(entry.Signal.Source, entry.Signal.At);
            if (Of(entry.Account, sequence) is not { } slot) continue;
            if (slot.Stamp != stamp)
            {
                slot.Stamp = stamp;
                slot.Count = 0;
                _grouped.Add(slot);
            }

            slot.Count++;
        }

        var offset = 0;
        foreach (var slot in _grouped)
        {
            slot.Offset = offset;
            offset += slot.Count;
        }

        for (var i = 0; i < count; i++)
        {
            var entry = SignalBlob.Read(records, i);
            if (Of(entry.Account, sequence) is { } slot) _sorted[slot.Offset++] = entry.Signal;
        }

        Replayed += offset;
        var turn = _ruling.Turn(now, _outbox);
        foreach (var slot in _grouped)
        {
            AccountTurns.Take(slot.State, _sorted.AsSpan(slot.Offset - slot.Count, slot.Count), turn);
            Changed(slot);
        }
    }

    // Signals of an account that was erased while they were still to be taken out have no slot.
    private AccountSlot? Of(int account, long sequence) => _book.Find(account) is { } slot && !Skips(slot, sequence) ? slot : null;

    private bool Skips(AccountSlot slot, long sequence) => _rows.TryGetValue(slot.Number, out var row) && row.Sequence >= sequence;

    private void Changed(AccountSlot slot)
    {
        slot.Dirty = true;
        foreach (var close in _outbox.Closes) Effects.Closes.Add((slot.Number, close));
        foreach (var alert in _outbox.Alerts) Effects.Alerts.Add((slot.Number, slot.Id, alert));
        _outbox.Clear();
    }

    /// <summary>The ids of the last signals, as many as are to be remembered.</summary>
    private void Ids()
    {
        var beyond = _memory.Total - _options.DuplicateMemory;
        using var entries = _database.Prepare("SELECT seq, kind, body FROM journal WHERE seq >= ?1 AND kind IN (1, 7) ORDER BY seq");
        entries.Bind(1, FirstEntryBeyond(beyond));
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
    private long FirstEntryBeyond(long total)
    {
        var (low, high) = (0L, _memory.Sequence + 1);
        using var probe = _database.Prepare("SELECT total FROM journal WHERE seq >= ?1 ORDER BY seq LIMIT 1");
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
        var summaries = new AccountSummary[slots.Length];
        var ruling = _ruling;
        Parallel.For(0, (slots.Length + 255) / 256, chunk =>
        {
            var outbox = new Outbox();
            for (var i = chunk * 256; i < Math.Min(slots.Length, chunk * 256 + 256); i++)
                summaries[i] = AccountTurns.Summarize(slots[i].State, ruling.Turn(now, outbox));
        });
        for (var i = 0; i < slots.Length; i++) _book.Evaluated(slots[i], summaries[i], now);
    }
}
