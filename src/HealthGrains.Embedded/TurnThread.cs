using System.Collections.Concurrent;
using System.Diagnostics;
using HealthGrains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;

namespace HealthGrains.Embedded;

/// <summary>
/// The one thread that touches accounts. It applies what is durable, in order; decides; wakes what fell due; keeps the rows of
/// lists fresh; writes states. All in slices of half a millisecond or so, and between any two it answers the questions that wait.
/// </summary>
internal sealed partial class TurnThread
{
    private const int SliceSignals = 250;
    private const int SliceWakes = 256;
    private const int WarmAccounts = 16;
    private const long RefreshAfter = 5 * 60_000;
    private static readonly long Slice = Stopwatch.Frequency / 2_000;
    private static readonly long Patience = Stopwatch.Frequency / 20;
    private static readonly long RefreshEvery = Stopwatch.Frequency / 200;

    private readonly EmbeddedOptions _options;
    private readonly AccountBook _book;
    private readonly HostClock _clock;
    private readonly JournalThread _journal;
    private readonly HostFigures _figures;
    private readonly Action<Exception> _fault;
    private readonly Outbox _outbox = new();
    private readonly ConcurrentQueue<Question> _questions = new();
    private readonly ConcurrentQueue<CommitGroup> _groups = new();
    private readonly ConcurrentQueue<TurnOutput> _stored = new();
    private readonly Bell _bell = new();
    private readonly Queue<(AccountSlot Slot, long Since)> _touched = new();
    private readonly SignalGroups _sorted;
    private readonly AccountState[] _warm = new AccountState[WarmAccounts];
    private readonly Stack<TurnOutput> _spare = new([new TurnOutput(), new TurnOutput()]);
    private readonly List<Question<bool>> _settling = [];
    private readonly CheckpointRound _round;
    private readonly Thread _thread;
    private TurnOutput? _output;
    private Ruling _ruling;
    private long _now;
    private long _nextRefresh;
    private long _ownersAsked = -1;
    private int _waiting;
    private int _outputsOut;
    private Exception? _ended;
    private bool _stopping;
    private bool _abrupt;

    public TurnThread(
        EmbeddedOptions options, AccountBook book, HostMemory memory, JournalThread journal, ChangeHub hub, Ruling ruling,
        PracticeBook practice, Position position, TurnOutput first, HostFigures figures, Action<Exception> fault)
    {
        _options = options;
        _book = book;
        _journal = journal;
        Hub = hub;
        _ruling = ruling;
        _practices = practice;
        Applied = position.Sequence;
        Turns = position.Turn;
        _clock = memory.Clock;
        _output = first;
        _figures = figures;
        _fault = fault;
        _round = new CheckpointRound(options, book);
        _sorted = new SignalGroups(book);
        _thread = new Thread(Run) { Name = "healthgrains turns", IsBackground = true };
    }

    public ChangeHub Hub { get; }

    /// <summary>What decides at present.</summary>
    public Ruling Ruling => Volatile.Read(ref _ruling);

    public AccountBook Book => _book;

    /// <summary>Journal sequence up to which everything is applied.</summary>
    public long Applied { get; private set; }

    /// <summary>The number of the last turn that time made and that changed something.</summary>
    public long Turns { get; private set; }

    public int QueuedQuestions => Volatile.Read(ref _waiting);

    public int Undecided => _touched.Count;

    public void Start() => _thread.Start();

    // ---- callers' side ----

    public Task<T> Ask<T>(Func<TurnThread, T> ask)
    {
        var question = new Question<T>(ask);
        Post(question);
        return question.Task;
    }

    /// <summary>Completes when all that is due at the clock's now is done and stored.</summary>
    public Task Settle()
    {
        var settled = new Question<bool>(_ => true);
        Post(new Question<bool>(turns =>
        {
            turns._settling.Add(settled);
            return true;
        }));
        return settled.Task;
    }

