namespace HealthGrains.Cluster.Tests;

/// <summary>Nodes on a database of their own.</summary>
internal sealed class Cluster : IDisposable
{
    private readonly (string, string)[] _settings;

    private Cluster((string, string)[] settings) => _settings = [("ClusterId", PostgresServer.TestIdentity.ClusterId), .. settings];

    /// <summary>The database's name. What is set to another one, starts on that.</summary>
    public string Database { get; set; } = PostgresServer.Instance.NewName(" TEMPLATE template_healthgrains");

    public List<Node> Nodes { get; } = [];

    public static async Task<Cluster> StartAsync(int nodes, params (string Name, string Value)[] settings)
    {
        var cluster = new Cluster(settings);
        for (var i = 0; i < nodes; i++) await cluster.AddAsync();
        return cluster;
    }

    public async Task AddAsync(params (string Name, string Value)[] settings) =>
        Nodes.Add(await Node.StartAsync(PostgresServer.Instance.ConnectionString(Database), [.. _settings, .. settings]));

    public void Dispose()
    {
        foreach (var node in Nodes) node.Dispose();
    }
}
