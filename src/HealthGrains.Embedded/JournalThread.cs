using HealthGrains.Accounts;
using HealthGrains.Delivery;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using HealthGrains.Plays.Files;
using HealthGrains.Signals;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Embedded;

/// <summary>
/// The one writer. It gathers all that waits - requests, commands, what the turn thread hands back - into one commit, and passes
/// what is durable on to the turn thread. The turn thread never waits for this one, and this one waits for the turn thread only by
/// taking no further requests: so neither can block the other for good.
/// </summary>
internal sealed partial class JournalThread
{
    private const int GroupsInFlight = 4;
    private const int WarmIds = 16;

    private readonly object _gate = new();
    private readonly Queue<IntakeRequest> _requests = [];
    private readonly Queue<Command> _commands = [];
    private readonly Queue<CommitGroup> _free = [];
    private readonly EmbeddedOptions _options;
    private readonly DeliveryBell? _bell;
    private readonly JournalStore _store;
    private readonly HostMemory _memory;
    private readonly HostFigures _figures;
    private readonly OwnerRound _owners;
    private readonly Housekeeping _housekeeping;
    private readonly ILogger _logger;
    private readonly Action<Exception> _fault;
    private readonly List<Command> _taken = [];
    private readonly HashSet<int> _erased = [];
    private readonly Thread _thread;
    private TurnThread? _turns;
    private TurnOutput? _handed;
    private int _queuedSignals;
    private bool _stopping;
    private bool _abrupt;
    private Exception? _refusal;
    private long _sequence;
    private long _total;
    private long _lastNow;
    private int _rowsOfRound;
    private long _roundStarted;

    public JournalThread(
        EmbeddedOptions options, JournalStore store, HostMemory memory, PracticeBook practice, OwnerRound owners, DeliveryBell? bell,
        HostFigures figures, ILogger logger, Action<Exception> fault)
    {
        _owners = owners;
        _options = options;
        _store = store;
        _memory = memory;
        _figures = figures;
        _logger = logger;
        _fault = fault;
        _bell = bell;
        Practice = practice;
        _sequence = memory.Sequence;
        _total = memory.Total;
        _lastNow = memory.Clock.Now();
        _housekeeping = new Housekeeping(store.Database, options, logger);
        _thread = new Thread(Run) { Name = "healthgrains journal", IsBackground = true };
        for (var i = 0; i < GroupsInFlight; i++) _free.Enqueue(new CommitGroup());
    }

    public AccountNumbers Accounts => _memory.Accounts;

    public IdentityTable Identities => _memory.Identities;

    public string AccountLimitReason => $"the limit of {_options.AccountLimit} accounts is reached";

    /// <summary>Signals accepted over all time.</summary>
    public long Total => Volatile.Read(ref _total);

    public int QueuedSignals => Volatile.Read(ref _queuedSignals);

    public void Start(TurnThread turns)
    {
        _turns = turns;
        _thread.Start();
    }

    // ---- callers' side ----

    public void Enqueue(IntakeRequest request)
    {
        var batch = request.Batch;
        lock (_gate)
        {
            if (_refusal is not null) throw new HostUnavailableException(_refusal.Message, _refusal);
            var full = _requests.Count >= _options.QueuedRequests
                || (_requests.Count > 0 && _queuedSignals + batch.Count > _options.QueuedSignals);
            // Held events were let in before, and nobody would send them again.
            if (full && request.Settles.Count == 0)
            {
                _figures.Saturated++;
                throw new IntakeSaturatedException(TimeSpan.FromSeconds(1));
            }

            _requests.Enqueue(request);
            _queuedSignals += batch.Count;
            Monitor.Pulse(_gate);
        }
    }

    public Task<T> Enqueue<T>(Command<T> command)
    {
        lock (_gate)
        {
            if (_refusal is not null) throw new HostUnavailableException(_refusal.Message, _refusal);
            if (_commands.Count >= _options.QueuedRequests) throw new IntakeSaturatedException(TimeSpan.FromSeconds(1));
            _commands.Enqueue(command);
            Monitor.Pulse(_gate);
        }

        return command.Task;
    }

    /// <summary>Takes nothing more, and completes when all that was taken has been applied.</summary>
    public Task Drain(Exception reason)
    {
        lock (_gate)
        {
            if (_refusal is not null) return Task.CompletedTask;
            var barrier = new Barrier();
            _commands.Enqueue(barrier);
            _refusal = reason;
            Monitor.Pulse(_gate);
            return barrier.Task;
        }
    }

    /// <summary>Ends the thread: when nothing is left to store, or at once.</summary>
    public void Stop(bool abruptly)
    {
        lock (_gate)
        {
            _stopping = true;
            _abrupt |= abruptly;
            Monitor.Pulse(_gate);
        }
    }

