using HealthGrains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;
using HealthGrains.Signals;
using HealthGrains.Situations;
using HealthGrains.Tenants;

namespace HealthGrains.Embedded;

/// <summary>
/// Runs the journal over one part of the accounts: those whose number leaves this remainder. Every part reads every entry, so that
/// what is known of the tenant grows in each as it did. Turns that time made stand in the journal later than the moment they belong
/// to, so they are read first and each is run when the entry that it followed has been applied.
/// </summary>
internal sealed class JournalReplay(
    EmbeddedOptions options, AccountBook book, Dictionary<int, Position> rows, Ruling ruling, PracticeBook practice,
    IReadOnlyDictionary<long, TenantPulse> pulses, Position start, int part, int parts)
{
    private readonly Outbox _outbox = new();
    private readonly DeskOutbox _deskOutbox = new();
    private PracticeBook _practice = practice;
    private readonly List<AccountSlot> _grouped = [];
    private readonly AccountState[] _warm = new AccountState[16];
    private Signal[] _sorted = new Signal[1024];
    private Ruling _ruling = ruling;
    // Downwards, for the book's own stamps go upwards from the same start.
    private long _stamp;
    private readonly long _from = start.Sequence;

    /// <summary>Signals that were taken again.</summary>
    public long Replayed { get; private set; }

    /// <summary>How far the journal went.</summary>
    public Position Position { get; private set; } = start;

    /// <summary>The practice after it.</summary>
    public PracticeBook Practice => _practice;

    /// <summary>What decides after it.</summary>
    public Ruling Ruling => _ruling;

    /// <summary>Effects of replayed turns.</summary>
    public TurnOutput Effects { get; } = new();

    public void Run(string path, IReadOnlyList<(long Number, TurnRecord Turn)> turns)
    {
        var next = 0;
        using var reader = Database.OpenReader(path);
        using var entries = new Statement(
            reader.Handle!, "SELECT seq, kind, at, total, account, body FROM journal WHERE seq > ?1 AND kind NOT IN (2, 10) ORDER BY seq");
        entries.Bind(1, _from);
        while (entries.Step())
        {
            var sequence = entries.Long(0);
            while (next < turns.Count && turns[next].Turn.After < sequence) Run(turns[next++]);
            Apply(entries, sequence);
            Position = Position with { Sequence = sequence };
        }

        while (next < turns.Count) Run(turns[next++]);
    }

    private void Run((long Number, TurnRecord Turn) entry)
    {
        var (number, record) = entry;
        Position = Position with { Turn = Math.Max(Position.Turn, number) };
        if (record.Kind == TurnKind.Tenant)
        {
            if (!pulses.TryGetValue(number, out var pulse)) throw StorageException.Damaged($"the count of turn {number}");
            _ruling = _ruling.With(pulse);
            return;
        }

        if (!IsMine(record.Account)) return;
        if (book.Find(record.Account) is not { } slot) return;
        if (rows.TryGetValue(record.Account, out var row) && row.Turn >= number) return;
        var turn = _ruling.Turn(record.Now, _outbox);
        if (record.Kind == TurnKind.Wake) AccountTurns.Wake(slot.State, turn);
        else if (record.Kind == TurnKind.Decide) AccountTurns.Decide(slot.State, turn);
        else DeskTurns.Look(DeskOf(slot), Turn(slot, record.Now));
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

        if (kind == EntryKind.Practice)
        {
            var edit = Json.Read<PracticeEdit>(body, $"journal entry {sequence}");
            _practice = _practice.Change(edit.With, edit.Without).Book;
            return;
        }

        if (kind == EntryKind.Erase || entry.IsNull(4)) return;
        if (!IsMine(entry.Int(4)) || book.Find(entry.Int(4)) is not { } slot || Skips(slot, sequence)) return;
        var turn = _ruling.Turn(now, _outbox);
        if (kind == EntryKind.Profile)
        {
            AccountTurns.SetProfile(slot.State, Json.Read<AccountProfile>(body, $"journal entry {sequence}"), turn);
            slot.ProfileDirty = true;
        }
        else if (kind == EntryKind.Alert)
        {
            AccountTurns.Act(slot.State, Json.Read<AlertAction>(body, $"journal entry {sequence}").Act, turn);
        }
        else if (kind == EntryKind.Desk)
        {
            DeskTurns.Do(DeskOf(slot), Json.Read<DeskCommand>(body, $"journal entry {sequence}"), Turn(slot, now));
        }
        else
        {
            throw StorageException.Damaged($"journal entry {sequence} is of an unknown kind ({(int)kind})");
        }

        Changed(slot);
    }

    private static DeskState DeskOf(AccountSlot slot)
    {
        slot.DeskDirty = true;
        return slot.Desk ??= new DeskState();
    }

    private DeskTurn Turn(AccountSlot slot, long now) =>
        new(now, Situation.Of(slot.State, _ruling.Turn(now, _outbox)), _practice.Practice, options.Writer, _deskOutbox);

    private void Activate(string version, long sequence, long now)
    {
        var before = _ruling.Model;
        _ruling = _ruling with { Model = Recovery.ModelOf(options, version) };
        foreach (var slot in book.All())
        {
            if (!IsMine(slot.Number) || Skips(slot, sequence)) continue;
            AccountTurns.ChangeModel(slot.State, before, _ruling.Turn(now, _outbox));
            Changed(slot);
        }
    }

    private void Take(ReadOnlySpan<byte> blob, long sequence, long now)
    {
        var count = SignalBlob.Open(blob, out var records);
        if (count < 0) throw StorageException.Damaged($"journal entry {sequence}");
        if (_sorted.Length < count) _sorted = new Signal[count + count / 2];
        var stamp = --_stamp;
        _grouped.Clear();
        for (var i = 0; i < count; i++)
        {
            var entry = SignalBlob.Read(records, i);
            _ruling = _ruling.Merge(entry.Signal.Source, entry.Signal.At, now);
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
        for (var i = 0; i < _grouped.Count; i++)
        {
            if (i % _warm.Length == 0) Warm(i);
            var slot = _grouped[i];
            AccountTurns.Take(slot.State, _sorted.AsSpan(slot.Offset - slot.Count, slot.Count), turn);
            Changed(slot);
        }
    }

    private void Warm(int from)
    {
        var count = Math.Min(_warm.Length, _grouped.Count - from);
        for (var i = 0; i < count; i++) _warm[i] = _grouped[from + i].State;
        AccountTurns.Warm(_warm.AsSpan(0, count));
    }

    // Signals of an account that was erased while they were still to be taken out have no slot.
    private AccountSlot? Of(int account, long sequence) =>
        IsMine(account) && book.Find(account) is { } slot && !Skips(slot, sequence) ? slot : null;

    private bool IsMine(int account) => account % parts == part;

    private bool Skips(AccountSlot slot, long sequence) => rows.TryGetValue(slot.Number, out var row) && row.Sequence >= sequence;

    private void Changed(AccountSlot slot)
    {
        slot.Dirty = true;
        Effects.Desks.Take(slot, _deskOutbox, Effects.Alerts);
        foreach (var close in _outbox.Closes) Effects.Closes.Add((slot.Number, close));
        foreach (var alert in _outbox.Alerts) Effects.Alerts.Add((slot.Number, slot.Id, alert));
        _outbox.Clear();
    }
}
