using System.Buffers;
using HealthGrains.Accounts;
using HealthGrains.Embedded.Storage;
using HealthGrains.Hosting;
using HealthGrains.Signals;
using Microsoft.Extensions.Logging.Abstractions;

namespace HealthGrains.Embedded.Tests;

/// <summary>A data directory of its own for a test, and hosts in it, one after another.</summary>
public sealed class HostDirectory : IAsyncDisposable
{
    private EmbeddedHost? _host;

    public HostDirectory() => Path = Directory.CreateTempSubdirectory("healthgrains-test-").FullName;

    public string Path { get; }

    public ManualClock Clock { get; } = ManualClock.AtNoon();

    public EmbeddedHost Host => _host!;

    public async Task<EmbeddedHost> StartAsync(Action<EmbeddedOptions>? configure = null)
    {
        var options = new EmbeddedOptions
        {
            DataDirectory = Path,
            Clock = Clock,
            ClockKind = ClockKind.Simulated,
            Keys = TenantKeys.Repeatable,
            // Checkpoints come when a test asks for them by stopping, or by setting this.
            CheckpointInterval = TimeSpan.FromHours(1),
        };
        configure?.Invoke(options);
        var host = new EmbeddedHost(options, NullLogger<EmbeddedHost>.Instance);
        await host.StartAsync(CancellationToken.None);
        return _host = host;
    }

    /// <summary>The bytes of every account, by id.</summary>
    public async Task<SortedDictionary<string, string>> StatesAsync()
    {
        await Host.SettleAsync();
        return await Host.AskAsync(turns =>
        {
            var states = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var slot in turns.Book.All())
            {
                var bytes = new ArrayBufferWriter<byte>();
                slot.State.Write(bytes);
                states.Add(slot.Id, Json.Write(slot.State.Profile) + Convert.ToHexString(bytes.WrittenSpan) + Json.Write(slot.Desk));
            }

            return states;
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        Directory.Delete(Path, recursive: true);
    }
}

/// <summary>Signals made up from a seed.</summary>
public static class MadeUp
{
    private static readonly SignalKind[] Kinds = [.. SignalKinds.All.Select(rule => rule.Kind)
        .Where(kind => kind is not (SignalKind.Churned or SignalKind.SubscriptionCancelled))];

    public static Signal Signal(Random random, ulong id, DateTimeOffset now)
    {
        var kind = random.Next(3) > 0 ? SignalKind.FeatureUsed : Kinds[random.Next(Kinds.Length)];
        var rule = kind.Rule();
        var value = rule.Unit is null ? float.NaN : Math.Max(rule.Min, Math.Min(rule.Max, random.Next(1, 6)));
        return new Signal(
            id, now.ToUnixTimeMilliseconds() - random.NextInt64(45L * 86_400_000), kind,
            (ulong)random.Next(1, 20), (uint)random.Next(1, 10), value,
            random.Next(4) == 0 ? (sbyte)random.Next(-100, 100) : HealthGrains.Signals.Signal.NoSentiment);
    }

    public static IntakeBatch Batch(Random random, ref ulong nextId, int signals, int accounts, DateTimeOffset now)
    {
        var batch = new IntakeBatch();
        for (var i = 0; i < signals; i++) batch.Add($"account-{random.Next(accounts)}", Signal(random, nextId++, now));
        return batch;
    }

    public static IntakeBatch Login(string account, ulong firstId, int count, DateTimeOffset at)
    {
        var batch = new IntakeBatch();
        for (var i = 0; i < count; i++)
            batch.Add(account, new Signal(firstId + (ulong)i, at.ToUnixTimeMilliseconds(), SignalKind.Login, Subject: (ulong)(i % 5 + 1)));
        return batch;
    }

    public static AccountProfile Profile(string id) => new() { Id = id, Name = id };
}
