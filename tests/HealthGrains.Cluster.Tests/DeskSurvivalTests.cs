using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using HealthGrains.Delivery.Tests;
using HealthGrains.Grains.Postgres;
using Npgsql;
using TheoryAttribute = HealthGrains.Grains.Tests.Postgres.TheoryAttribute;

namespace HealthGrains.Cluster.Tests;

/// <summary>
/// What desks survive, on silos that are real processes and a real PostgreSQL: whatever dies between the decision of a step and its
/// delivery, a receiver that drops repeated ids has each notice once, and none is lost.
/// </summary>
[NeedsPostgres]
[Collection("one after the other")]
public sealed class DeskSurvivalTests
{
    private const int Accounts = 40;

    // What was claimed by a node that died goes a minute later.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly (string, string)[] Receiver =
    [
        ("Delivery__Receivers__chat__Kind", "webhook"), ("Delivery__Receivers__chat__Secret", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"),
        ("Delivery__SendTimeout", "00:00:01"), ("Delivery__PollEvery", "00:00:00.5"),
    ];

    private static readonly object Practice = new
    {
        with = new[]
        {
            new
            {
                path = "triggers/unhappy.json",
                content = """
                    { "id": "unhappy", "version": 1, "title": "Unhappy", "per": "npsAgeDays",
                      "when": { "all": [{ "fact": "nps", "atMost": 6 }, { "fact": "npsAgeDays", "atMost": 14 }] } }
                    """,
            },
            new
            {
                path = "playbooks/tell.json",
                content = """
                    { "id": "tell", "version": 1, "title": "Tell the team", "goal": "Everybody knows.", "trigger": "unhappy",
                      "exits": { "recovered": false }, "steps": [
                        { "id": "tell", "day": 0, "kind": "notice", "title": "Tell", "template": "tell" },
                        { "id": "again", "day": 0, "kind": "notice", "title": "Tell again", "template": "tell", "after": "tell" },
                        { "id": "later", "day": 3, "kind": "task", "title": "Ask how it went" }] }
                    """,
            },
            new { path = "templates/tell.hbs", content = "---\nid: tell\nversion: 1\n---\nUNHAPPY {{account.name}}\n" },
        },
        without = Array.Empty<string>(),
    };

    [Theory]
    [MemberData(nameof(Runs.OfKills), MemberType = typeof(Runs))]
    public async Task Every_notice_is_delivered_once_though_silos_are_killed_and_the_database_is_restarted(int seed)
    {
        var random = new Random(seed);
        await using var team = await WebServer.StartAsync();
        // Now and then the receiver's answer is lost on its way.
        var answers = 0;
        team.Answer = _ => Interlocked.Increment(ref answers) % 5 == seed % 5 ? (500, "not now") : (200, "ok");
        using var cluster = await Cluster.StartAsync(
            3, [.. Receiver, ("Delivery__Receivers__chat__Url", team.Url + "/chat")]);
        var node = cluster.Nodes[0];
        await PostAsync(node, "v1/practice/files", JsonContent.Create(Practice));
        var sent = Task.WhenAll(Enumerable.Range(0, Accounts).Select(i => SendAsync(node, i, random.Next(0, 4_000))));
        await Pause(random.Next(200, 3_000));
        await cluster.Nodes[1].KillAsync();
        await Pause(random.Next(0, 2_000));
        PostgresServer.Instance.Crash();
        await Pause(random.Next(0, 1_000));
        PostgresServer.Instance.Start();
        await Pause(random.Next(0, 2_000));
        await cluster.Nodes[2].KillAsync();
        await cluster.AddAsync();
        await sent;

        await using var database = PostgresSource.Create(PostgresServer.Instance.ConnectionString(cluster.Database));
        // Two notices of the play for each account; an alert of the default practice speaks of other things.
        await UntilAsync(() => Task.FromResult(Notices(team).Distinct().Count() >= 2 * Accounts), () => Said(team, cluster));
        // And an urgent alert of the default practice, of which the team is told though nobody owns the account.
        await UntilAsync(
            () => AnswersAsync(database, $"SELECT count(DISTINCT account) = {Accounts} FROM pushes"), () => Said(team, cluster));
        await UntilAsync(() => AnswersAsync(database, "SELECT count(*) = 0 FROM deliveries WHERE state = 0"), () => Said(team, cluster));
        var notices = await RowsAsync(database, "SELECT account FROM deliveries WHERE body::text LIKE '%UNHAPPY%'");
        Assert.Equal(2 * Accounts, notices.Count);
        Assert.All(notices.GroupBy(account => account), of => Assert.Equal(2, of.Count()));
        Assert.Equal(2 * Accounts, Notices(team).Distinct().Count());
        var pushes = await RowsAsync(database, "SELECT account FROM deliveries WHERE id LIKE '%:push:%'");
        Assert.Equal((Accounts, Accounts), (pushes.Count, pushes.Distinct().Count()));
        Assert.True(await AnswersAsync(database, "SELECT count(*) = 0 FROM deliveries WHERE state <> 1"));
        Assert.Equal(Accounts, (await RowsAsync(database, "SELECT account FROM work WHERE kind = 1 AND body ->> 'playbook' = 'tell'")).Count);
        cluster.AssertSaidPlainly();
    }

    private static List<string> Notices(WebServer team) =>
        [.. team.Came.Where(came => came.Text.Contains("UNHAPPY", StringComparison.Ordinal)).Select(came => came.Headers["webhook-id"])];

    private static string Said(WebServer team, Cluster cluster) =>
        $"{Notices(team).Distinct().Count()} of {2 * Accounts} came\n{string.Join('\n', cluster.Nodes.Select(node => node.Said))}";

    private static async Task SendAsync(Node node, int account, int after)
    {
        await Pause(after);
        var at = TimeProvider.System.GetUtcNow().AddHours(-1).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var answer = $$"""{"id":"nps-{{account}}","account":"a{{account}}","source":"engagement","kind":"npsAnswered","at":"{{at}}","subject":"kim","value":3}""";
        await PostAsync(node, "v1/signals", new StringContent(answer, Encoding.UTF8, "application/x-ndjson"));
    }

    private static async Task PostAsync(Node node, string path, HttpContent content)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        var body = await content.ReadAsByteArrayAsync();
        while (true)
        {
            using var again = new ByteArrayContent(body);
            again.Headers.ContentType = content.Headers.ContentType;
            using var answer = await node.Client.PostAsync(path, again, patience.Token);
            var said = await answer.Content.ReadAsStringAsync(patience.Token);
            if (answer.IsSuccessStatusCode)
            {
                Assert.DoesNotContain("\"problems\":[{", said, StringComparison.Ordinal);
                return;
            }
            Assert.True(answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests, said);
            await Pause(200);
        }
    }

    private static Task Pause(int milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);

    private static async Task<bool> AnswersAsync(NpgsqlDataSource database, string question)
    {
        await using var command = database.CreateCommand(question);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<List<string>> RowsAsync(NpgsqlDataSource database, string question)
    {
        await using var command = database.CreateCommand(question);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return rows;
    }

    private static async Task UntilAsync(Func<Task<bool>> reached, Func<string> said)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!await reached())
        {
            Assert.False(patience.IsCancellationRequested, patience.IsCancellationRequested ? said() : "");
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
