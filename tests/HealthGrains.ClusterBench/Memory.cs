using System.Text;
using HealthGrains.Accounts;
using HealthGrains.Cli.Bench;
using HealthGrains.Grains.Accounts;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HealthGrains.ClusterBench;

/// <summary>What a silo needs for an account that it knows, and for one that is active, beside what Orleans needs for any grain.</summary>
internal sealed class Memory(BenchScale scale, Action<string> say, TimeProvider wall)
{
    private const int Samples = 100;
    private const int SignalsPerSample = 60;
    private const int BatchSize = 4_096;

    public async Task<List<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        await using var database = PostgresServer.Instance.NewDatabase();
        using (var silo = await OwnSilo.StartAsync(database, cancellationToken))
        {
            say($"memory: storing {scale.Known:N0} accounts ...");
            await StoreAsync(silo, cancellationToken);
            await silo.StopAsync(cancellationToken);
        }
        var empty = await MeasureEmptyAsync(cancellationToken);
        using var known = await OwnSilo.StartAsync(database, cancellationToken);
        say($"memory: {scale.Active:N0} of {scale.Known:N0} accounts are asked for ...");
        var before = Held();
        var grains = known.Services.GetRequiredService<IGrainFactory>();
        await ManyAsync(i => grains.GetGrain<IBare>(Book.Id(i)).TouchAsync(), cancellationToken);
        var bare = Held();
        var host = known.Services.GetRequiredService<IHealthGrains>();
        await ManyAsync(async i =>
        {
            if (await host.GetAccountAsync(Book.Id(i), null, cancellationToken) is null)
                throw new InvalidOperationException($"{Book.Id(i)} is not stored");
        }, cancellationToken);
        var active = Held();
        say($"memory: they take signals ...");
        for (var time = 0; time < 2; time++)
            await ManyAsync(i => host.TakeAsync(Login(i, time), cancellationToken).AsTask(), cancellationToken);
        var awake = Held();
        await known.StopAsync(cancellationToken);
        var bareEach = (double)(bare - before) / scale.Active;
        return
        [
            new Figure("memoryKnown", "memory of a known account", Math.Max(0, (double)(before - empty) / scale.Known), "B",
                FormattableString.Invariant($"{scale.Known:N0} accounts, none active")),
            new Figure("memoryBare", "memory of a bare activation", bareEach, "B", FormattableString.Invariant($"{scale.Active:N0} grains")),
            new Figure("memoryActive", "memory of an active account above it", (double)(active - bare) / scale.Active - bareEach, "B",
                FormattableString.Invariant($"{scale.Active:N0} accounts with {SignalsPerSample} signals in six weeks"))
            { AtMost = 2_560 },
            new Figure("memoryAwake", "  while signals come to it", (double)(awake - bare) / scale.Active - bareEach, "B", "two, one right after the other"),
        ];
    }

    private static async Task<long> MeasureEmptyAsync(CancellationToken cancellationToken)
    {
        await using var database = PostgresServer.Instance.NewDatabase();
        using var silo = await OwnSilo.StartAsync(database, cancellationToken);
        var held = Held();
        await silo.StopAsync(cancellationToken);
        return held;
    }

    private static long Held()
    {
        for (var i = 0; i < 3; i++) GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private Task ManyAsync(Func<int, Task> work, CancellationToken cancellationToken) => Parallel.ForAsync(
        0, scale.Active, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = cancellationToken },
        async (i, _) => await work(i));

    /// <summary>Some accounts live six weeks, and are stored over and over under other names.</summary>
    private async Task StoreAsync(IHost silo, CancellationToken cancellationToken)
    {
        var host = silo.Services.GetRequiredService<IHealthGrains>();
        var store = silo.Services.GetRequiredService<IAccountStore>();
        var book = new Book(Samples, 0);
        var now = wall.GetUtcNow();
        var batch = book.Next(Samples * SignalsPerSample, now.AddDays(-41), now.AddHours(-1));
        await host.TakeAsync(Read(batch.Body, host), cancellationToken);
        var rows = new AccountRow[Samples];
        for (var i = 0; i < Samples; i++)
            rows[i] = await store.ReadAsync(Book.Id(i), cancellationToken) ?? throw new InvalidOperationException("a sample was not stored");
        var writes = new List<AccountWrite>(BatchSize);
        for (var i = Samples; i < scale.Known; i++)
        {
            writes.Add(Copy(rows[i % Samples], Book.Id(i)));
            if (writes.Count < BatchSize && i < scale.Known - 1) continue;
            await store.WriteAsync(writes, cancellationToken);
            writes.Clear();
        }
    }

    private IntakeBatch Login(int account, int time)
    {
        var now = wall.GetUtcNow().ToUnixTimeMilliseconds();
        var batch = new IntakeBatch();
        batch.Add(Book.Id(account), new Signals.Signal((ulong)(account * 2 + time) << 32, now, Signals.SignalKind.Login, 1));
        return batch;
    }

    private static IntakeBatch Read(byte[] packed, IHealthGrains host)
    {
        using var lines = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(new MemoryStream(packed), System.IO.Compression.CompressionMode.Decompress))
            gzip.CopyTo(lines);
        var batch = new IntakeBatch();
        IntakeReader.Read(WireFormat.Native, lines.ToArray(), IntakeContext.Of(host), batch);
        return batch;
    }

    private static AccountWrite Copy(AccountRow row, string id)
    {
        var profile = AccountProfile.Unknown(id);
        var record = new AccountRecord();
        record.Load(row with { Profile = StoredJson.WriteBytes(profile) });
        return new AccountWrite
        {
            Id = id, Replaces = 0, Profile = profile, Figures = default, Closes = [], Alerts = [], Audit = [],
            Row = row with { Version = 1, Profile = StoredJson.WriteBytes(profile), DueAt = long.MaxValue },
        };
    }
}

[Alias("bench.bare")]
internal interface IBare : IGrainWithStringKey
{
    [Alias("touch")]
    Task TouchAsync();
}

/// <summary>A grain with nothing in it.</summary>
internal sealed class Bare : Grain, IBare
{
    public Task TouchAsync() => Task.CompletedTask;
}
