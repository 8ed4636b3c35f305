using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using FactAttribute = HealthGrains.Grains.Tests.Postgres.FactAttribute;
using HealthGrains.Kafka.Tests;
using HealthGrains.Simulation;

namespace HealthGrains.Cluster.Tests;

/// <summary>The made-up company that sends to Kafka, as a process of its own, and a node that reads it.</summary>
[NeedsPostgres]
[Collection("one after the other")]
public sealed class CompanyTests
{
    private const int Accounts = 12;
    private const int Days = 15;

    [Fact]
    public async Task A_made_up_company_arrives_whole()
    {
        using var kafka = new MockKafka(partitions: 2);
        var database = PostgresServer.Instance.ConnectionString(PostgresServer.Instance.NewName(" TEMPLATE template_healthgrains"));
        using var node = await Node.StartAsync(database, ("ClusterId", PostgresServer.TestIdentity.ClusterId),
            ("Kafka__BootstrapServers", kafka.BootstrapServers), ("SaveDelay", "00:00:01"));
        var now = TimeProvider.System.GetUtcNow();
        var company = Company.Create(new CompanySettings { Seed = 2, Accounts = Accounts, Days = Days, Start = now.AddDays(-Days) });
        var signals = company.Simulate().Advance(Days + 1).SelectMany(day => day.Events)
            .Count(happened => happened.IsSignal && happened.Time <= now);

        Assert.Equal(0, await ProduceAsync(kafka));

        await Wait.Until(() => Accepted(node) >= signals, () => $"{signals} signals, of which {Accepted(node)} came\n{node.Said}");
        Assert.DoesNotContain("went to the rejected topic", node.Said, StringComparison.Ordinal);
        // Profiles lie in a topic of their own, and lists show what is stored.
        var expected = company.Profiles.Select(profile => profile.Name).Order(StringComparer.Ordinal).ToList();
        List<string> listed = [];
        await Wait.Until(() => (listed = Names(node)).SequenceEqual(expected), () => $"{expected.Count} names; there are: {string.Join(", ", listed)}");
    }

    private static List<string> Names(Node node)
    {
        var page = node.Client.GetFromJsonAsync<JsonElement>("v1/accounts?limit=100").GetAwaiter().GetResult();
        return [.. page.GetProperty("items").EnumerateArray()
            .Select(account => account.GetProperty("name").GetString()!).Order(StringComparer.Ordinal)];
    }

    private static async Task<int> ProduceAsync(MockKafka kafka)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "healthgrains-silo.dll"), "produce", "--only-past", "--seed", "2",
                "--accounts", $"{Accounts}", "--days", $"{Days}",
            },
        };
        start.Environment["HealthGrains__Kafka__BootstrapServers"] = kafka.BootstrapServers;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static long Accepted(Node node) =>
        node.Client.GetFromJsonAsync<JsonElement>("health/ready").GetAwaiter().GetResult().GetProperty("signals").GetInt64();
}
