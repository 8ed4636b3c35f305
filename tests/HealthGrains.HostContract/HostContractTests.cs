using System.Buffers;
using System.Globalization;
using System.Text;
using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using HealthGrains.Simulation;
using WireFormat = HealthGrains.Intake.WireFormat;

namespace HealthGrains.HostContract;

/// <summary>What every host promises. A host's own tests inherit this and say how one is started.</summary>
public abstract partial class HostContractTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>The host under test.</summary>
    protected IHealthGrains Host { get; private set; } = null!;

    /// <summary>Its clock.</summary>
    protected ContractClock Clock { get; } = new(ContractClock.Noon);

    /// <summary>Starts an empty host on that clock.</summary>
    protected abstract Task<IHealthGrains> StartAsync(TimeProvider clock);

    /// <summary>Stops it and removes what it kept.</summary>
    protected abstract Task StopAsync();

    /// <inheritdoc />
    public async Task InitializeAsync() => Host = await StartAsync(Clock);

    /// <inheritdoc />
    public Task DisposeAsync() => StopAsync();

    [Fact]
    public async Task A_question_asked_after_the_answer_sees_the_signals()
    {
        Assert.Null(await Host.GetAccountAsync("acme", null, None));
        var receipt = await Send(Usage("acme", 20));
        Assert.Equal((20, 0, 0, 0), (receipt.Accepted, receipt.Duplicates, receipt.Held, receipt.Rejected));
        var view = await Account("acme");
        Assert.Equal(("acme", Tier.Standard), (view.Profile.Name, view.Profile.Tier));
        Assert.Equal(20, view.Version);
        Assert.True(view.LastSignals.ContainsKey("usage"));
    }

    [Fact]
    public async Task A_repeated_id_counts_as_a_duplicate_and_changes_nothing_within_a_request_and_across()
    {
        var body = Usage("acme", 10);
        await Send(body);
        var before = await Account("acme");
        var again = await Send(body + Usage("acme", 3, from: 10) + Usage("acme", 3, from: 10));
        Assert.Equal((3, 13), (again.Accepted, again.Duplicates));
        Assert.Equal(before.Version + 3, (await Account("acme")).Version);
    }

    [Fact]
    public async Task A_large_request_of_one_account_that_is_sent_again_counts_once_also_after_another()
    {
        var (first, second) = (Usage("acme", 1_000), Usage("acme", 700, from: 1_000) + Usage("other", 40));
        var once = await Send(first + first);
        Assert.Equal((1_000, 1_000), (once.Accepted, once.Duplicates));
        await Send(second);
        var before = await Account("acme");
        foreach (var (body, signals) in new[] { (first, 1_000), (second, 740), (first, 1_000) })
        {
            var again = await Send(body);
            Assert.Equal((0, signals), (again.Accepted, again.Duplicates));
        }
        Assert.Equal(before.Version, (await Account("acme")).Version);
    }

    [Fact]
    public async Task Who_does_not_wait_for_the_accounts_is_told_what_the_request_says_and_who_does_is_told_all()
    {
        var repeated = await Host.TakeAsync(Read(Usage("acme", 10) + Usage("acme", 4)), None);
        Assert.Equal((10, 4, 0), (repeated.Accepted, repeated.Duplicates, repeated.Pending));
        var late = Line("old", "acme", "usage", "login", ContractClock.Noon.AddDays(-43));
        var old = await Host.TakeAsync(Read(late), None);
        Assert.Equal((1, 1, 0), (old.Accepted, old.Late, old.Pending));
        var waited = await Send(Usage("acme", 15) + Usage("other", 2) + late);
        Assert.Equal((7, 0, 11, 0), (waited.Accepted, waited.Late, waited.Duplicates, waited.Pending));
    }

    [Fact]
    public async Task A_signal_older_than_the_calendar_is_accepted_counted_late_and_moves_no_score()
    {
        await Send(Usage("acme", 50));
        var before = await Account("acme");
        var receipt = await Send(Line("old", "acme", "billing", "cancelRequested", ContractClock.Noon.AddDays(-43)));
        Assert.Equal((1, 1), (receipt.Accepted, receipt.Late));
        Assert.Equal(before.Health.Categories.Single(c => c.Key == "product").Points,
            (await Account("acme")).Health.Categories.Single(c => c.Key == "product").Points, 1e-9);
        Assert.Empty((await Account("acme")).Health.Caps);
    }

    [Fact]
    public async Task A_source_first_heard_of_from_a_clock_that_is_ahead_is_known_from_now()
    {
        await Send(Usage("acme", 50));
        await Send(Line("ahead", "acme", "billing", "invoicePaid", ContractClock.Noon.AddHours(20)));
        Assert.True((await Account("acme")).Health.Categories.Single(c => c.Key == "billing").Coverage > 0);
    }

    [Fact]
    public async Task One_bad_signal_does_not_refuse_the_others()
    {
        var receipt = await Send(Usage("acme", 3) + "{\"id\":\"x\",\"account\":\"acme\",\"source\":\"usage\",\"kind\":\"slept\"}\n");
        Assert.Equal((3, 1), (receipt.Accepted, receipt.Rejected));
        Assert.Equal("kind", Assert.Single(receipt.Errors).Field);
    }

    [Fact]
    public async Task A_profile_is_shown_as_it_was_put_and_new_only_once()
    {
        Assert.True(await Host.PutProfileAsync(Profile("acme") with { Arr = 12_000 }, "dana", None));
        Assert.False(await Host.PutProfileAsync(Profile("acme") with { Arr = 24_000, Owner = "dana" }, "dana", None));
        var view = await Account("acme");
        Assert.Equal((24_000m, "dana"), (view.Profile.Arr, view.Profile.Owner));
        Assert.Equal(view.Risk.ArrAtRisk!.Value, Math.Round(24_000m * (decimal)view.Risk.ChurnProbability, 2));
    }

    [Fact]
    public async Task Points_sum_to_the_score_and_the_ledger_sums_to_its_change()
    {
        await Send(Usage("acme", 400));
        var health = (await Account("acme")).Health;
        Assert.Equal(health.Score, health.Categories.Sum(c => c.Points) + health.Caps.Sum(c => c.Points), 1e-9);
        var ledger = await Host.GetLedgerAsync("acme", ContractClock.Noon.AddDays(-9.3), ContractClock.Noon, None);
        Assert.Equal(ledger!.To.Score - ledger.From.Score, ledger.Items.Sum(item => item.Delta), 1e-9);
        Assert.Equal(health.Score, ledger.To.Score, 1e-9);
        Assert.Null(await Host.GetLedgerAsync("nobody", ContractClock.Noon.AddDays(-1), ContractClock.Noon, None));
    }

    [Fact]
    public async Task A_what_if_answers_and_changes_nothing()
    {
        await Send(Usage("acme", 300));
        var before = await Account("acme");
        var batch = Read(Line("w1", "acme", "billing", "cancelRequested", ContractClock.Noon));
        var then = await Host.WhatIfAsync("acme", new WhatIfQuestion(batch), None);
        Assert.Equal(20, then!.Health.Score, 1e-9);
        var other = await Host.WhatIfAsync("acme", new WhatIfQuestion(Read(""), "four-1"), None);
        Assert.Equal("four-1", other!.Health.Model);
        Assert.Equal(before.Health.Score, (await Account("acme")).Health.Score);
        Assert.Equal(before.Version, (await Account("acme")).Version);
    }

    [Fact]
    public async Task A_moment_outside_the_calendar_is_refused_by_name()
    {
        await Send(Usage("acme", 5));
        var past = await Assert.ThrowsAsync<InvalidQueryException>(
            async () => await Host.GetAccountAsync("acme", ContractClock.Noon.AddDays(-60), None));
        var future = await Assert.ThrowsAsync<InvalidQueryException>(
            async () => await Host.GetAccountAsync("acme", ContractClock.Noon.AddDays(2), None));
        Assert.Equal(("at", "at"), (past.Field, future.Field));
        Assert.NotNull(await Host.GetAccountAsync("acme", ContractClock.Noon.AddDays(-10), None));
    }

    [Fact]
    public async Task Lists_page_through_every_account_once_and_a_tampered_cursor_is_refused()
    {
        for (var k = 0; k < 25; k++) await Host.PutProfileAsync(Profile($"a{k:00}") with { Arr = 1000 + k }, "test", None);
        await Settle(page => page.Total == 25);
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await Host.ListAccountsAsync(new AccountQuery { Sort = "-arr", Limit = 7, Cursor = cursor }, None);
            seen.AddRange(page.Items.Select(item => item.Id));
            cursor = page.Next;
        } while (cursor is not null);
        Assert.Equal(Enumerable.Range(0, 25).Select(k => $"a{24 - k:00}"), seen);
        await Assert.ThrowsAsync<InvalidQueryException>(
            async () => await Host.ListAccountsAsync(new AccountQuery { Cursor = "bm90IGEgY3Vyc29y" }, None));
        Assert.Equal(25, (await Host.GetPortfolioAsync(null, None)).Accounts);
    }

    [Fact]
    public async Task An_alert_is_raised_acknowledged_and_resolved_once()
    {
        await Send(Usage("acme", 300));
        using var feed = await Host.WatchAsync(new WatchFilter(Account: "acme"), null, CancellationToken.None);
        await Send(Line("c1", "acme", "billing", "cancelRequested", ContractClock.Noon));
        var raised = await Next(feed, "alert.raised");
        var alert = Assert.IsType<AlertView>(raised.Data);
        Assert.Equal(("acme:churnRisk:1", Band.Red, AlertState.Open), (alert.Id, alert.Severity, alert.State));
        Assert.NotEmpty(alert.SuggestedApproach);
        Assert.Single((await Host.ListAlertsAsync(new AlertQuery(), None)).Items);
        Assert.Equal(AlertState.Acknowledged, (await Host.AcknowledgeAlertAsync(alert.Id, "dana", None))!.State);
        Assert.Equal("dana", (await Host.ResolveAlertAsync(alert.Id, "dana", "talked", None))!.ResolvedBy);
        await Assert.ThrowsAsync<InvalidTransitionException>(async () => await Host.ResolveAlertAsync(alert.Id, "dana", null, None));
        Assert.Null(await Host.AcknowledgeAlertAsync("acme:churnRisk:99", "dana", None));
        Assert.Empty((await Host.ListAlertsAsync(new AlertQuery(), None)).Items);
        Assert.Single((await Host.ListAlertsAsync(new AlertQuery(AlertState.Resolved), None)).Items);
    }

    [Fact]
    public async Task Activating_another_model_and_going_back_are_one_call_each()
    {
        await Send(Usage("acme", 100));
        var before = await Account("acme");
        Assert.True(await Host.ActivateModelAsync("four-1", "dana", None));
        Assert.Equal("four-1", (await Account("acme")).Health.Model);
        Assert.Equal("four-1", (await Host.ListModelsAsync(None)).Single(model => model.Active).Version);
        Assert.True(await Host.ActivateModelAsync("prior-1", "dana", None));
        Assert.Equal(before.Health.Score, (await Account("acme")).Health.Score, 1e-9);
        Assert.False(await Host.ActivateModelAsync("no-such", "dana", None));
    }

    [Fact]
    public async Task Events_of_an_unknown_group_are_held_until_it_is_linked()
    {
        await Host.PutProfileAsync(Profile("acme"), "test", None);
        var body = """
            {"type":"track","event":"Logged In","userId":"u1","messageId":"m1","timestamp":"2026-11-21T09:00:00Z","context":{"groupId":"g-1"}}

            """;
        var held = await Send(body, WireFormat.Any);
        Assert.Equal((0, 1), (held.Accepted, held.Held));
        Assert.Equal("g-1", Assert.Single((await Host.ListHeldAsync(50, null, None)).Items).ExternalId);
        var waiting = await Host.LinkAsync("segment", "g-1", "acme", "dana", None);
        var batch = new IntakeBatch();
        IntakeReader.ReadHeld(waiting, IntakeContext.Of(Host), batch);
        batch.UntilApplied = true;
        Assert.Equal(1, (await Host.TakeAsync(batch, None)).Accepted);
        Assert.Empty((await Host.ListHeldAsync(50, null, None)).Items);
        Assert.True((await Account("acme")).LastSignals.ContainsKey("usage"));
    }

    [Theory]
    [InlineData("profile")]
    [InlineData("account")]
    [InlineData("link")]
    public async Task Held_events_are_taken_once_their_account_is_known_however_that_is_learned(string how)
    {
        var group = how == "profile" ? "g-1" : "acme";
        var context = how == "link" ? "" : $",\"context\":{{\"groupId\":\"{group}\"}}";
        var body = """{"type":"track","event":"Logged In","userId":"u1","messageId":"m1","timestamp":"2026-11-21T09:00:00Z" """
            + context + "}\n";
        if (how == "link") await Host.PutProfileAsync(Profile("acme"), "test", None);
        Assert.Equal(1, (await Send(body, WireFormat.Any)).Held);

        if (how == "profile")
            await Host.PutProfileAsync(
                Profile("acme") with { ExternalIds = new Dictionary<string, string> { ["segment"] = group } }, "test", None);
        else if (how == "account") await Send(Line("a", "acme", "crm", "noteAdded", ContractClock.Noon));
        else await Send("""{"type":"group","userId":"u1","messageId":"m2","groupId":"acme"}""" + "\n", WireFormat.Any);

        Assert.Empty((await Host.ListHeldAsync(50, null, None)).Items);
        Assert.True((await Account("acme")).LastSignals.ContainsKey("usage"));
        Assert.Equal(1, (await Send(body, WireFormat.Any)).Duplicates);
    }

    [Fact]
    public async Task The_audit_tells_who_did_what()
    {
        await Host.PutProfileAsync(Profile("acme"), "dana", None);
        Clock.MoveTo(Clock.GetUtcNow().AddMinutes(1));
        var since = Clock.GetUtcNow();
        await Host.PutProfileAsync(Profile("acme") with { Owner = "kim" }, "kim", None);
        await Host.PutProfileAsync(Profile("other"), "dana", None);
        await Host.LinkAsync("stripe", "cus_1", "acme", "dana", None);
        await Host.ActivateModelAsync("four-1", "lee", None);

        var all = await Host.ListAuditAsync(new AuditQuery(), None);
        Assert.Equal(
            ["model.activated", "identity.linked", "account.created", "account.updated", "account.created"],
            all.Items.Select(entry => entry.Action));
        Assert.Equal((5, null), (all.Total, all.Next));
        Assert.Equal(new AuditView(since, "lee", "model.activated", "four-1", null), all.Items[0]);
        Assert.Equal(("acme", "stripe:cus_1"), (all.Items[1].Subject, all.Items[1].Detail));
        Assert.Equal(3, (await Host.ListAuditAsync(new AuditQuery(Account: "acme"), None)).Total);
        Assert.Equal(3, (await Host.ListAuditAsync(new AuditQuery(Actor: "dana"), None)).Total);
        Assert.Equal("kim", Assert.Single((await Host.ListAuditAsync(new AuditQuery("acme", "kim", since), None)).Items).Actor);
        Assert.Equal(4, (await Host.ListAuditAsync(new AuditQuery(Since: since), None)).Total);
        Assert.Equal(0, (await Host.ListAuditAsync(new AuditQuery(Account: "four-1"), None)).Total);

        var first = await Host.ListAuditAsync(new AuditQuery(Limit: 2), None);
        var second = await Host.ListAuditAsync(new AuditQuery(Limit: 3, Cursor: first.Next), None);
        Assert.Equal(all.Items, [.. first.Items, .. second.Items]);
        Assert.Null(second.Next);
        await Assert.ThrowsAsync<InvalidQueryException>(async () => await Host.ListAuditAsync(new AuditQuery(Cursor: "no"), None));
        await Assert.ThrowsAsync<InvalidQueryException>(async () => await Host.ListAuditAsync(new AuditQuery(Limit: 0), None));

        await Host.EraseAsync("acme", "officer", None);
        var erased = (await Host.ListAuditAsync(new AuditQuery(Account: "acme"), None)).Items;
        Assert.Equal(("account.erased", "officer", 4), (erased[0].Action, erased[0].Actor, erased.Count));
        Assert.DoesNotContain(
            (await Host.ListAuditAsync(new AuditQuery(), None)).Items, entry => $"{entry}".Contains("acme", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_question_about_42_days_ago_may_take_a_moment_to_arrive()
    {
        await Send(Usage("acme", 100));
        var asked = Clock.GetUtcNow();
        Clock.MoveTo(asked.AddSeconds(1));
        Assert.NotNull(await Host.GetAccountAsync("acme", asked.AddDays(-42), None));
        Assert.NotNull(await Host.GetLedgerAsync("acme", asked.AddDays(-42), asked, None));
        foreach (var at in (DateTimeOffset[])[asked.AddDays(-42.1), asked.AddMinutes(1)])
        {
            var refused = await Assert.ThrowsAsync<InvalidQueryException>(async () => await Host.GetAccountAsync("acme", at, None));
            Assert.Equal("at", refused.Field);
            refused = await Assert.ThrowsAsync<InvalidQueryException>(async () => await Host.GetLedgerAsync("acme", at, asked, None));
            Assert.Equal("since", refused.Field);
        }
    }

    [Fact]
    public async Task A_watcher_learns_that_an_account_was_erased()
    {
        await Host.PutProfileAsync(Profile("acme") with { Owner = "dana" }, "dana", None);
        await Host.PutProfileAsync(Profile("other") with { Owner = "kim" }, "dana", None);
        using var feed = await Host.WatchAsync(new WatchFilter(Account: "acme"), null, CancellationToken.None);
        using var book = await Host.WatchAsync(new WatchFilter(Owner: "dana"), null, CancellationToken.None);
        await Host.EraseAsync("other", "officer", None);
        await Host.EraseAsync("acme", "officer", None);
        foreach (var watcher in (IChangeFeed[])[feed, book])
        {
            var erased = await Next(watcher, "account.erased");
            Assert.Equal(("acme", new ErasedAccount("acme", "dana")), (erased.Account, erased.Data));
        }
    }

    [Fact]
    public async Task An_erased_account_is_gone_from_every_answer()
    {
        await Send(Usage("acme", 30));
        Assert.NotNull(await Host.EraseAsync("acme", "dana", None));
        Assert.Null(await Host.GetAccountAsync("acme", null, None));
        Assert.Null(await Host.EraseAsync("acme", "dana", None));
        await Settle(page => page.Total == 0);
    }

    [Fact]
    public async Task A_watcher_sees_a_change_of_its_account_and_not_of_others()
    {
        await Send(Usage("acme", 3) + Usage("other", 3));
        using var feed = await Host.WatchAsync(new WatchFilter(Account: "acme"), null, CancellationToken.None);
        await Send(Usage("other", 3, from: 10));
        await Send(Usage("acme", 3, from: 10));
        // News travels on its own: what was sent before the watch began may arrive after it.
        var changed = await Next(feed, "account.changed");
        while (Assert.IsType<AccountSummary>(changed.Data).Version < 6) changed = await Next(feed, "account.changed");
        Assert.Equal(("acme", 6), (changed.Account, ((AccountSummary)changed.Data).Version));
        using var resumed = await Host.WatchAsync(new WatchFilter(Account: "acme"), changed.Sequence - 1, CancellationToken.None);
        Assert.Equal(changed.Sequence, (await Next(resumed, "account.changed")).Sequence);
        Assert.False(resumed.Missed);
    }

    [Fact]
    public async Task History_ends_with_today_provisional()
    {
        await Send(Usage("acme", 100));
        var history = await Host.GetHistoryAsync("acme", 30, None);
        var today = history![^1];
        Assert.Equal((new DateOnly(2026, 11, 21), true), (today.Day, today.Provisional));
        Assert.Equal((await Account("acme")).Health.Score, today.Score, 1e-9);
        Assert.Null(await Host.GetHistoryAsync("nobody", 30, None));
    }

    [Fact]
    public async Task A_simulated_company_has_the_health_that_an_offline_replay_of_its_signals_has()
    {
        var company = Company.Create(new CompanySettings { Seed = 3, Accounts = 9, Days = 50, Start = ContractClock.Noon.AddDays(1) });
        var offline = new OfflineReplay(company.Profiles);
        Clock.MoveTo(company.Settings.Start);
        foreach (var profile in company.Profiles) await Host.PutProfileAsync(profile, "test", None);
        foreach (var day in company.Simulate().Advance(50))
        {
            Clock.MoveTo(day.Start.AddDays(1).AddSeconds(-1));
            var body = Ndjson(day.Events);
            await Send(body);
            offline.Take(Read(body), Clock.GetUtcNow());
        }
        // A host that reads a log counts its sources by what is stored, a moment behind: on this clock days, which look like silence.
        for (var hour = 0; hour < 4 && (await Host.GetSourcesAsync(None)).Items.Any(source => source.State == SourceState.Silent); hour++)
            await PassAsync(TimeSpan.FromHours(1));
        foreach (var profile in company.Profiles)
        {
            var (expected, actual) = (offline.View(profile.Id, Clock.GetUtcNow()), await Account(profile.Id));
            Assert.Equal(expected.Health.Score, actual.Health.Score, 1e-9);
            Assert.Equal(expected.Health.Low, actual.Health.Low, 1e-9);
            Assert.Equal(expected.Decline.Z, actual.Decline.Z, 1e-9);
            Assert.Equal(expected.Status, actual.Status);
        }
    }

    private static string Ndjson(IReadOnlyList<SimulatedEvent> events)
    {
        var writer = new WireWriter(nativeOnly: true);
        var lines = new ArrayBufferWriter<byte>();
        foreach (var happened in events) writer.Write(happened, lines);
        return Encoding.UTF8.GetString(lines.WrittenSpan);
    }

    /// <summary>Sends NDJSON as a client would who asks next, and so waits for the accounts.</summary>
    protected async Task<IntakeReceipt> Send(string ndjson, WireFormat format = WireFormat.Native)
    {
        var batch = Read(ndjson, format);
        batch.UntilApplied = true;
        return await Host.TakeAsync(batch, None);
    }

    private IntakeBatch Read(string ndjson, WireFormat format = WireFormat.Native)
    {
        var batch = new IntakeBatch();
        if (ndjson.Length > 0)
            IntakeReader.Read(format, Encoding.UTF8.GetBytes(ndjson), IntakeContext.Of(Host), batch, BodyShape.Lines);
        return batch;
    }

    private async Task<AccountView> Account(string id) => (await Host.GetAccountAsync(id, null, None))!;

    // Who looks all the time takes from the host the processor that it needs to get there.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);

    // Lists may be a moment behind and say so; the contract is that they catch up.
    private async Task Settle(Func<Page<AccountSummary>, bool> settled)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var wall = new PeriodicTimer(BetweenLooks);
        while (!settled(await Host.ListAccountsAsync(new AccountQuery(), patience.Token)))
        {
            Clock.MoveTo(Clock.GetUtcNow().AddSeconds(6));
            await wall.WaitForNextTickAsync(patience.Token);
        }
    }

    private static async Task<ChangeEvent> Next(IChangeFeed feed, string type)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
            foreach (var change in await feed.ReadAsync(patience.Token))
                if (change.Type == type) return change;
    }

    private static AccountProfile Profile(string id) => new() { Id = id, Name = id.ToUpperInvariant() };

    private static string Usage(string account, int count, int from = 0)
    {
        string[] kinds = ["login", "featureUsed", "workflowCompleted"];
        return string.Concat(Enumerable.Range(from, count).Select(k => Line(
            $"{account}-{k}", account, "usage", kinds[k % 3], ContractClock.Noon.AddHours(-2 * (k % 480)), $"u{k % 5}", k % 3 == 1 ? "reports" : null)));
    }

    private static string Line(
        string id, string account, string source, string kind, DateTimeOffset at, string? subject = null, string? name = null) =>
        $$"""{"id":"{{id}}","account":"{{account}}","source":"{{source}}","kind":"{{kind}}","at":"{{at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}}"{{(subject is null ? "" : $",\"subject\":\"{subject}\"")}}{{(name is null ? "" : $",\"name\":\"{name}\"")}}}""" + "\n";
}
