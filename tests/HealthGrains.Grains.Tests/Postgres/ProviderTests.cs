using System.Net;
using HealthGrains.Grains.Postgres;
using HealthGrains.Grains.Tenants;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService;
using Orleans.Storage;

namespace HealthGrains.Grains.Tests.Postgres;

/// <summary>The cluster's own providers find in the database what they ask for.</summary>
[NeedsPostgres]
[Collection("postgres")]
public sealed class ProviderTests : IAsyncLifetime
{
    private readonly NpgsqlDataSource _database = PostgresServer.Instance.NewDatabase();
    private readonly List<IHost> _silos = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.StopAsync();
            silo.Dispose();
        }
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Two_silos_join_and_one_leaves()
    {
        var first = await StartSiloAsync(1);
        var second = await StartSiloAsync(2);
        var management = first.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        Assert.Equal(2, (await management.GetHosts(onlyActive: true)).Count);
        Assert.Equal(2, (await _database.Command("SELECT status FROM membership WHERE status = 3").RowsAsync(row => row.GetInt32(0), default)).Count);
        _silos.Remove(second);
        await second.StopAsync();
        second.Dispose();
        Assert.Single(await management.GetHosts(onlyActive: true));
        Assert.Equal(2, (await management.GetHosts(onlyActive: false)).Count);
    }

    [Fact]
    public async Task Members_change_only_from_the_version_that_is_stored()
    {
        using var services = new ServiceCollection().BuildServiceProvider();
        var table = new AdoNetClusteringTable(
            services, Options.Create(new Orleans.Configuration.ClusterOptions { ClusterId = "other", ServiceId = "healthgrains" }),
            Options.Create(new AdoNetClusteringSiloOptions { Invariant = "Npgsql", DataSource = _database }),
            NullLogger<AdoNetClusteringTable>.Instance);
        await table.InitializeMembershipTableAsync(true, default);
        await table.InitializeMembershipTableAsync(true, default);
        var noon = new DateTime(2026, 11, 21, 12, 0, 0, DateTimeKind.Utc);
        var mine = new MembershipEntry
        {
            SiloAddress = SiloAddress.New(IPAddress.Loopback, 4, 1), SiloName = "mine", HostName = "h", Status = SiloStatus.Active, ProxyPort = 3,
            StartTime = noon, IAmAliveTime = noon,
        };
        var empty = await table.ReadAllAsync(default);
        Assert.Equal((0, 0), (empty.Members.Count, empty.Version.Version));
        Assert.True(await table.InsertRowAsync(mine, empty.Version.Next(), default));
        var before = await table.ReadAllAsync(default);
        var other = new MembershipEntry
        {
            SiloAddress = SiloAddress.New(IPAddress.Loopback, 5, 7), SiloName = "other", HostName = "h", Status = SiloStatus.Joining,
            ProxyPort = 6, StartTime = mine.StartTime, IAmAliveTime = mine.StartTime.AddDays(-30),
        };
        Assert.False(await table.InsertRowAsync(other, empty.Version.Next(), default));
        Assert.True(await table.InsertRowAsync(other, before.Version.Next(), default));
        var joined = await table.ReadAllAsync(default);
        Assert.Equal((2, before.Version.Version + 1), (joined.Members.Count, joined.Version.Version));
        Assert.False(await table.InsertRowAsync(other, joined.Version.Next(), default));
        other.Status = SiloStatus.Dead;
        other.AddSuspector(mine.SiloAddress, mine.StartTime);
        // A member's tag is the table's version as it was read with it.
        string Tag(MembershipTableData table) => table.Members.Single(member => member.Item1.SiloName == "other").Item2;
        Assert.False(await table.UpdateRowAsync(other, Tag(joined), before.Version.Next(), default));
        Assert.True(await table.UpdateRowAsync(other, Tag(joined), joined.Version.Next(), default));
        var row = await table.ReadRowAsync(other.SiloAddress, default);
        Assert.Equal((SiloStatus.Dead, "other", 1), (row.Members[0].Item1.Status, row.Members[0].Item1.SiloName, row.Members[0].Item1.SuspectTimes!.Count));
        Assert.Equal(mine.StartTime, row.Members[0].Item1.StartTime, TimeSpan.FromMilliseconds(1));
        Assert.Empty((await table.ReadRowAsync(SiloAddress.New(IPAddress.Loopback, 9, 9), default)).Members);
        other.IAmAliveTime = mine.StartTime.AddDays(-20);
        await table.UpdateIAmAliveAsync(other, default);
        await table.CleanupDefunctSiloEntriesAsync(mine.StartTime.AddDays(-25), default);
        Assert.Equal(2, (await table.ReadAllAsync(default)).Members.Count);
        await table.CleanupDefunctSiloEntriesAsync(mine.StartTime.AddDays(-10), default);
        Assert.Single((await table.ReadAllAsync(default)).Members);
        await table.DeleteMembershipTableEntriesAsync("other", default);
        Assert.Empty(await _database.Command("SELECT port FROM membership").RowsAsync(row => row.GetInt32(0), default));
    }

    [Theory]
    [InlineData("text key")]
    [InlineData("0a1b2c3d4e5f60718293a4b5c6d7e8f9")]
    [InlineData("17+of the plays")]
    public async Task A_grain_s_state_is_written_read_and_cleared_and_a_conflict_is_told(string key)
    {
        var silo = await StartSiloAsync(1);
        var storage = silo.Services.GetRequiredKeyedService<IGrainStorage>("PubSubStore");
        var grain = GrainId.Create("test", key);
        var state = new GrainState<TenantRecord>(new TenantRecord { Model = "first" });
        await storage.WriteStateAsync("notes", grain, state);
        var same = new GrainState<TenantRecord>();
        await storage.ReadStateAsync("notes", grain, same);
        Assert.Equal(("first", true, state.ETag), (same.State!.Model, same.RecordExists, same.ETag));
        same.State!.Model = "second";
        await storage.WriteStateAsync("notes", grain, same);
        await Assert.ThrowsAsync<InconsistentStateException>(async () => await storage.WriteStateAsync("notes", grain, state));
        await Assert.ThrowsAsync<InconsistentStateException>(
            async () => await storage.WriteStateAsync("notes", grain, new GrainState<TenantRecord>(new TenantRecord { Model = "a second first" })));
        await Assert.ThrowsAsync<InconsistentStateException>(async () => await storage.ClearStateAsync("notes", grain, state));
        await storage.ClearStateAsync("notes", grain, same);
        var gone = new GrainState<TenantRecord>();
        await storage.ReadStateAsync("notes", grain, gone);
        Assert.Equal((false, ""), (gone.RecordExists, gone.State!.Model));
        gone.State!.Model = "again";
        await storage.WriteStateAsync("notes", grain, gone);
        // Another type, and another key, are other rows.
        await storage.WriteStateAsync("other", grain, new GrainState<TenantRecord>(new TenantRecord()));
        await storage.WriteStateAsync("notes", GrainId.Create("test", key + "1"), new GrainState<TenantRecord>(new TenantRecord()));
        Assert.Equal(3, await _database.Command("SELECT count(*) FROM grain_storage").ValueAsync<long>(default));
    }

    [Fact]
    public async Task First_writes_that_overlap_leave_one_row()
    {
        var storage = (await StartSiloAsync(1)).Services.GetRequiredKeyedService<IGrainStorage>("PubSubStore");
        var grain = GrainId.Create("test", "one");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(async i =>
        {
            try
            {
                await storage.WriteStateAsync("notes", grain, new GrainState<TenantRecord>(new TenantRecord { Model = $"{i}" }));
                return 1;
            }
            catch (InconsistentStateException)
            {
                return 0;
            }
        }));
        Assert.Equal(1, outcomes.Sum());
        Assert.Equal(1, await _database.Command("SELECT count(*) FROM grain_storage").ValueAsync<long>(default));
    }

    [Fact]
    public async Task Reminders_are_kept_read_by_range_and_removed()
    {
        var table = (await StartSiloAsync(1)).Services.GetRequiredService<IReminderTable>();
        var start = new DateTime(2026, 11, 21, 12, 0, 0, DateTimeKind.Utc);
        var entries = Enumerable.Range(0, 60).Select(i => new ReminderEntry
        {
            GrainId = GrainId.Create("test", $"grain{i}"), ReminderName = "tick", StartAt = start, Period = TimeSpan.FromDays(30 + i),
        }).ToArray();
        foreach (var entry in entries) entry.ETag = (await table.UpsertRow(entry))!;
        var one = (await table.ReadRow(entries[0].GrainId, "tick"))!;
        Assert.Equal((start, entries[0].Period, entries[0].ETag), (one.StartAt, one.Period, one.ETag));
        Assert.Null(await table.ReadRow(entries[0].GrainId, "tock"));
        (uint, uint)[] ranges = [(0, 0x4000_0000), (0x7000_0000, 0x9000_0000), (0xC000_0000, 0x1000_0000), (5, 5)];
        foreach (var (begin, end) in ranges)
        {
            var expected = entries.Select(entry => entry.GrainId).Where(id => InRange(id.GetUniformHashCode(), begin, end));
            Assert.Equal(expected.Order(), (await table.ReadRows(begin, end)).Reminders.Select(entry => entry.GrainId).Order());
        }
        var again = (await table.UpsertRow(entries[0]))!;
        Assert.NotEqual(entries[0].ETag, again);
        Assert.False(await table.RemoveRow(entries[0].GrainId, "tick", entries[0].ETag!));
        Assert.True(await table.RemoveRow(entries[0].GrainId, "tick", again));
        Assert.Empty((await table.ReadRows(entries[0].GrainId)).Reminders);
        Assert.Single((await table.ReadRows(entries[1].GrainId)).Reminders);
        await table.TestOnlyClearTable();
        Assert.Empty((await table.ReadRows(0, 0)).Reminders);
    }

    [Fact]
    public async Task The_range_of_a_silo_is_read_by_an_index()
    {
        await _database.Command("""
            INSERT INTO reminders SELECT 'healthgrains', 'g' || i, 'tick', now(), 60000, hashint4(i), 0 FROM generate_series(1, 20000) AS i
            """).RunAsync(default);
        await _database.Command("ANALYZE reminders").RunAsync(default);
        var text = await _database.Command("SELECT querytext FROM orleansquery WHERE querykey = 'ReadRangeRows1Key'").ValueAsync<string>(default);
        var sql = text!.Replace("@ServiceId", "'healthgrains'").Replace("@BeginHash", "5000").Replace("@EndHash", "9000000");
        var plan = await _database.Command("EXPLAIN " + sql).RowsAsync(row => row.GetString(0), default);
        Assert.Contains(plan, line => line.Contains("reminders_by_hash", StringComparison.Ordinal));
    }

    private static bool InRange(uint hash, uint begin, uint end) => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;

    private async Task<IHost> StartSiloAsync(int number)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UsePostgres(_database);
            silo.Configure<Orleans.Configuration.ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("tests", "healthgrains"));
            silo.ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort());
            silo.Configure<SiloOptions>(options => options.SiloName = $"silo-{number}");
        });
        var host = builder.Build();
        await host.StartAsync();
        _silos.Add(host);
        return host;
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
