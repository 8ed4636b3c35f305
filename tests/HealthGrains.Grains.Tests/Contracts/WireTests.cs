using System.Buffers;
using HealthGrains.Accounts;
using HealthGrains.Grains.Accounts;
using HealthGrains.Grains.Tenants;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Policy;
using HealthGrains.Signals;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace HealthGrains.Grains.Tests.Contracts;

/// <summary>
/// Silos of two builds talk to each other while one replaces the other. What earlier builds sent is kept in <c>recorded.txt</c>: one
/// line a message, never changed, only added to.
/// </summary>
public sealed class WireTests : IDisposable
{
    private const string Record = "HEALTHGRAINS_RECORD";

    private static readonly Signal Login = new(7, 1_700_000_000_123, SignalKind.Login, 9, 11, 2.5f, -1);

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private Serializer Serializer => _services.GetRequiredService<Serializer>();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void What_an_earlier_build_sent_is_read_as_it_was_meant()
    {
        var samples = new (string Name, string Now, Func<string, string> Again)[]
        {
            Sample("signalRun", new SignalRun
            {
                Signals = [Login, Login with { Id = 8 }], Topic = 3, Partition = 2, Offsets = [40, 41], After = 39,
            }),
            Sample("logPlace", new LogPlace(3, 2, 41)),
            Sample("takeReply", new TakeReply(5, 1, 2, true)),
            Sample("accountCopy", new AccountCopy([1, 2, 3], [4, 5], "prior-1", 1_700_000_000_123)),
            Sample("alertAction", new AlertAction("acme:churnRisk:1", "dana", true, "called")),
            Sample("eraseReply", new EraseReply(MadeUp.Now, 12)),
            Sample("tenantTerms", new TenantTerms(4, 5, 6, [7, 8, long.MaxValue], "prior-1")),
        };
        foreach (var (name, now, again) in samples)
            foreach (var (build, recorded) in Recorded(name, now)) Assert.Equal((build, name, now), (build, name, again(recorded)));
    }

    [Fact]
    public void What_an_earlier_build_stored_of_an_account_goes_on_where_it_was()
    {
        var ruling = new Ruling(HealthModels.Presets[0], HealthPolicies.Presets[0], new TenantFacts());
        var turn = ruling.Turn(MadeUp.Now.ToUnixTimeMilliseconds(), new Outbox());
        var profile = AccountProfile.Unknown("acme");
        var state = new AccountState(profile);
        var marks = new IntakeMarks();
        for (var i = 0; i < 300; i++)
        {
            var kind = i % 3 == 0 ? SignalKind.Login : SignalKind.WorkflowCompleted;
            AccountTurns.Take(state, [new Signal((ulong)i + 1, turn.Now - i * 3_600_000L, kind, (ulong)i % 7)], turn);
            marks.Add((ulong)i + 1);
            marks.Taken(3, i % 2, i);
        }
        AccountTurns.Take(state, [new Signal(999, turn.Now, SignalKind.CancelRequested)], turn);
        AccountTurns.Decide(state, turn);
        var bytes = new ArrayBufferWriter<byte>();
        state.Write(bytes);

        foreach (var (build, recorded) in Recorded("accountState", Convert.ToBase64String(bytes.WrittenSpan)))
        {
            var read = AccountState.Read(Convert.FromBase64String(recorded), profile);
            var (then, now) = (AccountTurns.View(read, new NoNames(), turn), AccountTurns.View(state, new NoNames(), turn));
            Assert.Equal((build, now.Version, now.Alerts.Count), (build, then.Version, then.Alerts.Count));
            Assert.Equal(now.Health.Score, then.Health.Score, 1e-9);
        }
        foreach (var (_, recorded) in Recorded("intakeMarks", Convert.ToBase64String(marks.Write())))
        {
            var read = IntakeMarks.Read(Convert.FromBase64String(recorded));
            Assert.True(read.IsTaken(3, 1, 299) && !read.IsTaken(3, 1, 300) && !read.IsTaken(3, 0, 299));
            Assert.False(read.Add(300));
            Assert.True(read.Add(1));
        }
    }

    /// <summary>What builds have recorded of a thing. A build that is told to adds its own.</summary>
    private static (string Build, string Recorded)[] Recorded(string name, string now)
    {
        var file = Path.Combine(Root(), "recorded.txt");
        if (Environment.GetEnvironmentVariable(Record) is { Length: > 0 } build) File.AppendAllText(file, $"{build} {name} {now}\n");
        var recorded = File.ReadAllLines(file).Select(line => line.Split(' ')).Where(line => line[1] == name).ToArray();
        Assert.NotEmpty(recorded);
        return [.. recorded.Select(line => (line[0], line[2]))];
    }

    [Fact]
    public void A_later_build_s_message_is_read_by_this_one_and_this_one_s_by_a_later_build()
    {
        var now = new SignalRun { Signals = [Login], Topic = 3, Partition = 2, Offsets = [40], After = 39 };
        var later = Read<SignalRunOfALaterBuild>(Write(now));
        Assert.Equal((Login, 3u, 2, 40, 39), (later.Signals[0], later.Topic, later.Partition, later.Offsets[0], later.After));
        Assert.Null(later.Trace);

        later.Trace = "what this build does not know";
        var back = Read<SignalRun>(Write(later));
        Assert.Equal((Login, 3u, 2, 40, 39), (back.Signals[0], back.Topic, back.Partition, back.Offsets[0], back.After));

        var reply = Read<TakeReplyOfALaterBuild>(Write(new TakeReply(5, 1, 2, true)));
        Assert.Equal(new TakeReplyOfALaterBuild(5, 1, 2, true, 0), reply);
        Assert.Equal(new TakeReply(5, 1, 2, true), Read<TakeReply>(Write(reply with { Refused = 6 })));
    }

    private (string, string, Func<string, string>) Sample<T>(string name, T value)
    {
        return (name, Text(value), recorded => Text(Read<T>(Convert.FromBase64String(recorded))));

        string Text(T one) => Convert.ToBase64String(Write(one));
    }

    private byte[] Write<T>(T value) => Serializer.SerializeToArray(value);

    private T Read<T>(byte[] bytes) => Serializer.Deserialize<T>(bytes)!;

    private sealed class NoNames : INames
    {
        public bool Contains(uint id) => false;

        public string Text(uint id) => "";
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "HealthGrains.sln"))) directory = directory.Parent;
        return Path.Combine(directory!.FullName, "tests", "HealthGrains.Grains.Tests", "Contracts");
    }
}

/// <summary>As a later build might send it.</summary>
[GenerateSerializer, Alias("tests.laterSignalRun")]
public sealed record SignalRunOfALaterBuild
{
    [Id(0)]
    public required Signal[] Signals { get; init; }
    [Id(1)]
    public uint Topic { get; init; }
    [Id(2)]
    public int Partition { get; init; }
    [Id(3)]
    public long[] Offsets { get; init; } = [];
    [Id(4)]
    public long After { get; init; }
    [Id(5)]
    public string? Trace { get; set; }
}

/// <summary>As a later build might answer.</summary>
[GenerateSerializer, Alias("tests.laterTakeReply")]
public readonly record struct TakeReplyOfALaterBuild(
    [property: Id(0)] int Accepted, [property: Id(1)] int Late, [property: Id(2)] int Duplicates, [property: Id(3)] bool IsGap,
    [property: Id(4)] int Refused);
