using System.Buffers;
using HealthGrains.Accounts;
using HealthGrains.Grains.Desks;
using HealthGrains.Grains.Owners;
using HealthGrains.Grains.Storage;
using HealthGrains.Grains.Tenants;
using HealthGrains.Grains.Watching;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Tenants;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Storage;

namespace HealthGrains.Grains.Accounts;

/// <summary>
/// A customer account: loads the state, calls Core's turns, stores state and effects in one write, tells watchers.
/// </summary>
/// <remarks>
/// Reentrant, for a turn does not wait for the write of the one before and questions wait for neither. Turns are synchronous from
/// end to end, so nothing ever sees half of one.
/// </remarks>
[Reentrant]
[Immovable]
internal sealed partial class AccountGrain(
    [PersistentState("account", AccountStorage.Name)] IPersistentState<AccountRecord> stored,
    TenantWatch tenant, ChangePublisher changes, IAccountStore store, ClusterOptions options, ClusterFigures figures,
    ILogger<AccountGrain> logger) : Grain, IAccountGrain
{
    // A turn begins and ends on one thread, and leaves it empty.
    [ThreadStatic]
    private static Outbox? _outbox;

    // Likewise.
    [ThreadStatic]
    private static AccountPulse? _pulse;

    private AwaitedEntries? _awaited;
    private LogPlace? _madeBy;
    private (long Version, double Score, Band Band, string Model) _said;
    private bool _closing;
    private bool _erased;
    private bool _counted;
    private long _receivedAt;

    private string Id => this.GetPrimaryKeyString();

    private AccountRecord Record => stored.State;

    // As long as a sender may ask, and then some: a call that was lost is made again.
    private AwaitedEntries Awaited => _awaited ??= new AwaitedEntries(options.AppliedWithin * 3);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await tenant.RulingAsync();
        figures.Activated();
        _counted = true;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_counted) figures.Deactivated();
        // After a refused write another activation has the account, and what this one holds is not the truth.
        if (!_closing && Record.IsDirty && reason.Exception is not InconsistentStateException) await WriteAsync();
    }

    public async Task<TakeReply> TakeAsync(SignalRun run, bool stored)
    {
        await tenant.LearnAsync(run.Signals);
        Alive();
        if (run.After >= 0 && !Record.Intake.IsTaken(run.Topic, run.Partition, run.After)) return new TakeReply(0, 0, 0, IsGap: true);
        // Read again after the account was erased.
        if (Record.State is null && run.Topic != 0 && Record.Intake.IsTaken(run.Topic, run.Partition, run.Offsets[^1]))
            return new TakeReply(0, 0, 0, IsGap: false, IsGone: true);
        Record.State ??= new AccountState(AccountProfile.Unknown(Id));
        // A turn is synchronous, so what it publishes is of this run.
        _receivedAt = run.ReceivedAt;
        var reply = Take(run);
        _receivedAt = 0;
        figures.Took(reply);
        if (!_notable && HasUseForDesk) _notable = Plays.TriggerSignals.Contain(run.Signals);
        if (stored) await SaveAsync();
        // An alert is not put off. Should this fail, whoever reads the log sees to it that it is tried again.
        else if (Record.HasEffects) SaveAsync().Ignore();
        return reply;
    }

    public Task<AccountCopy?> CopyAsync()
    {
        if (!Record.Exists || _erased)
        {
            // Nobody's account: whoever asks for any id should not fill the memory.
            DeactivateOnIdle();
            return Task.FromResult<AccountCopy?>(null);
        }
        if (Record.AtRest is { } row && row.Model == tenant.Ruling.Model.Version)
            return Task.FromResult<AccountCopy?>(new AccountCopy(row.State, row.Profile, row.Model, Now(), Record.Desk.Exists));
        var turn = Begin();
        return Task.FromResult<AccountCopy?>(
            new AccountCopy(Record.StateBytes(), Record.ProfileBytes(), Record.Model, turn.Now, Record.Desk.Exists));
    }

    public async Task<bool> PutProfileAsync(byte[] profile, string actor)
    {
        Alive();
        var isNew = Put(profile, actor);
        await StoreAsync();
        return isNew;
    }

    private bool Put(byte[] profile, string actor)
    {
        var given = StoredJson.Read<AccountProfile>(profile, "the profile");
        var isNew = Record.State is null;
        var turn = Begin();
        if (isNew) Record.State = new AccountState(given);
        else AccountTurns.SetProfile(Record.State!, given, turn);
        Audit(turn, actor, isNew ? "account.created" : "account.updated", null);
        // Who the account is and where it stands with its contract are facts too.
        _notable = true;
        Decide(turn);
        figures.Turn("profile");
        return isNew;
    }

    public async Task<ProfileReply> PutLoggedProfileAsync(byte[] profile, string actor, LogPlace place)
    {
        Alive();
        if (!Record.Intake.IsTaken(place))
        {
            Record.Intake.Taken(place.Topic, place.Partition, place.Offset);
            if (Put(profile, actor)) _madeBy = place;
        }
        var isOverruled = Record.State is null || Record.Intake.IsTaken(place with { Offset = place.Offset + 1 });
        await StoreAsync();
        return new ProfileReply(_madeBy == place, isOverruled);
    }

    public Task<AwaitedReply> AwaitAsync(LogPlace place, TimeSpan atMost)
    {
        Alive();
        return Awaited.WaitAsync(place, Record.Intake.IsTaken(place), atMost);
    }

    public async Task<byte[]?> ActOnAlertAsync(AlertAction action)
    {
        if (Record.State is not { } state || _erased) return null;
        Alive();
        var turn = Begin();
        var act = action.ToAct();
        if (AccountTurns.Act(state, act, turn) is not { } alert) return null;
        Audit(turn, act.Actor, act.Action, act.Alert);
        // The desk tells the manager of risks that nobody acknowledges.
        _notable = true;
        Finish(turn);
        figures.Turn("alert");
        await StoreAsync();
        return StoredJson.WriteBytes(alert);
    }

    public async Task WakeAsync()
    {
        if (Record.State is not { } state || _erased) return;
        Alive();
        var turn = Begin();
        AccountTurns.Wake(state, turn);
        // Only a wake-up moves the next one on: signals just after midnight must not, or the day would never be closed.
        Record.DueAt = long.MaxValue;
        _notable = true;
        // A clock that is moved by hand tells no desk.
        if (options.ClockKind == ClockKind.Simulated && Record.Desk.Exists) _isTold = false;
        Finish(turn);
        figures.Turn("wake");
        await StoreAsync();
    }

    public async Task<bool> SaveAsync(LogPlace[] places)
    {
        if (_erased) return true;
        Alive();
        // Another activation took these, and ended before it had stored them.
        if (!Array.TrueForAll(places, Record.Intake.IsTaken)) return false;
        await SaveAsync();
        return true;
    }

    private async Task WriteAsync()
    {
        if (_closing || !Record.IsDirty) return;
        if (!Record.HasFigures) Evaluate(Begin(), isNews: false);
        TakePulse();
        // Before the write, which takes the effects along.
        string[] told = Record.Effects.Alerts.Count == 0 ? [] : [.. OwnerCalls.Of(Record.Effects.Alerts, tenant)];
        await stored.WriteStateAsync();
        GrainFactory.Call(told);
    }

    // At most an hour old, and of today: what is counted over all accounts need not be newer.
    private void TakePulse()
    {
        var now = Now();
        if (now >= Record.PulsedAt && now - Record.PulsedAt < TenantPulse.Every && Days.Of(now) == Days.Of(Record.PulsedAt)) return;
        var pulse = _pulse ??= new AccountPulse();
        pulse.Take(Record.State!, tenant.Ruling.Facts, now);
        var buffer = new ArrayBufferWriter<byte>(256);
        pulse.Write(buffer);
        (Record.Pulse, Record.PulsedAt) = (buffer.WrittenSpan.ToArray(), now);
    }

    public async Task<EraseReply?> EraseAsync(string pseudonym, string actor)
    {
        if (Record.State is not { } state || _erased) return null;
        Alive();
        var now = DateTimeOffset.FromUnixTimeMilliseconds(Now());
        _closing = true;
        // Whatever comes of it: the next activation reads what is stored then.
        DeactivateOnIdle();
        var desk = GrainFactory.GetGrain<IDeskGrain>(Id);
        await desk.EraseAsync(isDone: false);
        // What is not stored is stored first, so that it cannot come back after the erasure: the store keeps how far the log was taken.
        await stored.WriteStateAsync();
        var rows = await store.EraseAsync(
            Id, pseudonym, new AuditView(now, actor, "account.erased", pseudonym, null), CancellationToken.None);
        _erased = true;
        // Should this fail, the desk finds in a moment that there is no account.
        await desk.EraseAsync(isDone: true)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        changes.Publish(ChangeType.AccountErased, Id, state.Profile.Owner, new ErasedAccount(Id, state.Profile.Owner));
        return new EraseReply(now, rows?.Closes ?? 0);
    }

    // Whoever calls an account while it is being erased calls again, and finds what came of it.
    private void Alive()
    {
        if (_closing) throw new OrleansException($"account {Id} is being erased");
    }

    private TakeReply Take(SignalRun run)
    {
        var turn = Begin();
        var (accepted, late, duplicates) = (0, 0, 0);
        for (var from = 0; from < run.Signals.Length;)
        {
            var to = run.PartEnd(from, out var isAwaited);
            var place = isAwaited ? new LogPlace(run.Topic, run.Partition, run.Offsets[from]) : default;
            var isNews = isAwaited && !Record.Intake.IsTaken(place);
            var part = Take(run, from, to, turn);
            if (isNews) Awaited.Taken(place, part, Environment.TickCount64);
            (accepted, late, duplicates) = (accepted + part.Accepted, late + part.Late, duplicates + part.Duplicates);
            from = to;
        }
        if (accepted > 0 || run.Topic != 0) Record.Changes++;
        if (accepted > 0) Decide(turn);
        return new TakeReply(accepted, late, duplicates, false);
    }

    private TakeReply Take(SignalRun run, int from, int to, in Turn turn)
    {
        var (fresh, duplicates) = Fresh(run, from, to);
        return new TakeReply(fresh.Length, AccountTurns.Take(Record.State!, fresh, turn), duplicates, false);
    }

    private (Signals.Signal[] Fresh, int Duplicates) Fresh(SignalRun run, int from, int to)
    {
        var intake = Record.Intake;
        var (kept, duplicates) = (0, 0);
        var fresh = new Signals.Signal[to - from];
        for (var end = from; from < to; from = end)
        {
            // What came in one entry is looked at as one; without a log that is all of it.
            end = run.EntryEnd(from, to);
            if (run.Topic != 0)
            {
                if (intake.IsTaken(run.Topic, run.Partition, run.Offsets[from])) continue;
                intake.Taken(run.Topic, run.Partition, run.Offsets[from]);
            }
            var added = intake.Add(run.Signals.AsSpan(from, end - from), fresh.AsSpan(kept));
            (kept, duplicates) = (kept + added, duplicates + (end - from - added));
        }
        return (kept == fresh.Length ? fresh : fresh[..kept], duplicates);
    }

    /// <summary>A turn under what decides now. An account that another model ruled last is handed over to the new one first.</summary>
    private Turn Begin()
    {
        var ruling = tenant.Ruling;
        // A turn that failed half-way leaves nothing to the next account on its thread.
        (_outbox ??= new Outbox()).Clear();
        var turn = ruling.Turn(Now(), _outbox);
        if (Record.Model == ruling.Model.Version) return turn;
        if (Record.State is { } state && options.Model(Record.Model) is { } before)
        {
            AccountTurns.ChangeModel(state, before, turn);
            Record.Changes++;
        }
        Record.Model = ruling.Model.Version;
        if (Record.State is not null) Decide(turn);
        return turn;
    }

    private void Decide(in Turn turn)
    {
        AccountTurns.Decide(Record.State!, turn);
        Finish(turn);
    }

    private void Finish(in Turn turn)
    {
        Record.Changes++;
        Record.Turned(Environment.TickCount64);
        if (!_outbox!.IsEmpty) Record.Effects.Take(_outbox);
        Evaluate(turn);
    }

    private void Evaluate(in Turn turn, bool isNews = true)
    {
        var state = Record.State!;
        Record.Figures = WithDesk(AccountTurns.Assess(state, turn));
        Record.DueAt = Math.Min(Record.DueAt, Math.Max(AccountTurns.NextWake(state, turn), turn.Now + 1_000));
        var said = (Record.Figures.Version, Math.Round(Record.Figures.Score, 1), Record.Figures.Band, Record.Model);
        if (said == _said) return;
        _said = said;
        if (!isNews) return;
        if (!changes.IsHeard) changes.Shown(_receivedAt);
        else changes.Publish(
            ChangeType.AccountChanged, Id, state.Profile.Owner, Record.Figures.Summary(state.Profile, Record.Model), _receivedAt);
    }

    private void Audit(in Turn turn, string actor, string action, string? detail) => Record.Effects.Audit.Add(
        new AuditView(DateTimeOffset.FromUnixTimeMilliseconds(turn.Now), actor, action, Id, detail));

    private long Now() => options.Clock.GetUtcNow().ToUnixTimeMilliseconds();
}
