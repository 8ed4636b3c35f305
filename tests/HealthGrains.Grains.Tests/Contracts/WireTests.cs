using System.Buffers;
using HealthGrains.Accounts;
using HealthGrains.Actors;
using HealthGrains.Alerts;
using HealthGrains.Grains.Accounts;
using HealthGrains.Grains.Desks;
using HealthGrains.Grains.Storage;
using HealthGrains.Grains.Tenants;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Plays;
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
            Sample("alertDeed", new AlertAction("acme:churnRisk:1", "dana", false, null, (int)AlertDeed.Snooze, 1_700_000_000_123, "bo")),
            Sample("copyWithDesk", new AccountCopy([1], [2], "prior-1", 1_700_000_000_123, HasDesk: true)),
            Sample("deskHead", new DeskHead(7, 2)),
            Sample("practiceReply", new PracticeReply(3, [91, 93], ["teams/a.json"])),
            Sample("termsWithPractice", new TenantTerms(4, 5, 6, [7], "prior-1", 3)),
            Sample("eraseReply", new EraseReply(MadeUp.Now, 12)),
            Sample("tenantTerms", new TenantTerms(4, 5, 6, [7, 8, long.MaxValue], "prior-1")),
        };
        foreach (var (name, now, again) in samples)
            foreach (var (build, recorded) in Recorded(name, now)) Assert.Equal((build, name, now), (build, name, again(recorded)));
    }

    [Fact]
    public void An_older_build_s_word_about_an_alert_means_what_it_meant_and_it_understands_the_new_one_s_resolve()
    {
        Assert.Equal(AlertDeed.Acknowledge, new AlertAction("a", "dana", Resolve: false, null).ToAct().Deed);
        Assert.Equal(AlertDeed.Resolve, new AlertAction("a", "dana", Resolve: true, "talked").ToAct().Deed);
        foreach (var deed in Enum.GetValues<AlertDeed>())
        {
            var act = new AlertAct("a", "dana", deed, 5, "bo", "talked");
            Assert.Equal(act, AlertAction.Of(act).ToAct());
            Assert.Equal(deed == AlertDeed.Resolve, AlertAction.Of(act).Resolve);
        }
    }

    [Fact]
    public void What_an_earlier_build_stored_of_a_desk_goes_on_where_it_was()
    {
        var seat = new DeskSeat { WakeAt = 1_700_000_000_123 };
        seat.Desk.Plays.Add(new PlayRun
        {
            Number = 3, Playbook = "followUp", Version = 1, Title = "Follow-up", Reason = "NPS 3", StartedAt = 1_700_000_000_000, StartedBy = "dana",
            Steps = [new StepRun { Id = "call", State = StepState.Open, Task = 4 }],
        });
        seat.Desk.Drafts.Add(new Draft
        {
            Number = 5, Play = 3, Step = "write", Kind = StepKind.Email, Title = "Write", Needs = "owner", CreatedAt = 1, ExpiresAt = 2,
            Facts = new Dictionary<string, object> { ["nps"] = 3.0 },
        });
        seat.Desk.Version = 9;
        seat.Remember("00000007-0007-0007-0707-070707070707", DeskReply.Done("acme:task:4"));
        var record = new ActorRecord<DeskSeat, DeskMessage> { Format = 1, State = seat };
        record.Outbox.Send("store", new DeskMessage { Version = 9, OpenAlerts = 0, Tasks = [Postgres.Made.Task("acme", 4)] });
        foreach (var (build, recorded) in Recorded("desk", Convert.ToBase64String(StoredJson.WriteBytes(record))))
        {
            var read = StoredJson.Read<ActorRecord<DeskSeat, DeskMessage>>(Convert.FromBase64String(recorded), build);
            Assert.Equal((build, 9, 1_700_000_000_123), (build, read.State.Desk.Version, read.State.WakeAt));
            var step = read.State.Desk.Plays.Single().Steps.Single();
            Assert.Equal((StepState.Open, 4), (step.State, step.Task));
            Assert.Equal("3", read.State.Desk.Drafts.Single().Facts["nps"].ToString());
            Assert.Equal("acme:task:4", read.State.Answered.Single().Reply.Subject);
            Assert.Equal("acme:task:4", read.Outbox.Messages.Single().Body.Tasks.Single().Id);
        }
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
        var large = Enumerable.Range(1_000, 300).Select(id => new Signal((ulong)id, 0, SignalKind.Login)).ToArray();
        marks.Add(large, new Signal[300]);
        foreach (var (_, recorded) in Recorded("largeIntakeMarks", Convert.ToBase64String(marks.Write())))
        {
            var read = IntakeMarks.Read(Convert.FromBase64String(recorded));
            Assert.True(read.IsTaken(3, 1, 299) && !read.Add(300) && !read.Add(1_200));
            Assert.Equal(0, read.Add(large, new Signal[300]));
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
    // A number that no build will have come to.
    [Id(1_000)]
    public string? Trace { get; set; }
}

/// <summary>As a later build might answer.</summary>
[GenerateSerializer, Alias("tests.laterTakeReply")]
public readonly record struct TakeReplyOfALaterBuild(
    [property: Id(0)] int Accepted, [property: Id(1)] int Late, [property: Id(2)] int Duplicates, [property: Id(3)] bool IsGap,
    [property: Id(1_000)] int Refused);
