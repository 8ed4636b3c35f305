using HealthGrains.Plays;

namespace HealthGrains.Hosting;

/// <summary>Hands a whole book over.</summary>
public static class HandOvers
{
    /// <summary>
    /// Hands the open plays and tasks of all accounts of an owner to somebody else, account by account. Safe to ask again when it was cut
    /// short. Returns how many accounts were asked.
    /// </summary>
    public static async ValueTask<int> HandOverAsync(
        this IHealthGrains host, string from, HandOver command, CancellationToken cancellationToken)
    {
        var accounts = 0;
        string? cursor = null;
        do
        {
            var page = await host.ListAccountsAsync(
                new AccountQuery { Owner = from, Sort = "name", Limit = 500, Cursor = cursor }, cancellationToken).ConfigureAwait(false);
            foreach (var account in page.Items)
                if (await host.Desks.DoAsync(account.Id, command, cancellationToken).ConfigureAwait(false) is not null) accounts++;
            cursor = page.Next;
        }
        while (cursor is not null);
        return accounts;
    }
}
