using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using HealthGrains.Cli.Bench;
using HealthGrains.Cluster.Tests;
using HealthGrains.Kafka.Tests;

namespace HealthGrains.ClusterBench;

/// <summary>Silos in processes of their own on a database of their own, fed by brokers of their own.</summary>
internal sealed class Cluster : IDisposable
{
    public const int Watched = 50;

    private readonly List<Node> _nodes = [];
    private readonly MockKafka _kafka;
    private readonly string _database;
    private readonly bool _isPrompt;

    private Cluster(BenchScale scale, TimeProvider wall, bool isPrompt)
    {
        _isPrompt = isPrompt;
        _kafka = new MockKafka(LogLoad.Partitions);
        _database = PostgresServer.Instance.ConnectionString(PostgresServer.Instance.NewName(" TEMPLATE template_healthgrains"));
        Book = new Book(scale.Accounts, Watched);
        Load = new LogLoad(_kafka, Book, wall);
    }

    public Book Book { get; }

    public LogLoad Load { get; }

    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>Starts silos, and gives every account six weeks of signals.</summary>
    /// <param name="silos">How many.</param>
    /// <param name="scale">How much.</param>
    /// <param name="wall">The clock.</param>
    /// <param name="isPrompt">
    /// Whether readers ask the brokers a hundred times a second: signals show at once, and a reader that rests takes a tenth of a core.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Cluster> StartAsync(
        int silos, BenchScale scale, TimeProvider wall, bool isPrompt, CancellationToken cancellationToken)
    {
        var cluster = new Cluster(scale, wall, isPrompt);
        try
        {
            for (var i = 0; i < silos; i++) await cluster.AddAsync("silo,api,intake");
            var now = wall.GetUtcNow();
            await cluster.Load.FillAsync(
                scale.Accounts * BenchScale.HistoryPerAccount, now.AddDays(-41), now.AddHours(-1), cancellationToken);
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    public async Task<Node> AddAsync(string roles)
    {
        var node = await Node.StartAsync(_database, ("ClusterId", PostgresServer.TestIdentity.ClusterId), ("Roles", roles),
            ("Kafka__BootstrapServers", _kafka.BootstrapServers),
            // These brokers answer a fetch when its time is over, even when messages came before, and let a group's new member wait for
            // the old ones' sessions; others do not.
            ("Kafka__Settings__fetch.wait.max.ms", _isPrompt ? "10" : "100"), ("Kafka__Settings__session.timeout.ms", "6000"),
            ("Kafka__Settings__heartbeat.interval.ms", _isPrompt ? "100" : "1000"));
        _nodes.Add(node);
        return node;
    }

    public async Task StopAsync(Node node)
    {
        await node.TerminateAsync();
        _nodes.Remove(node);
        node.Dispose();
    }

    /// <summary>Signals that each node has taken so far.</summary>
    public async Task<long[]> TakenAsync(CancellationToken cancellationToken)
    {
        var taken = new long[_nodes.Count];
        for (var i = 0; i < taken.Length; i++)
        {
            var ready = await _nodes[i].Client.GetFromJsonAsync<JsonElement>("health/ready", cancellationToken);
            taken[i] = ready.GetProperty("signals").GetInt64();
        }
        return taken;
    }

    /// <summary>The version of an account as a node answers it; 0 while there is none.</summary>
    public static async Task<long> VersionAsync(Node node, int account, CancellationToken cancellationToken)
    {
        using var answer = await node.Client.GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"v1/accounts/{Book.Id(account)}"), cancellationToken);
        if (answer.StatusCode == System.Net.HttpStatusCode.NotFound) return 0;
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"GET of an account answered {(int)answer.StatusCode}: {System.Text.Encoding.UTF8.GetString(body)}");
        var at = body.AsSpan().LastIndexOf("\"version\":"u8);
        return System.Buffers.Text.Utf8Parser.TryParse(body.AsSpan(at + 10), out long version, out _) ? version : -1;
    }

    public void Dispose()
    {
        foreach (var node in _nodes) node.Dispose();
        Load.Dispose();
        _kafka.Dispose();
    }
}
