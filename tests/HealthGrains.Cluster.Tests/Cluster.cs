namespace HealthGrains.Cluster.Tests;

/// <summary>Nodes on a database of their own.</summary>
internal sealed class Cluster : IDisposable
{
    /// <summary>
    /// A reader that was killed is missed after so long, and each time that partitions move the mock brokers wait for a second less.
    /// </summary>
    public static readonly (string, string) ShortSession = ("Kafka__Settings__session_timeout_ms", "3000");

    public static readonly (string, string) Heartbeat = ("Kafka__Settings__heartbeat_interval_ms", "300");

    private readonly (string, string)[] _settings;

    // What the runtime learns for later costs processes that live for seconds more than it gains.
    static Cluster() => Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");

    private Cluster((string, string)[] settings) => _settings = [("ClusterId", PostgresServer.TestIdentity.ClusterId), .. settings];

    /// <summary>The database's name. What is set to another one, starts on that.</summary>
    public string Database { get; set; } = PostgresServer.Instance.NewName(" TEMPLATE template_healthgrains");

    public List<Node> Nodes { get; } = [];

    public static async Task<Cluster> StartAsync(int nodes, params (string Name, string Value)[] settings)
    {
        var cluster = new Cluster(settings);
        try
        {
            // The first sets the cluster up; the others join it side by side.
            if (nodes > 0) await cluster.AddAsync();
            await Task.WhenAll(Enumerable.Range(1, Math.Max(0, nodes - 1)).Select(_ => cluster.AddAsync()));
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    public async Task AddAsync(params (string Name, string Value)[] settings)
    {
        var node = await Node.StartAsync(PostgresServer.Instance.ConnectionString(Database), [.. _settings, .. settings]);
        lock (Nodes) Nodes.Add(node);
    }

    /// <summary>What an operator does with the database; its exit code and what it said.</summary>
    public Task<(int Code, string Said)> DatabaseAsync(string verb, params (string Name, string Value)[] settings) =>
        Node.DatabaseAsync(verb, PostgresServer.Instance.ConnectionString(Database), [.. _settings, .. settings]);

    /// <summary>What befell the cluster was told in sentences.</summary>
    public void AssertSaidPlainly()
    {
        var traces = Nodes.SelectMany(node => node.Said.Split('\n'))
            .Where(line => line.Contains("   at ", StringComparison.Ordinal)).ToList();
        Assert.True(traces.Count == 0, string.Join('\n', traces));
    }

    public void Dispose()
    {
        foreach (var node in Nodes) node.Dispose();
    }
}
