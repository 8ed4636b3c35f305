using Confluent.Kafka;
using FactAttribute = HealthGrains.Grains.Tests.Postgres.FactAttribute;
using HealthGrains.Kafka.Tests;
using HealthGrains.Signals;
using TheoryAttribute = HealthGrains.Grains.Tests.Postgres.TheoryAttribute;

namespace HealthGrains.Cluster.Tests;

/// <summary>
/// What intake from Kafka's protocol survives, with real processes on a real PostgreSQL: afterwards every message produced counts once
/// and every alert was raised once.
/// </summary>
[NeedsPostgres]
[Collection("one after the other")]
public sealed class LogSurvivalTests : IDisposable
{
    private const int Accounts = 150;

    private readonly MockKafka _kafka = new(partitions: 4);

    public void Dispose() => _kafka.Dispose();

    [Theory]
    [MemberData(nameof(Runs.OfKills), MemberType = typeof(Runs))]
    public async Task A_silo_that_reads_the_log_is_killed_under_load(int seed)
    {
        using var cluster = await StartAsync(2);
        var load = new Load(seed, Accounts);
        var moment = new Random(seed).Next(2, 28);
        for (var round = 0; round < 30; round++)
        {
            if (round == moment) await cluster.Nodes[1].KillAsync();
            await ProduceAsync(load.Messages(500));
        }
        await load.AssertTakenAsync(cluster.Nodes[0]);
        await ProduceAsync(load.Cancellations());

        await load.AssertTakenAsync(cluster.Nodes[0]);
        await load.AssertAlertsComeOnceAsync(cluster.Nodes[0]);
        cluster.AssertSaidPlainly();
    }

    [Theory]
    [MemberData(nameof(Runs.OfKills), MemberType = typeof(Runs))]
    public async Task Partitions_move_to_a_silo_that_comes_and_back_from_one_that_goes(int seed)
    {
        using var cluster = await StartAsync(1);
        var load = new Load(seed, Accounts);
        var random = new Random(seed);
        var (comes, goes) = (random.Next(2, 12), random.Next(14, 28));
        for (var round = 0; round < 30; round++)
        {
            if (round == comes) await cluster.AddAsync();
            if (round == goes) Assert.Equal(0, await cluster.Nodes[1].TerminateAsync());
            await ProduceAsync(load.Messages(500));
        }
        await load.AssertTakenAsync(cluster.Nodes[0]);
        await ProduceAsync(load.Cancellations());

        await load.AssertTakenAsync(cluster.Nodes[0]);
        await load.AssertAlertsComeOnceAsync(cluster.Nodes[0]);
        cluster.AssertSaidPlainly();
    }

    [Theory]
    [MemberData(nameof(Runs.OfTheRest), MemberType = typeof(Runs))]
    public async Task The_log_is_delivered_again_from_its_beginning(int seed)
    {
        var load = new Load(seed, Accounts);
        using var cluster = await StartAsync(1);
        await ProduceAsync(load.Messages(6_000));
        await ProduceAsync(load.Cancellations());
        await load.AssertTakenAsync(cluster.Nodes[0]);
        Assert.Equal(0, await cluster.Nodes[0].TerminateAsync());

        // A group that was sent back begins there, however much is stored.
        foreach (var topic in (string[])[_kafka.Topic(SignalSource.Usage), _kafka.Topic(SignalSource.Billing)])
            for (var partition = 0; partition < 4; partition++) _kafka.Commit(topic, partition, 0, "again");
        await cluster.AddAsync(("Kafka__GroupId", "again"));

        await load.AssertTakenAsync(cluster.Nodes[1]);
        await load.AssertAlertsComeOnceAsync(cluster.Nodes[1]);
        // Until the marks of the partitions were seen by all: what comes too often would show now.
        await ProduceAsync(load.Messages(500));
        await load.AssertTakenAsync(cluster.Nodes[1]);
    }

    [Fact]
    public async Task A_database_that_was_restored_gets_what_came_since_its_backup()
    {
        var load = new Load(14, Accounts);
        using var cluster = await StartAsync(1);
        for (var round = 0; round < 10; round++) await ProduceAsync(load.Messages(300));
        // As it runs: some of what was read is stored, some is not.
        var backup = PostgresServer.Instance.Dump(cluster.Database);
        for (var round = 0; round < 10; round++) await ProduceAsync(load.Messages(300));
        await load.AssertTakenAsync(cluster.Nodes[0]);
        Assert.Equal(0, await cluster.Nodes[0].TerminateAsync());

        // The same group, which has committed all of it.
        cluster.Database = PostgresServer.Instance.Restored(backup);
        await cluster.AddAsync();

        await load.AssertTakenAsync(cluster.Nodes[1]);
        await ProduceAsync(load.Cancellations());
        await load.AssertTakenAsync(cluster.Nodes[1]);
        await load.AssertAlertedOnceAsync(cluster.Nodes[1]);
        Assert.Contains("the database is older than the commits", cluster.Nodes[1].Said, StringComparison.Ordinal);
    }

    private Task<Cluster> StartAsync(int nodes) => Cluster.StartAsync(
        nodes, ("Kafka__BootstrapServers", _kafka.BootstrapServers), ("SaveDelay", "00:00:01"),
        Cluster.ShortSession, Cluster.Heartbeat);

    private async Task ProduceAsync(IEnumerable<(string Account, string Source, byte[] Message)> messages)
    {
        using var producer = _kafka.Produce();
        var sent = new List<Task>();
        foreach (var (account, source, message) in messages)
        {
            var topic = _kafka.Topic(source == "usage" ? SignalSource.Usage : SignalSource.Billing);
            sent.Add(producer.ProduceAsync(topic, new Message<string?, byte[]?> { Key = account, Value = message }));
        }
        await Task.WhenAll(sent);
    }
}
