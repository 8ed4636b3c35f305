using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using FactAttribute = HealthGrains.Grains.Tests.Postgres.FactAttribute;
using HealthGrains.Kafka.Tests;
using HealthGrains.Signals;

namespace HealthGrains.Cluster.Tests;

/// <summary>What a cluster says, and how it ends, while a part that it needs is away.</summary>
[NeedsPostgres]
[Collection("one after the other")]
public sealed class OutageTests
{
    private const string Away = "the database has not answered for";
    private const string Told = "The database does not answer";
    private const string Back = "The database answers again";
    private const int TimeOfDay = 12;

    [Fact]
    public async Task Without_the_database_what_needs_it_is_refused_in_a_sentence_and_the_log_tells_it_once()
    {
        using var cluster = await Cluster.StartAsync(2);
        var load = new Load(21, 20);
        await load.SendAsync(() => cluster.Nodes[0], 100);
        var node = cluster.Nodes[0];
        PostgresServer.Instance.Crash();
        try
        {
            foreach (var path in (string[])["v1/accounts", "v1/alerts", "v1/portfolio", "v1/models", "v1/audit"])
                await UntilRefusedAsync(() => node.Client.GetAsync(path));
            Assert.Equal(HttpStatusCode.OK, (await node.Client.GetAsync("v1/accounts/a1")).StatusCode);
            var ready = await node.Client.GetAsync("health/ready");
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
            var degraded = JsonDocument.Parse(await ready.Content.ReadAsStringAsync()).RootElement.GetProperty("degraded");
            Assert.Contains(Away, Assert.Single(degraded.EnumerateArray()).GetString(), StringComparison.Ordinal);
            // An account of each silo: what one says, the other passes on.
            await Task.WhenAll(Enumerable.Range(0, 6).Select(i => UntilRefusedAsync(() => node.Client.PostAsync("v1/signals", Login(i)))));
            await UntilRefusedAsync(() => node.Client.GetAsync("v1/accounts/nobody-has-asked-for-this-one"));
            // Orleans' own services notice in their own time.
            foreach (var one in cluster.Nodes) await Until(() => HasSaid(one, Told) && HasSaid(one, "Failed to update table entry"));
            // Now that it is known, nobody is kept waiting, also not for an account that would have to be loaded.
            var watch = Stopwatch.StartNew();
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await node.Client.GetAsync("v1/accounts/nor-for-this-one")).StatusCode);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await node.Client.PostAsync("v1/signals", Login(7))).StatusCode);
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
        }
        finally
        {
            PostgresServer.Instance.Start();
        }
        await Until(async () => (await node.Client.GetAsync("v1/accounts")).IsSuccessStatusCode);
        await Until(async () => (await node.Client.GetStringAsync("health/ready")).Contains("\"degraded\":[]", StringComparison.Ordinal));
        foreach (var one in cluster.Nodes)
        {
            await Until(() => HasSaid(one, Back));
            var lines = one.Said.Split('\n');
            Assert.Single(lines, line => line.Contains(Told, StringComparison.Ordinal));
            Assert.Single(lines, line => line.Contains(Back, StringComparison.Ordinal));
            // No stack traces, and of Orleans each thing once.
            Assert.DoesNotContain(lines, line => line.Contains("   at ", StringComparison.Ordinal));
            Assert.All(
                lines.Where(line => line.Contains(": Orleans.", StringComparison.Ordinal)).GroupBy(line => line[TimeOfDay..]),
                said => Assert.Single(said));
        }
    }

    [Fact]
    public async Task Without_Kafka_a_node_says_so_and_ends_in_time_when_it_is_told_to_stop()
    {
        using var kafka = new MockKafka(partitions: 4);
        using var cluster = await Cluster.StartAsync(
            1, ("Kafka__BootstrapServers", kafka.BootstrapServers), ("Kafka__StatisticsInterval", "00:00:00.5"));
        var (load, node) = (new Load(22, 50), cluster.Nodes[0]);
        using (var producer = kafka.Produce())
        {
            await Task.WhenAll(load.Messages(2_000).Select(message => producer.ProduceAsync(
                kafka.Topic(SignalSource.Usage), new Message<string?, byte[]?> { Key = message.Account, Value = message.Message })));
        }
        await load.AssertTakenAsync(node);
        kafka.Kill();
        await Until(async () => (await node.Client.GetStringAsync("health/ready")).Contains("no Kafka broker has answered", StringComparison.Ordinal));

        var watch = Stopwatch.StartNew();
        Assert.Equal(0, await node.TerminateAsync());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed}\n{node.Said}");
    }

    [Fact]
    public async Task A_node_that_starts_without_Kafka_says_one_sentence()
    {
        using var gone = new MockKafka();
        gone.Kill();
        var said = await Assert.ThrowsAnyAsync<Exception>(() => Cluster.StartAsync(
            1, ("Kafka__BootstrapServers", gone.BootstrapServers), ("Kafka__CheckTimeout", "00:00:01")));
        Assert.Contains("the node ended with 1: healthgrains-silo: No broker of", said.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said.Message);
    }

    private static StringContent Login(int account) => new(
        $$"""{"id":"late-{{account}}","account":"a{{account}}","source":"usage","kind":"login","at":"{{TimeProvider.System.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}}"}""",
        Encoding.UTF8, "application/x-ndjson");

    /// <summary>Answers of a second ago may still be handed out; then it is refused, and well.</summary>
    private static async Task UntilRefusedAsync(Func<Task<HttpResponseMessage>> ask) => await Until(async () =>
    {
        using var answer = await ask();
        if (answer.IsSuccessStatusCode) return false;
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable, text);
        Assert.NotNull(answer.Headers.RetryAfter);
        var detail = JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString();
        Assert.StartsWith(Away, detail, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", detail, StringComparison.Ordinal);
        return true;
    });

    private static bool HasSaid(Node node, string what) => node.Said.Contains(what, StringComparison.Ordinal);

    private static Task Until(Func<bool> reached) => Until(() => Task.FromResult(reached()));

    private static async Task Until(Func<Task<bool>> reached)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!await reached()) await timer.WaitForNextTickAsync(patience.Token);
    }
}