    private void Post(Question question)
    {
        if (Interlocked.Increment(ref _waiting) > _options.QueuedQuestions)
        {
            Interlocked.Decrement(ref _waiting);
            throw new HostUnavailableException($"{_options.QueuedQuestions} questions wait already, the limit; try again");
        }

        _questions.Enqueue(question);
        _bell.Ring();
        if (Volatile.Read(ref _ended) is { } reason) FailAll(reason);
    }

    public void Stop(bool abruptly)
    {
        Volatile.Write(ref _abrupt, abruptly || _abrupt);
        Volatile.Write(ref _stopping, true);
        _bell.Ring();
    }

    public void Join()
    {
        if (_thread.ThreadState.HasFlag(System.Threading.ThreadState.Unstarted) || Thread.CurrentThread == _thread) return;
        _thread.Join();
    }

    /// <summary>Fails all that waits and all that comes. The thread has ended, or is about to.</summary>
    public void FailAll(Exception reason)
    {
        Volatile.Write(ref _ended, reason);
        while (_questions.TryDequeue(out var question)) question.Fail(reason);
        while (_groups.TryDequeue(out var group)) group.Fail(reason);
        foreach (var settled in _settling.ToArray()) settled.Fail(reason);
        foreach (var command in _output?.Commands.ToArray() ?? []) command.Fail(reason);
    }

    // ---- the journal thread's side ----

    public void Post(CommitGroup group)
    {
        _groups.Enqueue(group);
        _bell.Ring();
        if (Volatile.Read(ref _ended) is { } reason) FailAll(reason);
    }

    /// <summary>An output is stored and may be used again.</summary>
    public void Stored(TurnOutput output)
    {
        _stored.Enqueue(output);
        _bell.Ring();
    }

    private TurnOutput Output => _output ??= _spare.Pop();

    private void Run()
    {
        try
        {
            WakeAll();
            while (!Volatile.Read(ref _abrupt))
            {
                Now();
                var worked = Answered(Apply());
                worked |= Answered(Count());
                worked |= Answered(Decide());
                worked |= Answered(Wake());
                worked |= Answered(Refresh());
                worked |= Answered(Checkpoint());
                worked |= Answered(Hand());
                if (worked) continue;
                if (Volatile.Read(ref _stopping) && Rests())
                {
                    if (_round.IsLast) return;
                    _round.BeginLast(Applied, Turns, _ruling);
                    continue;
                }

                Settled();
                _bell.Wait(Pause());
            }
        }
        catch (Exception fault)
        {
            _fault(fault);
        }
    }

    // After a start every account is woken once: days that ended while the host was down are closed, and signals that were taken
    // but not yet decided upon are.
    private void WakeAll()
    {
        Now();
        foreach (var slot in _book.All()) _book.Due.Set(slot.Number, _now);
    }

    private Turn Turn(long now) => _ruling.Turn(now, _outbox);

    private void Now() => _now = _clock.Now();

    private void Rule(Ruling ruling) => Volatile.Write(ref _ruling, ruling);

    private bool Answered(bool worked)
    {
        Answer();
        return worked;
    }

    private void Answer()
    {
        while (_questions.TryDequeue(out var question))
        {
            Interlocked.Decrement(ref _waiting);
            _figures.Questions++;
            question.Answer(this);
        }
    }

    private bool Apply()
    {
        if (!_groups.TryDequeue(out var group)) return false;
        foreach (var (number, id) in group.NewAccounts)
            _book.Add(number, id, new AccountState(AccountProfile.Unknown(id)));
        if (group.Count > 0)
        {
            Take(group);
            Applied = group.Sequence;
        }

        foreach (var command in group.Commands)
        {
            var waits = command.Apply(this, group.Now);
            if (command.Sequence > 0) Applied = command.Sequence;
            if (waits) Output.Commands.Add(command);
            else command.Complete();
        }

        foreach (var request in group.Requests) request.Complete();
        _journal.Return(group);
        return true;
    }

