using HealthGrains.Hosting;

namespace HealthGrains.Api.Resources;

/// <summary>Puts beside what is told where it can be seen in its own system.</summary>
internal static class EvidenceOf
{
    public static async Task<IReadOnlyList<AlertView>> AlertsAsync(
        IHealthGrains host, IReadOnlyList<AlertView> alerts, CancellationToken cancellationToken)
    {
        if (alerts.Count == 0) return alerts;
        var accounts = alerts.Select(alert => alert.Account).ToHashSet(StringComparer.Ordinal);
        var found = await FindAsync(host, accounts, EvidenceView.Before(alerts.Min(alert => alert.RaisedAt)), cancellationToken);
        return found.Count == 0 ? alerts : [.. alerts.Select(alert => EvidenceView.Beside(alert, found))];
    }

    public static async Task<Ledger> LedgerAsync(IHealthGrains host, string account, Ledger ledger, CancellationToken cancellationToken)
    {
        var found = await FindAsync(host, [account], ledger.From.At, cancellationToken);
        return found.Count == 0 ? ledger : ledger with { Items = [.. ledger.Items.Select(item => EvidenceView.Beside(item, found))] };
    }

    public static async Task<IReadOnlyList<TimelineItem>> TimelineAsync(
        IHealthGrains host, string account, IReadOnlyList<TimelineItem> items, CancellationToken cancellationToken)
    {
        if (items.Count == 0) return items;
        var found = await FindAsync(host, [account], items.Min(item => item.At).AddSeconds(-1), cancellationToken);
        return found.Count == 0 ? items : [.. items.Select(item => EvidenceView.Beside(item, found))];
    }

    // It lies in the database; an account that answers from memory answers without it while that is away.
    private static async Task<IReadOnlyList<EvidenceView>> FindAsync(
        IHealthGrains host, IReadOnlyCollection<string> accounts, DateTimeOffset since, CancellationToken cancellationToken)
    {
        try
        {
            return await host.FindEvidenceAsync(accounts, since, cancellationToken);
        }
        catch (HostUnavailableException)
        {
            return [];
        }
    }
}
