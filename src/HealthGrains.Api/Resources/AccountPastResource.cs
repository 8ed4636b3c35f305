using HealthGrains.Hosting;
using HealthGrains.Signals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Resources;

/// <summary>/v1/accounts/{id}/ledger, /history, /timeline and /signals: why the score changed, and how it went.</summary>
internal static class AccountPastResource
{
    private const string Tag = "Accounts";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/v1/accounts/{id}/ledger", LedgerAsync).Says(Tag, "getLedger", "Why the score changed between two moments",
                "The deltas of the items sum to the change of the score.")
            .Takes(
                new QueryParameter("since", $"From when; 7d when absent: {Moments.RelativeRule}."),
                new QueryParameter("until", "Until when; now when absent."))
            .Answers<Ledger>(400, 404);
        api.MapGet("/v1/accounts/{id}/history", HistoryAsync).Says(Tag, "getHistory", "One point a UTC day, as recorded at its close",
                "Oldest first; today's point is provisional.")
            .Takes(QueryParameter.Number("days", "How many days back; 90 when absent, or as many as are kept.", 1, 800))
            .Answers<Page<HistoryPoint>>(400, 404);
        api.MapGet("/v1/accounts/{id}/timeline", TimelineAsync).Says(Tag, "getTimeline", "What happened and is worth a mark on the history",
                "Newest first: contracts, people, milestones, money, opinions, what became of alerts, notes, and tasks that were put off. As far "
                + "as the account remembers: of what its signals told, what is over for longer than its calendar lasts is forgotten.")
            .Takes(QueryParameter.Number("days", "How many days back; 90 when absent, or as many as are kept.", 1, 800))
            .Answers<Page<TimelineItem>>(400, 404);
        api.MapGet("/v1/accounts/{id}/signals", SignalsAsync).Says(Tag, "findSignals", "The signals behind a change, newest first",
                "As the host's log has them: whom or what a signal is about is a pseudonym, and free text was never kept. complete is "
                + "false, with a reason, where not all of the span could be looked through, or where the host cannot find signals by account.")
            .Takes(
                new QueryParameter("since", $"From when; 7d when absent: {Moments.RelativeRule}."),
                new QueryParameter("until", "Until when, that moment not included; now when absent."),
                QueryParameter.OneOf<SignalSource>("source", "Only signals of this source."),
                QueryParameter.Number("limit", "The most to answer; 100 when absent.", 1, 500))
            .Answers<SignalsFound>(400, 404);
    }

    private static async Task<IResult> LedgerAsync(string id, HttpContext http, [FromServices] IHealthGrains host)
    {
        var now = host.Clock.GetUtcNow();
        var query = new QueryReader(http);
        var until = query.Moment("until", now) ?? now;
        var since = query.Moment("since", now) ?? until - TimeSpan.FromDays(7);
        if (since >= until) query.Fault("since", "not before until");
        query.Check();
        var ledger = await host.GetLedgerAsync(AccountsResource.RequireId(id), since, until, http.RequestAborted)
            ?? throw Refusal.NoAccount(id);
        return Answer.Json(await EvidenceOf.LedgerAsync(host, id, ledger, http.RequestAborted));
    }

    private static async Task<IResult> HistoryAsync(string id, HttpContext http, [FromServices] IHealthGrains host)
    {
        var query = new QueryReader(http);
        var days = query.Number("days");
        query.Check();
        var points = await host.GetHistoryAsync(AccountsResource.RequireId(id), days, http.RequestAborted) ?? throw Refusal.NoAccount(id);
        return Answer.Tagged(new Page<HistoryPoint>(points, null, points.Count, host.Clock.GetUtcNow()));
    }

    private static async Task<IResult> TimelineAsync(string id, HttpContext http, [FromServices] IHealthGrains host)
    {
        var query = new QueryReader(http);
        var days = query.Number("days");
        query.Check();
        var items = await host.GetTimelineAsync(AccountsResource.RequireId(id), days, http.RequestAborted) ?? throw Refusal.NoAccount(id);
        items = await EvidenceOf.TimelineAsync(host, id, items, http.RequestAborted);
        return Answer.Tagged(new Page<TimelineItem>(items, null, items.Count, host.Clock.GetUtcNow()));
    }

    private static async Task<IResult> SignalsAsync(string id, HttpContext http, [FromServices] IHealthGrains host)
    {
        var now = host.Clock.GetUtcNow();
        var query = new QueryReader(http);
        // What happens in the millisecond of the question is part of the past.
        var until = query.Moment("until", now) ?? now.AddMilliseconds(1);
        var since = query.Moment("since", now) ?? until - TimeSpan.FromDays(7);
        if (since >= until) query.Fault("since", "not before until");
        var asked = new SignalsQuery(since, until, query.OneOf<SignalSource>("source"), query.Number("limit", 100));
        query.Check();
        return Answer.Json(
            await host.FindSignalsAsync(AccountsResource.RequireId(id), asked, http.RequestAborted) ?? throw Refusal.NoAccount(id));
    }
}
