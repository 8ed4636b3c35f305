using HealthGrains.Alerts;
using HealthGrains.Delivery;
using HealthGrains.Grains.Desks;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using HealthGrains.Tenants;
using Npgsql;

namespace HealthGrains.Grains.Postgres;

/// <summary>
/// The store as a node uses it: a database that is away is told of once, and becomes one sentence for whoever asked, wherever in the
/// cluster the question came from.
/// </summary>
internal sealed class GuardedStore(PostgresStore store, StoreWatch watch)
    : IAccountStore, IBookStore, IDirectoryStore, ILogPlaceStore, IDeskStore, IOwnerStore
{
    public IDeliveryStore Deliveries { get; } = new GuardedDeliveries(store.Deliveries, watch);

    public Task<AccountRow?> ReadAsync(string id, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.ReadAsync(id, cancellationToken));

    public Task<bool[]> WriteAsync(IReadOnlyList<AccountWrite> writes, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.WriteAsync(writes, cancellationToken));

    public Task<ErasedRows?> EraseAsync(string id, string pseudonym, AuditView entry, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.EraseAsync(id, pseudonym, entry, cancellationToken));

    public Task<IReadOnlyList<string>> DueAsync(int shard, long now, int limit, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.DueAsync(shard, now, limit, cancellationToken));

    public Task MakeDueAsync(long now, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.MakeDueAsync(now, cancellationToken));

    public Task<Page<AccountSummary>> ListAsync(AccountQuery query, long now, CancellationToken cancellationToken) =>
        watch.GuardKeptAsync(store.ListAsync(query, now, cancellationToken));

    public Task<PortfolioView> TotalsAsync(string? owner, long now, CancellationToken cancellationToken) =>
        watch.GuardKeptAsync(store.TotalsAsync(owner, now, cancellationToken));

    public Task<PortfolioFacets> FacetsAsync(long now, CancellationToken cancellationToken) =>
        watch.GuardKeptAsync(store.FacetsAsync(now, cancellationToken));

    public Task<Page<AlertView>> AlertsAsync(AlertQuery query, long now, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.AlertsAsync(query, now, cancellationToken));

    public Task<AlertView?> AlertAsync(string id, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.AlertAsync(id, cancellationToken));

    public Task<List<HistoryPoint>> ClosesAsync(string id, DateOnly first, DateOnly last, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.ClosesAsync(id, first, last, cancellationToken));

    public Task<Page<AuditView>> AuditAsync(AuditQuery query, string? pseudonym, long now, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.AuditAsync(query, pseudonym, now, cancellationToken));

    public Task<string?> PruneAsync(string after, DateOnly before, int accounts, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.PruneAsync(after, before, accounts, cancellationToken));

    public Task<int> PruneErasuresAsync(DateTimeOffset before, int most, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.PruneErasuresAsync(before, most, cancellationToken));

    public Task<int> CountPulsesAsync(TenantCount count, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.CountPulsesAsync(count, cancellationToken));

    public Task WriteTenantAsync(IReadOnlyList<Dispatch> dispatches, IReadOnlyList<AuditView> audit, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.WriteTenantAsync(dispatches, audit, cancellationToken));

    public Task<int> CountAsync(CancellationToken cancellationToken) =>
        watch.GuardAsync(store.CountAsync(cancellationToken));

    public Task<DirectoryChanges> ChangesAsync(long mark, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.ChangesAsync(mark, cancellationToken));

    public Task AddNamesAsync(IReadOnlyList<NewName> names, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.AddNamesAsync(names, cancellationToken));

    public Task AddEvidenceAsync(IReadOnlyList<EvidenceLink> links, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.AddEvidenceAsync(links, cancellationToken));

    public Task<IReadOnlyList<EvidenceLink>> EvidenceAsync(
        IReadOnlyCollection<string> accounts, long since, int limit, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.EvidenceAsync(accounts, since, limit, cancellationToken));

    public Task<bool[]> SetLinksAsync(IReadOnlyList<IdentityLink> links, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.SetLinksAsync(links, cancellationToken));

    public Task<bool[]> HoldAsync(IReadOnlyList<HeldEvent> events, long now, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.HoldAsync(events, now, cancellationToken));

    public Task<IReadOnlyList<HeldEvent>> WaitingAsync(string source, string externalId, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.WaitingAsync(source, externalId, cancellationToken));

    public Task<IReadOnlyList<HeldEvent>> ReleaseAsync(string source, string externalId, long now, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.ReleaseAsync(source, externalId, now, cancellationToken));

    public Task SettleAsync(IReadOnlyList<HeldEvent> events, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.SettleAsync(events, cancellationToken));

    public Task<Page<HeldView>> HeldAsync(int limit, string? cursor, long now, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.HeldAsync(limit, cursor, now, cancellationToken));

    public Task AuditAsync(AuditView entry, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.AuditAsync(entry, cancellationToken));

    public Task ActivatedAsync(ModelActivation activation, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.ActivatedAsync(activation, cancellationToken));

    public Task<IReadOnlyList<ModelActivation>> ActivationsAsync(CancellationToken cancellationToken) =>
        watch.GuardAsync(store.ActivationsAsync(cancellationToken));

    public Task<IReadOnlyList<StoredPlace>> PlacesAsync(CancellationToken cancellationToken) =>
        watch.GuardAsync(store.PlacesAsync(cancellationToken));

    public Task<bool[]> MovePlacesAsync(IReadOnlyList<PlaceMove> moves, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.MovePlacesAsync(moves, cancellationToken));

    public Task<DeskWritten> WriteDeskAsync(string account, DeskMessage left, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.WriteDeskAsync(account, left, cancellationToken));

    public Task<T?> WorkAsync<T>(WorkKind kind, string id, CancellationToken cancellationToken) where T : class =>
        watch.GuardAsync(store.WorkAsync<T>(kind, id, cancellationToken));

    public Task<Page<T>> WorkAsync<T>(WorkKind kind, WorkQuery query, long now, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.WorkAsync<T>(kind, query, now, cancellationToken));

    public Task<ReviewFigures> ReviewsAsync(string? owner, DateTimeOffset since, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.ReviewsAsync(owner, since, cancellationToken));

    public Task<IReadOnlyList<StoredEdit>> PracticeAsync(long after, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.PracticeAsync(after, cancellationToken));

    public Task<bool> AddPracticeAsync(StoredEdit edit, IReadOnlyList<AuditView> audit, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.AddPracticeAsync(edit, audit, cancellationToken));

    public Task<int> PruneSettledAsync(long work, long deliveries, int most, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.PruneSettledAsync(work, deliveries, most, cancellationToken));

    public Task<OwnerLooked> LookAtOwnerAsync(string owner, OwnerWays ways, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.LookAtOwnerAsync(owner, ways, cancellationToken));

    public Task<IReadOnlyList<string>> OwnersAsync(CancellationToken cancellationToken) =>
        watch.GuardAsync(store.OwnersAsync(cancellationToken));

    public Task<TeamRows> TeamAsync(IReadOnlyList<string> owners, long since, CancellationToken cancellationToken) =>
        watch.GuardAsync(store.TeamAsync(owners, since, cancellationToken));
}

/// <summary>What a fault of the driver means for the watch.</summary>
internal static class GuardedCalls
{
    public static async Task<T> GuardAsync<T>(this StoreWatch watch, Task<T> call)
    {
        var begun = watch.Begin();
        var answer = await watch.GuardKeptAsync(call).ConfigureAwait(false);
        watch.Answered(begun);
        return answer;
    }

    public static async Task GuardAsync(this StoreWatch watch, Task call) => await watch.GuardAsync(Done(call)).ConfigureAwait(false);

    /// <summary>The same for an answer that may be one of a moment ago, and says nothing of how the database is now.</summary>
    public static async Task<T> GuardKeptAsync<T>(this StoreWatch watch, Task<T> call)
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (Exception fault) when (DatabaseFault.IsAway(fault))
        {
            throw watch.Failed(fault);
        }
    }

    private static async Task<bool> Done(Task call)
    {
        await call.ConfigureAwait(false);
        return true;
    }
}
