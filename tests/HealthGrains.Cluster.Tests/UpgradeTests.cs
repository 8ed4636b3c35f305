using HealthGrains.HostContract;
using FactAttribute = HealthGrains.Grains.Tests.Postgres.FactAttribute;

namespace HealthGrains.Cluster.Tests;

/// <summary>
/// A rolling upgrade from another build, which <c>HEALTHGRAINS_EARLIER_BUILD</c> names: the folder with its healthgrains-silo.dll.
/// </summary>
[NeedsEarlierBuild]
[Collection("one after the other")]
public sealed class UpgradeTests
{
    private const int Accounts = 200;
    private const int Signals = 500;

    [Fact]
    public async Task Silos_of_an_earlier_build_are_replaced_one_by_one_under_load_and_one_is_rolled_back_where_it_knows_the_schema()
    {
        var earlier = ("Build", NeedsEarlierBuildAttribute.Folder!);
        using var cluster = await Cluster.StartAsync(0);
        cluster.Database = PostgresServer.Instance.NewName();
        await DoneAsync(cluster, "init", earlier);
        for (var i = 0; i < 3; i++) await cluster.AddAsync(earlier);
        var load = new Load(5, Accounts);
        var serving = 0;
        var sending = Task.Run(async () =>
        {
            for (var round = 0; round < 120; round++) await load.SendAsync(() => cluster.Nodes[Volatile.Read(ref serving)], Signals);
        });
        await load.Sent(5);
        // While silos of the earlier build run on it.
        await DoneAsync(cluster, "upgrade");
        var knowsEarlier = (await cluster.DatabaseAsync("check", earlier)).Code == 0;
        for (var i = 0; i < 3; i++)
        {
            await load.Sent(10);
            await cluster.AddAsync();
            // Old and new answer in turn.
            Volatile.Write(ref serving, i % 2 == 0 ? cluster.Nodes.Count - 1 : 2);
            await load.Sent(5);
            Volatile.Write(ref serving, cluster.Nodes.Count - 1);
            Assert.Equal(0, await cluster.Nodes[i].TerminateAsync());
        }
        // A build that does not know the schema does not start on it: then there is no way back, and a silo is replaced once more.
        await cluster.AddAsync(knowsEarlier ? [earlier] : []);
        Volatile.Write(ref serving, cluster.Nodes.Count - 1);
        Assert.Equal(0, await cluster.Nodes[3].TerminateAsync());
        await sending;
        await load.CancelAllAsync(() => cluster.Nodes[4]);

        await load.AssertCountedOnceAsync(cluster.Nodes[5]);
        await load.AssertAlertedOnceAsync(cluster.Nodes[^1]);
        cluster.AssertSaidPlainly();
    }

    private static async Task DoneAsync(Cluster cluster, string verb, params (string Name, string Value)[] settings)
    {
        var (code, said) = await cluster.DatabaseAsync(verb, settings);
        Assert.True(code == 0, said);
    }
}

[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsEarlierBuildAttribute : RequirementAttribute
{
    public static string? Folder => Environment.GetEnvironmentVariable("HEALTHGRAINS_EARLIER_BUILD");

    public override string? Missing => PostgresServer.Missing ?? (Folder is { Length: > 0 } ? null
        : "no earlier build is at hand: name the folder of its healthgrains-silo.dll in HEALTHGRAINS_EARLIER_BUILD");
}
