using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HealthGrains.Kafka.Tests;
using FactAttribute = HealthGrains.Grains.Tests.Postgres.FactAttribute;

namespace HealthGrains.Cluster.Tests;

/// <summary>
/// The three roles apart, each in a process of its own: a silo, a node that takes what comes over HTTP and writes it to the log, and nodes
/// that read the log.
/// </summary>
[NeedsPostgres]
[Collection("one after the other")]
public sealed class DoorTests : IDisposable
{
    private const int Accounts = 120;

    private readonly MockKafka _kafka = new(partitions: 4);

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task What_comes_over_HTTP_is_taken_once_though_the_node_that_reads_the_log_is_killed()
    {
        using var cluster = await StartAsync();
        var (silo, api) = (cluster.Nodes[0], cluster.Nodes[1]);
        var reader = await AddAsync(cluster, "intake");
        var load = new Load(21, Accounts);
        AssertWhole(await load.SendAndWaitAsync(api, 400), 400);
        for (var round = 0; round < 10; round++) await load.SendAsync(() => api, 400);

        await reader.KillAsync();
        // Nobody reads the log now, and it takes what comes.
        for (var round = 0; round < 10; round++) await load.SendAsync(() => api, 400);
        var late = await load.SendAndWaitAsync(api, 50);
        Assert.Equal((50, 50), (late.GetProperty("accepted").GetInt32(), late.GetProperty("pending").GetInt32()));

        await AddAsync(cluster, "intake");
        await load.AssertTakenAsync(api);
        AssertWhole(await load.SendAndWaitAsync(api, 400), 400);
        await load.CancelAllAsync(() => api);
        await load.AssertTakenAsync(api);
        await load.AssertAlertedOnceAsync(api);
        Assert.Equal(0, await cluster.Nodes[^1].TerminateAsync());
        Assert.Equal(0, await api.TerminateAsync());
        Assert.Equal(0, await silo.TerminateAsync());
    }

    [Fact]
    public async Task A_profile_is_seen_at_once_and_audited_once_and_a_log_that_is_gone_is_told()
    {
        using var cluster = await StartAsync();
        var api = cluster.Nodes[1];
        await AddAsync(cluster, "intake");
        foreach (var owner in (string[])["dana", "kim"])
        {
            var put = await api.Client.PutAsJsonAsync("v1/accounts/acme", new { name = "Acme", owner });
            Assert.Equal(owner == "dana" ? HttpStatusCode.Created : HttpStatusCode.OK, put.StatusCode);
            Assert.Equal(owner, (await put.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("owner").GetString());
            var shown = await api.Client.GetFromJsonAsync<JsonElement>("v1/accounts/acme");
            Assert.Equal(owner, shown.GetProperty("owner").GetString());
        }
        // What comes after the profiles in the log is read after them.
        var load = new Load(22, Accounts);
        AssertWhole(await load.SendAndWaitAsync(api, 100), 100);
        var audit = await api.Client.GetFromJsonAsync<JsonElement>("v1/audit?account=acme");
        Assert.Equal(2, audit.GetProperty("total").GetInt32());

        _kafka.GoDown();
        var told = "";
        await Wait.Until(() => (told = ReadyAsync(api).GetAwaiter().GetResult()).Contains("no broker of", StringComparison.Ordinal), () => told);
        using var content = new StringContent("""{"id":"x","account":"acme","source":"usage","kind":"login"}""");
        var refused = await api.Client.PostAsync("v1/signals", content);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("Kafka did not take a message", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        _kafka.ComeBack();
        await Wait.Until(() => (told = ReadyAsync(api).GetAwaiter().GetResult()).Contains("\"degraded\":[]", StringComparison.Ordinal), () => told);
        await load.SendAsync(() => api, 100);
        await load.AssertTakenAsync(api);
    }

    private static async Task<string> ReadyAsync(Node node)
    {
        using var answer = await node.Client.GetAsync("health/ready");
        return await answer.Content.ReadAsStringAsync();
    }

    private static void AssertWhole(JsonElement receipt, int signals)
    {
        Assert.False(receipt.TryGetProperty("pending", out _), receipt.ToString());
        Assert.Equal((signals, 0), (receipt.GetProperty("accepted").GetInt32(), receipt.GetProperty("duplicates").GetInt32()));
    }

    private async Task<Cluster> StartAsync()
    {
        var cluster = await Cluster.StartAsync(0, ("Kafka__BootstrapServers", _kafka.BootstrapServers),
            Cluster.ShortSession, Cluster.Heartbeat,
            ("Kafka__StatisticsInterval", "00:00:00.5"), ("Kafka__AppendTimeout", "00:00:02"), ("SaveDelay", "00:00:01"),
            ("AppliedWithin", "00:00:06"));
        await AddAsync(cluster, "silo");
        await AddAsync(cluster, "api");
        return cluster;
    }

    private static async Task<Node> AddAsync(Cluster cluster, string role)
    {
        await cluster.AddAsync(("Roles", role));
        return cluster.Nodes[^1];
    }
}