    private void Take(CommitGroup group)
    {
        _sorted.Sort(group);
        var ruling = _ruling;
        foreach (ref readonly var entry in group.Signals) ruling = ruling.Merge(entry.Signal.Source, entry.Signal.At, group.Now);
        if (!ReferenceEquals(ruling, _ruling)) Rule(ruling);

        var turn = Turn(group.Now);
        var since = Stopwatch.GetTimestamp();
        var taken = 0;
        for (var i = 0; i < _sorted.Accounts.Count; i++)
        {
            if (i % WarmAccounts == 0) Warm(i);
            var slot = _sorted.Accounts[i];
            // One call a request, so that each request learns how many of its own were late.
            var signals = _sorted.SignalsOf(slot);
            var requests = _sorted.RequestsOf(slot);
            for (int from = 0, to; from < signals.Length; from = to)
            {
                to = from + 1;
                while (to < signals.Length && requests[to] == requests[from]) to++;
                var late = AccountTurns.Take(slot.State, signals[from..to], turn);
                group.Requests[requests[from]].Late += late;
                _figures.Late += late;
            }

            slot.Notable |= TriggerSignals.Contain(signals);
            slot.Dirty = true;
            Touch(slot, since);
            taken += slot.Count;
            if (taken < SliceSignals) continue;
            taken = 0;
            Answer();
        }
    }

    private void Warm(int from)
    {
        var count = Math.Min(WarmAccounts, _sorted.Accounts.Count - from);
        for (var i = 0; i < count; i++) _warm[i] = _sorted.Accounts[from + i].State;
        AccountTurns.Warm(_warm.AsSpan(0, count));
    }

    private void Touch(AccountSlot slot, long since)
    {
        if (slot.Touched) return;
        slot.Touched = true;
        _touched.Enqueue((slot, since));
    }

    /// <summary>A command changed an account. True when that had effects that are still to be stored.</summary>
    private bool Changed(AccountSlot slot)
    {
        slot.Dirty = true;
        Touch(slot, Stopwatch.GetTimestamp());
        return Effects(slot);
    }

    private bool Decide()
    {
        if (_touched.Count == 0 || Full() || IsCountOld) return false;
        // While signals wait, decisions do too, but not for long; then both get their share.
        var start = Stopwatch.GetTimestamp();
        if (!_groups.IsEmpty && start - _touched.Peek().Since < Patience) return false;
        do
        {
            var (slot, _) = _touched.Dequeue();
            slot.Touched = false;
            if (slot.Gone) continue;
            _figures.Decisions++;
            var turn = Turn(_now);
            var decided = AccountTurns.Decide(slot.State, turn);
            if (decided) Record(slot, TurnKind.Decide);
            Look(slot, turn, isDue: decided);
            Evaluate(slot, turn);
        }
        while (_touched.Count > 0 && Stopwatch.GetTimestamp() - start < Slice && !Full());
        return true;
    }

    private bool Wake()
    {
        // What a day ends with is decided by what is known of the day.
        if (Full() || IsCounting || IsCountDue) return false;
        var start = Stopwatch.GetTimestamp();
        var woken = 0;
        while (woken < SliceWakes && Stopwatch.GetTimestamp() - start < Slice && !Full() && _book.Due.TryTake(_now, out var number))
        {
            woken++;
            _figures.Wakes++;
            var slot = _book.Find(number)!;
            var turn = Turn(_now);
            if (AccountTurns.Wake(slot.State, turn)) Record(slot, TurnKind.Wake);
            Look(slot, turn, isDue: true);
            Evaluate(slot, turn);
        }

        return woken > 0;
    }

    private bool Refresh()
    {
        // Time alone moves scores. A tenth of the thread at most goes into that, so that a fast simulated clock does not eat it.
        var start = Stopwatch.GetTimestamp();
        if (start < _nextRefresh || !Stale()) return false;
        _nextRefresh = start + RefreshEvery;
        do Evaluate(_book.Stalest!, Turn(_now));
        while (Stale() && Stopwatch.GetTimestamp() - start < Slice);
        return true;
    }