    public void Join()
    {
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted) || Thread.CurrentThread == _thread) return;
        _thread.Join();
    }

    /// <summary>Fails all that waits.</summary>
    public void FailAll(Exception reason)
    {
        lock (_gate)
        {
            _refusal ??= reason;
            while (_requests.TryDequeue(out var request)) request.Fail(reason);
            while (_commands.TryDequeue(out var command)) command.Fail(reason);
            _queuedSignals = 0;
            if (_handed is { } output)
                foreach (var command in output.Commands) command.Fail(reason);
            _handed = null;
            _housekeeping.FailAll(reason);
        }
    }

    // ---- the turn thread's side ----

    /// <summary>Gives a group back for the next commit.</summary>
    public void Return(CommitGroup group)
    {
        group.Clear();
        lock (_gate)
        {
            _free.Enqueue(group);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Hands output over for storing. False when the one before has not been taken yet.</summary>
    public bool TryHand(TurnOutput output)
    {
        lock (_gate)
        {
            if (_handed is not null) return false;
            _handed = output;
            Monitor.Pulse(_gate);
            return true;
        }
    }

    // ---- commands, within a commit ----

    public bool TryNumber(string id, CommitGroup group, out int number, out bool isNew)
    {
        isNew = false;
        if (Accounts.TryFind(id, out number)) return true;
        if (Accounts.Count >= _options.AccountLimit) return false;
        number = Accounts.Add(id);
        _store.NewAccount(number, id, 0);
        group.NewAccounts.Add((number, id));
        isNew = true;
        return true;
    }

    public long Append(EntryKind kind, long now, int? account, ReadOnlySpan<byte> json)
    {
        _store.Sealed(++_sequence, kind, now, _total, account, json);
        return _sequence;
    }

    public bool SetIdentity(string source, string external, string target)
    {
        if (!Identities.Set(source, external, target)) return false;
        _store.Identity(source, external, target);
        return true;
    }

    public void Audit(long now, string actor, string action, string subject, string? detail) =>
        _store.Audit(now, actor, action, subject, detail);

    public void Activate(string version, long now, string actor)
    {
        _store.Activation(version, now, actor);
        Log.ModelActivated(_logger, version, actor);
    }

    public int EraseRows(string id, int number, string actor, CommitGroup group)
    {
        var (closes, links, heldCount, heldBytes) = new AccountErasure(_store.Database, _memory.Keys).Rows(id, number, actor, group.Now);
        foreach (var (source, external) in links) Identities.Remove(source, external);
        _memory.HeldCount -= heldCount;
        _memory.HeldBytes -= heldBytes;
        Accounts.Remove(id);
        _erased.Add(number);
        return closes;
    }

    public void BeginErasure(Erase erase) => _housekeeping.Begin(erase, _sequence);

    // ---- the thread ----

    private void Run()
    {
        try
        {
            while (Wait(out var output, out var group))
            {
                if (output is not null || group is not null) Commit(output, group);
                else _housekeeping.Step(_total);
            }
        }
        catch (Exception fault)
        {
            _fault(fault);
        }
    }

    private bool Wait(out TurnOutput? output, out CommitGroup? group)
    {
        lock (_gate)
        {
            while (true)
            {
                output = null;
                group = null;
                if (_abrupt) return false;
                (output, _handed) = (_handed, null);
                if (_requests.Count + _commands.Count > 0 && _free.TryDequeue(out group)) Gather(group);
                if (output is not null || group is not null) return true;
                if (_stopping) return false;
                if (_housekeeping.Pending) return true;
                Monitor.Wait(_gate);
            }
        }
    }

    private void Gather(CommitGroup group)
    {
        var signals = 0;
        while (_requests.TryPeek(out var request))
        {
            if (signals > 0 && signals + request.Batch.Count > _options.CommitSignals) break;
            signals += request.Batch.Count;
            group.Requests.Add(_requests.Dequeue());
        }

        _queuedSignals -= signals;
        while (_commands.TryDequeue(out var command)) _taken.Add(command);
    }

    private void Commit(TurnOutput? output, CommitGroup? group)
    {
        try
        {
            _store.Begin();
            if (output is not null) Store(output);
            if (group is not null) Store(group);
            _owners.Run(Practice.Practice);
            _store.Commit();
        }
        catch (Exception fault)
        {
            // The transaction is gone with the connection; nobody was told that anything of it was taken. The host is down before
            // the callers hear of it.
            _fault(fault);
            var unavailable = new HostUnavailableException(fault.Message, fault);
            group?.Fail(unavailable);
            foreach (var command in _taken) command.Fail(unavailable);
            if (output is not null)
                foreach (var command in output.Commands) command.Fail(unavailable);
            throw;
        }

        _figures.Commits++;
        if (output is not null) Deliver(output);
        _owners.Tell(_turns!.Hub, receiver => _bell?.Ring(receiver));
        foreach (var command in _taken)
            if (group is null || !group.Commands.Contains(command)) command.Complete();
        _taken.Clear();
        if (group is not null) _turns!.Post(group);
    }

    private void Store(TurnOutput output)
    {
        if (output.Turns.Count > 0)
        {
            var turns = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(output.Turns);
            _store.Entry(++_sequence, EntryKind.Turns, _lastNow, _total, null, TurnBlob.Write(output.FirstTurn, turns));
        }

        foreach (var counted in output.Pulses)
            _store.Sealed(++_sequence, EntryKind.Pulse, _lastNow, _total, null, Json.WriteBytes(counted));
        foreach (var (account, close) in output.Closes)
            if (!_erased.Contains(account)) _store.Close(account, close);
        foreach (var (account, _, effect) in output.Alerts)
        {
            if (_erased.Contains(account)) continue;
            _store.Alert(account, effect.Alert);
            _owners.Call(effect, Practice.Practice);
        }

        Store(output.Desks);
        if (_rowsOfRound == 0 && output.Rows.Count > 0) _roundStarted = Environment.TickCount64;
        foreach (var row in output.Rows) _store.State(row, output.States.WrittenSpan.Slice(row.Offset, row.Length));
        _rowsOfRound += output.Rows.Count;
        if (output.Round is { } round)
        {
            _store.Database.SetMeta("recover_from", round.Sequence);
            _store.Database.SetMeta("recover_turn", round.Turn);
            _store.Database.SetMeta("facts", Json.Write(Ruling.TimesOf(round.Facts)));
            _store.Database.SetMeta("pulse", Json.Write(round.Facts.Pulse));
            _store.Database.SetMeta("model", round.Model);
            _store.Database.SetMeta("total", _total);
            _store.Database.SetMeta("next_account", Accounts.Next);
            _store.Database.SetMeta("epoch", _turns!.Hub.Epoch);
        }
    }

    private void Deliver(TurnOutput output)
    {
        // Only now, when it is stored, does anybody hear of an alert: after a crash it is not raised a second time.
        foreach (var (account, id, effect) in output.Alerts)
        {
            if (_erased.Contains(account)) continue;
            _turns!.Hub.Publish(ChangeType.Of(effect.Change), id, effect.Alert.Owner, effect.Alert);
        }

        Tell(output.Desks);
        foreach (var source in output.Sources)
            _turns!.Hub.Publish(source.Alert is null ? ChangeType.SourceBack : ChangeType.SourceSilent, "", null, source);

        foreach (var command in output.Commands)
        {
            if (command is Erase erase) _housekeeping.Applied(erase);
            else command.Complete();
        }

        if (output.Round is { } round)
        {
            _figures.Checkpoints++;
            Log.Checkpoint(_logger, _rowsOfRound, (Environment.TickCount64 - _roundStarted) / 1e3, round.Sequence);
            _rowsOfRound = 0;
            _housekeeping.Prune(round.Sequence, round.Now);
        }

        _turns!.Stored(output);
    }

    private void Store(CommitGroup group)
    {
        group.Now = _lastNow = _memory.Clock.Now();
        for (var i = 0; i < group.Requests.Count; i++) Store(group, i);
        if (group.Count > 0)
        {
            Volatile.Write(ref _total, _total + group.Count);
            group.Sequence = ++_sequence;
            _store.Signals(_sequence, group.Now, _total, group.Signals);
        }

        foreach (var command in _taken)
            if (command.Store(this, group)) group.Commands.Add(command);
    }

    private void Store(CommitGroup group, int index)
    {
        var request = group.Requests[index];
        var batch = request.Batch;
        foreach (var name in batch.Names)
            if (_memory.Names.Add(name.Id, name.Text)) _store.Name(name.Id, name.Text);
        foreach (var held in request.Settles)
        {
            // Before the events are held that are still not known: it may be the same one again.
            if (!_store.Settle(held)) continue;
            _memory.HeldCount--;
            _memory.HeldBytes -= held.Body.Length;
        }

        foreach (var link in batch.Links)
            if (SetIdentity(link.Source, link.ExternalId, link.Target)) FindHeld(link.Source, link.ExternalId, request.Released);
        foreach (var held in batch.Held) Hold(request, held, group.Now);

        string? lastId = null;
        var number = 0;
        var signals = batch.Signals;
        for (var i = 0; i < signals.Length; i++)
        {
            if (i % WarmIds == 0) Warm(signals[i..Math.Min(i + WarmIds, signals.Length)]);
            ref readonly var incoming = ref signals[i];
            // Intake hands on the same string for neighbours of one account, which spares the look-up.
            if (!ReferenceEquals(incoming.Account, lastId))
            {
                if (!TryNumber(incoming.Account, group, out number, out var isNew))
                {
                    batch.Reject(i, "account", AccountLimitReason);
                    lastId = null;
                    continue;
                }

                lastId = incoming.Account;
                if (isNew) FindHeld(SegmentReader.Groups, incoming.Account, request.Released);
            }

            if (!_memory.Ids.Add(incoming.Signal.Id))
            {
                request.Duplicates++;
                continue;
            }

            group.Add(number, index, incoming.Signal);
            request.Accepted++;
        }

        foreach (var link in batch.Evidence)
            if (Accounts.TryFind(link.Account, out var of)) _store.Evidence(of, link);
        _figures.Duplicates += request.Duplicates;
    }

    private void Warm(ReadOnlySpan<IncomingSignal> signals)
    {
        foreach (ref readonly var incoming in signals) _memory.Ids.Warm(incoming.Signal.Id);
    }
}
