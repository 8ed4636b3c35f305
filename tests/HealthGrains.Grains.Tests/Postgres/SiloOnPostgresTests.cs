using System.Net;
using System.Net.Sockets;
using System.Text;
using HealthGrains.Accounts;
using HealthGrains.Grains.Hosting;
using HealthGrains.Grains.Postgres;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;
using Orleans.Hosting;

namespace HealthGrains.Grains.Tests.Postgres;

/// <summary>Silos with everything in PostgreSQL: membership, reminders, the tenant's terms and the accounts.</summary>
[NeedsPostgres]
[Collection("postgres")]
public sealed class SiloOnPostgresTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly NpgsqlDataSource _database = PostgresServer.Instance.NewDatabase();
    private readonly List<IHost> _silos = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        while (_silos.Count > 0) await StopAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_cluster_that_starts_again_finds_all_it_had_and_what_it_had_learned()
    {
        var host = await StartAsync();
        var at = host.Clock.GetUtcNow().AddHours(-1);
        await host.PutProfileAsync(new AccountProfile { Id = "acme", Name = "Acme", Arr = 1_000, Owner = "dana" }, "dana", None);
        await host.TakeAsync(Read(host, "acme", 20, at), None);
        await host.LinkAsync("stripe", "cus_1", "acme", "dana", None);
        await host.ActivateModelAsync("four-1", "dana", None);
        var (before, keys) = ((await host.GetAccountAsync("acme", null, None))!, host.Keys);
        await StopAsync();

        host = await StartAsync();
        var after = (await host.GetAccountAsync("acme", null, None))!;
        Assert.Equal((before.Version, before.Profile.Owner, "four-1"), (after.Version, after.Profile.Owner, after.Health.Model));
        Assert.Equal(keys, host.Keys);
        Assert.Equal("acme", host.Identities.Find("stripe", "cus_1"));
        Assert.Equal("acme", Assert.Single((await host.ListAccountsAsync(new AccountQuery { Search = "ACM" }, None)).Items).Id);
        Assert.Equal(20, (await host.TakeAsync(Read(host, "acme", 20, at), None)).Duplicates);
        Assert.Equal(3, (await host.ListAuditAsync(new AuditQuery(), None)).Total);
        // The sweep's shards come back by their reminders.
        Assert.Equal(64, await _database.Command("SELECT count(*) FROM reminders").ValueAsync<long>(None));
    }

    [Fact]
    public async Task What_one_silo_writes_another_answers_and_erasure_reaches_both()
    {
        var (one, other) = (await StartAsync(), await StartAsync());
        for (var i = 0; i < 20; i++) await one.PutProfileAsync(AccountProfile.Unknown($"a{i}"), "dana", None);
        await one.LinkAsync("stripe", "cus_1", "a1", "dana", None);
        Assert.NotNull(await other.GetAccountAsync("a1", null, None));
        await Until(() => other.Identities.AccountExists("a19") && other.Identities.Find("stripe", "cus_1") == "a1");
        Assert.NotNull(await one.EraseAsync("a1", "officer", None));
        await Until(() => !other.Identities.AccountExists("a1") && other.Identities.Find("stripe", "cus_1") is null);
        Assert.Null(await other.GetAccountAsync("a1", null, None));
    }

    private static async Task Until(Func<bool> reached)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!reached()) await timer.WaitForNextTickAsync(patience.Token);
    }

    private static IntakeBatch Read(IHealthGrains host, string account, int count, DateTimeOffset at)
    {
        var lines = string.Concat(Enumerable.Range(0, count).Select(k =>
            $$"""{"id":"{{account}}-{{k}}","account":"{{account}}","source":"usage","kind":"login","at":"{{at:yyyy-MM-ddTHH:mm:ssZ}}"}""" + "\n"));
        var batch = new IntakeBatch();
        IntakeReader.Read(WireFormat.Native, Encoding.UTF8.GetBytes(lines), IntakeContext.Of(host), batch, BodyShape.Lines);
        return batch;
    }

    private async Task<IHealthGrains> StartAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UsePostgres(_database);
            silo.Services.AddPostgresStore(_database);
            silo.Configure<Orleans.Configuration.ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("tests", "healthgrains"));
            silo.ConfigureEndpoints(IPAddress.Loopback, Ports.Free(), Ports.Free());
            silo.AddHealthGrains(new ClusterOptions { DirectoryEvery = TimeSpan.FromMilliseconds(50) });
            silo.Services.AddHealthGrainsPort();
        });
        var host = builder.Build();
        await host.StartAsync();
        _silos.Add(host);
        return host.Services.GetRequiredService<IHealthGrains>();
    }

    private async Task StopAsync()
    {
        var silo = _silos[^1];
        _silos.RemoveAt(_silos.Count - 1);
        await silo.StopAsync();
        silo.Dispose();
    }
}
