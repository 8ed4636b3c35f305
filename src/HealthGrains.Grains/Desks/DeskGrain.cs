using HealthGrains.Accounts;
using HealthGrains.Actors;
using HealthGrains.Delivery;
using HealthGrains.Grains.Accounts;
using HealthGrains.Grains.Actors;
using HealthGrains.Grains.Owners;
using HealthGrains.Grains.Storage;
using HealthGrains.Grains.Tenants;
using HealthGrains.Grains.Watching;
using HealthGrains.Hosting;
using HealthGrains.Plays;

namespace HealthGrains.Grains.Desks;

/// <summary>
/// A desk: asks its account how it stands, calls Core's turns, and has what they leave stored and told of.
/// </summary>
// Longer than the timer of a wake-up that is near.
[CollectionAgeLimit(Minutes = 10)]
internal sealed class DeskGrain(
    [PersistentState("desk", ActorStorage.Name)] IPersistentState<ActorRecord<DeskSeat, DeskMessage>> stored, ActorShell shell,
    TenantWatch tenant, IDeskStore store, ChangePublisher changes, ClusterOptions options, DeliveryBell? bell = null)
    : ActorGrain<DeskActor, DeskSeat, DeskMessage>(stored, shell), IDeskGrain
{
    private (long Version, byte[] Bytes)? _copy;

    private string Id => this.GetPrimaryKeyString();

    private IAccountGrain Account => GrainFactory.GetGrain<IAccountGrain>(Id);

    public async Task LookAsync()
    {
        await TryAsync((seat, turn) => DeskActor.Look(seat, turn));
        if (State.Desk.IsEmpty) DeactivateOnIdle();
        else await DeliverNowAsync();
    }

    public async Task<byte[]?> DoAsync(string request, byte[] command)
    {
        var asked = StoredJson.Read<DeskCommand>(command, "a command");
        if (await TakeAsync((seat, turn) => DeskActor.Do(seat, request, asked, turn)) is not { } reply) return null;
        await DeliverNowAsync();
        return StoredJson.WriteBytes(reply);
    }

    public Task<byte[]> CopyAsync()
    {
        var desk = State.Desk;
        if (_copy is not { } copy || copy.Version != desk.Version) _copy = copy = (desk.Version, StoredJson.WriteBytes(desk));
        return Task.FromResult(copy.Bytes);
    }

    public Task EraseAsync(bool isDone) => isDone ? ClearAsync() : RemindSoonAsync();

    protected override async ValueTask<object?> PrepareAsync()
    {
        var ruling = await tenant.RulingAsync();
        if (await Account.CopyStoredAsync() is not { } copy)
        {
            // Erased, or there never was one.
            await ClearAsync();
            return null;
        }
        var account = AccountState.Read(copy.State, StoredJson.Read<AccountProfile>(copy.Profile, $"the profile of {Id}"));
        if (ruling.Model.Version != copy.Model && options.Model(copy.Model) is { } model) ruling = ruling with { Model = model };
        return new DeskSight(account, ruling, tenant.Practice.Practice, options.Writer);
    }

    protected override async Task DeliverAsync(ActorMessage<DeskMessage> message, CancellationToken cancellationToken)
    {
        var left = message.Body;
        var written = await store.WriteDeskAsync(Id, left, cancellationToken);
        if (written == DeskWritten.NoAccount) throw new OrleansException($"account {Id} is not stored, so nothing of its desk is");
        foreach (var receiver in left.Dispatches.Select(dispatch => dispatch.Receiver).Distinct(StringComparer.Ordinal))
            bell?.Ring(receiver);
        if (written == DeskWritten.Now) Tell(left);
        GrainFactory.Call(OwnerCalls.Of(left.Alerts, tenant));
        await Account.DeskChangedAsync(new DeskHead(left.Version, left.OpenAlerts));
    }

    private void Tell(DeskMessage left)
    {
        if (!changes.IsHeard) return;
        foreach (var alert in left.Alerts) changes.Publish(ChangeType.Of(alert.Change), Id, alert.Alert.Owner, alert.Alert);
        foreach (var play in left.Plays) changes.Publish(ChangeType.PlayChanged, Id, play.Owner, play);
        foreach (var draft in left.Drafts) changes.Publish(ChangeType.DraftChanged, Id, draft.Owner, draft);
        foreach (var task in left.Tasks) changes.Publish(ChangeType.TaskChanged, Id, task.Owner, task);
        foreach (var note in left.Notes) changes.Publish(ChangeType.NoteAdded, Id, note.Owner, note);
    }
}
