using HealthGrains.Hosting;
using HealthGrains.Tenants;

namespace HealthGrains.Grains.Storage;

/// <summary>The read model: what is asked of many accounts at once, as it was last written.</summary>
public interface IBookStore
{
    /// <summary>A page of accounts. Throws <see cref="InvalidQueryException"/> for a sort, limit or cursor that is none.</summary>
    Task<Page<AccountSummary>> ListAsync(AccountQuery query, long now, CancellationToken cancellationToken);

    /// <summary>Totals of the whole book, or of one owner's.</summary>
    Task<PortfolioView> TotalsAsync(string? owner, long now, CancellationToken cancellationToken);

    /// <summary>Owners, segments and tiers, with how many active accounts each has.</summary>
    Task<PortfolioFacets> FacetsAsync(long now, CancellationToken cancellationToken);

    /// <summary>A page of alerts, newest first. Throws <see cref="InvalidQueryException"/> for a limit or cursor that is none.</summary>
    Task<Page<AlertView>> AlertsAsync(AlertQuery query, long now, CancellationToken cancellationToken);

    /// <summary>An alert; null without one.</summary>
    Task<AlertView?> AlertAsync(string id, CancellationToken cancellationToken);

    /// <summary>The closes of an account in a range of days, oldest first.</summary>
    Task<List<HistoryPoint>> ClosesAsync(string id, DateOnly first, DateOnly last, CancellationToken cancellationToken);

    /// <summary>A page of the audit, newest first.</summary>
    /// <param name="query">Which entries.</param>
    /// <param name="pseudonym">What the asked-for account is called once it is erased; null without an account.</param>
    /// <param name="now">The host's clock, Unix milliseconds.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<Page<AuditView>> AuditAsync(AuditQuery query, string? pseudonym, long now, CancellationToken cancellationToken);

    /// <summary>
    /// Throws away closes and evidence before a day, and alerts that were raised before it and are over, of the next so many accounts
    /// that have any closes or evidence.
    /// The last of them in the order of ids; null when there was none.
    /// </summary>
    /// <param name="after">The last account of the time before; empty to begin.</param>
    /// <param name="before">The first day that is kept.</param>
    /// <param name="accounts">How many at most.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<string?> PruneAsync(string after, DateOnly before, int accounts, CancellationToken cancellationToken);

    /// <summary>Throws away what is kept of accounts that were erased before a moment, so many at most; returns how many.</summary>
    Task<int> PruneErasuresAsync(DateTimeOffset before, int most, CancellationToken cancellationToken);

    /// <summary>Adds what every account last said about its tenant to a count. Returns how many said anything.</summary>
    Task<int> CountPulsesAsync(TenantCount count, CancellationToken cancellationToken);

    /// <summary>Known accounts, churned ones too.</summary>
    Task<int> CountAsync(CancellationToken cancellationToken);
}
