using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Plays;

namespace HealthGrains.Hosting;

/// <summary>What is to change hands: of one account, or of the whole book of an owner.</summary>
/// <param name="Actor">Who hands it over.</param>
/// <param name="To">To whom.</param>
/// <param name="Account">The one account, all of it; null for a book.</param>
/// <param name="From">The owner whose book it is, and what is theirs of it; null for one account.</param>
/// <param name="WithAccounts">
/// Whether the accounts get the new owner, and with them their alerts; without it only the work changes hands, to somebody who stands in.
/// </param>
public sealed record HandOverOrder(string Actor, string To, string? Account, string? From, bool WithAccounts);

/// <summary>What of an account would change hands.</summary>
/// <param name="Account">The account.</param>
/// <param name="AccountName">Its name.</param>
/// <param name="Owner">Its CSM.</param>
/// <param name="Alerts">Alerts that are not over: they go where the account goes.</param>
/// <param name="Plays">Plays that are not over.</param>
/// <param name="Tasks">Tasks to be done.</param>
/// <param name="Drafts">Drafts that wait for the CSM.</param>
public sealed record HandOverRow(string Account, string AccountName, string? Owner, int Alerts, int Plays, int Tasks, int Drafts);

/// <summary>What would change hands, as lists know it, by account.</summary>
/// <param name="Accounts">How many accounts, churned ones with them.</param>
/// <param name="Alerts">How many alerts.</param>
/// <param name="Plays">How many plays.</param>
/// <param name="Tasks">How many tasks.</param>
/// <param name="Drafts">How many drafts.</param>
/// <param name="Items">Each account, by name.</param>
public sealed record HandOverPlan(int Accounts, int Alerts, int Plays, int Tasks, int Drafts, IReadOnlyList<HandOverRow> Items);

/// <summary>Hands accounts and the work on them over.</summary>
public static class HandOvers
{
    private const int PageSize = 500;

    /// <summary>
    /// Hands over, account by account. Safe to ask again when it was cut short: what has changed hands is not found again. Returns on how
    /// many accounts; and the refusal of the first that refused, after which nothing more was done. Null without such an account.
    /// </summary>
    public static async ValueTask<(int Accounts, DeskReply? Refused)?> HandOverAsync(
        this IHealthGrains host, HandOverOrder order, CancellationToken cancellationToken)
    {
        var done = 0;
        foreach (var id in await AccountsAsync(host, order.Account, order.From, cancellationToken).ConfigureAwait(false))
        {
            var command = new HandOver(order.Actor, order.To, order.From);
            if (await host.Desks.DoAsync(id, command, cancellationToken).ConfigureAwait(false) is not { } reply) continue;
            if (reply.Refusal != DeskRefusal.None) return (done, reply);
            // Last, for an account that has its new owner is no longer of the book.
            if (order.WithAccounts) await GiveAsync(host, id, order, cancellationToken).ConfigureAwait(false);
            done++;
        }
        return done == 0 && order.Account is not null ? null : (done, null);
    }

    /// <summary>What would change hands; null without such an account. Changes nothing.</summary>
    public static async ValueTask<HandOverPlan?> PlanHandOverAsync(
        this IHealthGrains host, string? account, string? from, CancellationToken cancellationToken)
    {
        var accounts = await RowsAsync(host, account, from, cancellationToken).ConfigureAwait(false);
        if (accounts.Count == 0 && account is not null) return null;
        var hand = new HandOver("", "", from);
        // A task of another's account may be this person's too, and stays.
        var query = new WorkQuery(Owner: from, Account: account, Limit: PageSize);
        var plays = Count((await AllAsync(next => host.Desks.ListPlaysAsync(query with { Cursor = next }, cancellationToken))
            .ConfigureAwait(false)).Select(play => play.Account));
        var tasks = Count((await AllAsync(next => host.Desks.ListTasksAsync(query with { Cursor = next }, cancellationToken))
            .ConfigureAwait(false)).Where(task => hand.Takes(task.Owner, task.Needs)).Select(task => task.Account));
        var drafts = Count((await AllAsync(next => host.Desks.ListDraftsAsync(query with { Cursor = next }, cancellationToken))
            .ConfigureAwait(false)).Where(draft => draft.Needs != Practice.Manager).Select(draft => draft.Account));
        var alerts = Count((await AllAsync(next => host.ListAlertsAsync(
            new AlertQuery(Owner: from, Account: account, Limit: PageSize, Cursor: next), cancellationToken))
            .ConfigureAwait(false)).Select(alert => alert.Account));
        HandOverRow[] rows =
        [
            .. accounts.Select(row => new HandOverRow(row.Id, row.Name, row.Owner, alerts.GetValueOrDefault(row.Id),
                plays.GetValueOrDefault(row.Id), tasks.GetValueOrDefault(row.Id), drafts.GetValueOrDefault(row.Id))),
        ];
        return new HandOverPlan(
            rows.Length, rows.Sum(row => row.Alerts), rows.Sum(row => row.Plays), rows.Sum(row => row.Tasks), rows.Sum(row => row.Drafts),
            rows);
    }

    private static async Task GiveAsync(IHealthGrains host, string id, HandOverOrder order, CancellationToken cancellationToken)
    {
        if (await host.GetAccountAsync(id, null, cancellationToken).ConfigureAwait(false) is not { } account) return;
        foreach (var alert in account.Alerts)
        {
            if (alert.AssignedTo is null || (order.From is not null && alert.AssignedTo != order.From)) continue;
            try
            {
                await host.ActOnAlertAsync(new AlertAct(alert.Id, order.Actor, AlertDeed.Assign, To: order.To), cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (InvalidTransitionException)
            {
                // It ended meanwhile.
            }
        }
        if (account.Profile.Owner == order.To) return;
        var practice = (await host.Desks.GetPracticeAsync(cancellationToken).ConfigureAwait(false)).Practice;
        var profile = account.Profile with { Owner = order.To, OwnerEmail = practice.PersonOf(order.To)?.Email };
        await host.PutProfileAsync(profile, order.Actor, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<IEnumerable<string>> AccountsAsync(
        IHealthGrains host, string? account, string? from, CancellationToken cancellationToken) => account is not null ? [account]
        : (await RowsAsync(host, null, from, cancellationToken).ConfigureAwait(false)).Select(row => row.Id);

    // All of them before anything is done: a list that is read while it changes leaves some out.
    private static async Task<IReadOnlyList<(string Id, string Name, string? Owner)>> RowsAsync(
        IHealthGrains host, string? account, string? from, CancellationToken cancellationToken)
    {
        if (account is not null)
        {
            return await host.GetAccountAsync(account, null, cancellationToken).ConfigureAwait(false) is { } one
                ? [(one.Profile.Id, one.Profile.Name, one.Profile.Owner)] : [];
        }
        var query = new AccountQuery { Owner = from, Sort = "name", Limit = PageSize, IncludeChurned = true };
        var rows = await AllAsync(next => host.ListAccountsAsync(query with { Cursor = next }, cancellationToken)).ConfigureAwait(false);
        return [.. rows.Select(row => (row.Id, row.Name, row.Owner))];
    }

    private static async Task<List<T>> AllAsync<T>(Func<string?, ValueTask<Page<T>>> read)
    {
        var all = new List<T>();
        string? cursor = null;
        do
        {
            var page = await read(cursor).ConfigureAwait(false);
            all.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return all;
    }

    private static Dictionary<string, int> Count(IEnumerable<string> accounts) =>
        accounts.GroupBy(id => id, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.Count(), StringComparer.Ordinal);
}