    private bool Stale() => _book.Stalest is { } slot && _now - slot.EvaluatedAt > RefreshAfter;

    /// <summary>Notes a turn that time made and that changed the account, so that recovery makes it again.</summary>
    private void Record(AccountSlot slot, TurnKind kind)
    {
        slot.Dirty = true;
        Turns++;
        if (Output.Turns.Count == 0) Output.FirstTurn = Turns;
        Output.Turns.Add(new TurnRecord(Applied, slot.Number, _now, kind));
        Effects(slot);
    }

    private bool Effects(AccountSlot slot)
    {
        if (_outbox.IsEmpty && _deskOutbox.IsEmpty) return false;
        Output.Desks.Take(slot, _deskOutbox, Output.Alerts);
        foreach (var close in _outbox.Closes) Output.Closes.Add((slot.Number, close));
        foreach (var alert in _outbox.Alerts) Output.Alerts.Add((slot.Number, slot.Id, alert));
        _outbox.Clear();
        return true;
    }

    private void Evaluate(AccountSlot slot, in Turn turn)
    {
        _figures.Evaluations++;
        var figures = AccountTurns.Assess(slot.State, turn);
        if (slot.Desk is { } desk) figures = figures with { OpenAlerts = figures.OpenAlerts + desk.Alerts.Count };
        var changed = _book.Evaluated(slot, figures, turn.Model.Version, _now);
        // Only a wake-up, which takes the account out of the queue, moves it on: a decision just after midnight must not.
        var wake = Math.Min(AccountTurns.NextWake(slot.State, turn), slot.Desk?.WakeAt ?? long.MaxValue);
        _book.Due.SetEarlier(slot.Number, Math.Max(wake, _now + 1_000));
        if (changed) Hub.Changed(slot.Id, slot.State.Profile.Owner);
    }

    private bool Checkpoint()
    {
        if (Full()) return false;
        if (!_round.Running && !_round.BeginWhenDue(Applied, Turns, _ruling, _journal.Total)) return false;
        _round.Write(Output, Applied, Turns, _now, Slice);
        return true;
    }

    private bool Full() => _output?.IsFull == true || (_output is null && _spare.Count == 0);

    /// <summary>Hands what there is to store to the journal thread, and takes back what it has stored.</summary>
    private bool Hand()
    {
        while (_stored.TryDequeue(out var stored))
        {
            stored.Clear();
            _spare.Push(stored);
            _outputsOut--;
        }

        // The journal thread has no clock of its own to be woken by.
        if (_journal.OwnersDue is var due && due <= _now && due != _ownersAsked)
        {
            Output.OwnersDue = true;
            _ownersAsked = due;
        }

        if (_output is not { IsEmpty: false } output || _spare.Count == 0 || !_journal.TryHand(output)) return false;
        _outputsOut++;
        _output = null;
        return true;
    }

    /// <summary>Whether nothing is left to do at the clock's now.</summary>
    private bool Rests() =>
        _groups.IsEmpty && _touched.Count == 0 && _outputsOut == 0 && _output is not { IsEmpty: false } && !_round.Running
        && _questions.IsEmpty && _book.Due.Next > _now && !IsCounting && !(_now >= CountDueAt) && _journal.OwnersDue > _now;

    private void Settled()
    {
        if (_settling.Count == 0 || !Rests()) return;
        foreach (var settled in _settling) settled.Answer(this);
        _settling.Clear();
    }

    private int Pause()
    {
        if (Stale()) return 5;
        // A simulated clock rings no bell when it is moved, so it is looked at often.
        var most = _options.ClockKind == ClockKind.Simulated ? 20 : 250;
        return (int)Math.Clamp(Math.Min(Math.Min(_book.Due.Next, CountDueAt), _journal.OwnersDue) - _now, 1, most);
    }
}
