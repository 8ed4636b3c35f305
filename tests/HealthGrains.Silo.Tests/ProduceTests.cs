using System.Buffers;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using HealthGrains.Kafka;
using HealthGrains.Kafka.Tests;
using HealthGrains.Signals;
using HealthGrains.Silo.MadeUp;
using HealthGrains.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace HealthGrains.Silo.Tests;

/// <summary>The made-up company as a sender of events, on Kafka's protocol.</summary>
public sealed class ProduceTests : IDisposable, IIdentities, INames
{
    private const int Partitions = 2;
    private const int Accounts = 12;
    private const int Days = 15;
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Small = ["--accounts", $"{Accounts}", "--days", $"{Days}", "--seed", "2"];

    private readonly MockKafka _kafka = new(Partitions);
    private readonly Company _company = CompanyAt(Now);

    public void Dispose() => _kafka.Dispose();

    [KafkaFact]
    public async Task What_it_writes_is_read_by_intake_without_a_rejection_and_holds_every_event_of_the_past()
    {
        var (code, said) = await ProduceAsync(Now, "--only-past");

        Assert.True(code == CommandLine.Done, said);
        var expected = ReadAsLines(Events(Now));
        var sink = new RecordingSink();
        using var figures = new KafkaFigures();
        await using var intake = new KafkaIntake(_kafka.Options(), sink, Context, NullLogger<KafkaIntake>.Instance, figures);
        await intake.StartAsync(CancellationToken.None);
        await Wait.Until(() => sink.Count >= expected.Count && sink.Profiles.Count == Accounts,
            () => $"{expected.Count} signals and {Accounts} profiles, of which {sink.Count} and {sink.Profiles.Count} came");

        Assert.Equal(
            expected.Order().ToArray(), sink.All.Select(handed => (handed.Account, handed.Signal.Id)).Order().ToArray());
        Assert.Empty(Messages(_kafka.Options().Rejected, 1));
    }

    [KafkaFact]
    public async Task A_start_after_the_past_was_written_writes_nothing_again()
    {
        await ProduceAsync(Now, "--only-past");
        var before = All().Count;

        var (code, said) = await ProduceAsync(Now, "--only-past");

        Assert.True(code == CommandLine.Done, said);
        Assert.Contains("going on with 12 accounts of seed 2 since 2026-11-06", said, StringComparison.Ordinal);
        Assert.Equal(before, All().Count);
    }

    [KafkaFact]
    public async Task A_later_start_adds_what_happened_meanwhile_to_the_same_company()
    {
        await ProduceAsync(Now, "--only-past");
        var later = Now.AddDays(2.5);

        await ProduceAsync(later, "--only-past");

        AssertWholeAndOnce(later);
    }

    [KafkaTheory]
    [InlineData(11)]
    [InlineData(1_500)]
    public async Task A_run_that_was_cut_off_anywhere_is_completed_by_the_next(int written)
    {
        await ProduceAsync(Now, "--only-past");
        var cut = All().OrderBy(message => message.At).ThenBy(message => message.Order).Take(written).ToArray();
        using var half = new MockKafka(Partitions);
        using (var producer = half.Produce())
            await Task.WhenAll(cut.Select(message => producer.ProduceAsync(message.Topic, message.Message)));

        var (code, said) = await RunAsync(half, Now, "--only-past");

        Assert.True(code == CommandLine.Done, said);
        AssertWholeAndOnce(Now, half);
    }

    [KafkaFact]
    public async Task An_event_of_the_present_is_written_when_its_time_has_come()
    {
        var next = Events(Now.AddDays(1)).First(happened => happened.Time > Now);
        var just = next.Time.AddMilliseconds(-300);
        using var stop = new CancellationTokenSource();
        var run = RunAsync(_kafka, new ShiftedClock(just), stop.Token);
        await Wait.Until(() => All().Exists(message => message.Id == next.Id), () => $"{next.Id} {(run.IsCompleted ? run.Result.Said : "")}");
        await stop.CancelAsync();

        var (code, said) = await run;

        Assert.Equal(CommandLine.Done, code);
        Assert.Contains("from here on each event is written when its time has come", said, StringComparison.Ordinal);
        Assert.Contains("goes on where the log ends", said, StringComparison.Ordinal);
        Assert.All(All(), message => Assert.True(message.At <= just.AddMinutes(1).ToUnixTimeMilliseconds()));
    }

    [KafkaFact]
    public async Task Another_company_than_the_logs_is_refused_and_nothing_is_written()
    {
        await ProduceAsync(Now, "--only-past");
        var before = All().Count;

        var (code, said) = await ProduceAsync(Now, "--only-past", "--accounts", "13");

        Assert.Equal(CommandLine.Failed, code);
        Assert.Contains("go on with it by --seed 2 --accounts 12", said, StringComparison.Ordinal);
        Assert.Equal(before, All().Count);
    }

    [KafkaFact]
    public async Task Load_is_as_many_signals_as_asked_for_all_of_now_and_new_in_every_run()
    {
        for (var run = 0; run < 2; run++)
        {
            var (code, said) = await RunAsync(_kafka, TimeProvider.System, CancellationToken.None, "--rate", "2000", "--count", "500");
            Assert.True(code == CommandLine.Done, said);
        }

        var load = Messages(_kafka.Topic(SignalSource.Usage), Partitions)
            .ConvertAll(message => Encoding.UTF8.GetString(message.Message.Value!));
        Assert.Equal(1_000, load.Count);
        Assert.Equal(1_000, load.Distinct(StringComparer.Ordinal).Count());
        var today = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Assert.All(load, line => Assert.Contains(today, line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_brokers_it_says_which_setting_is_missing()
    {
        using var said = new StringWriter();

        Assert.Equal(CommandLine.Usage, await CommandLine.RunAsync(["produce"], TextWriter.Null, said));

        Assert.Contains("BootstrapServers is empty", said.ToString(), StringComparison.Ordinal);
    }

    string? IIdentities.Find(string source, ReadOnlySpan<char> externalId)
    {
        var id = externalId.ToString();
        return _company.Profiles.FirstOrDefault(profile => profile.ExternalIds.GetValueOrDefault(source) == id)?.Id
            ?? _company.Accounts.FirstOrDefault(account => account.SegmentId == id || account.StripeId == id)?.Id;
    }

    bool IIdentities.AccountExists(ReadOnlySpan<char> id) => true;

    bool INames.Contains(uint id) => false;

    string INames.Text(uint id) => $"{id:x8}";

    private IntakeContext Context() => new() { Now = Now, Keys = TenantKeys.Repeatable, Identities = this, Names = this };

    /// <summary>The same events as a file of mixed formats: which signals they are.</summary>
    private List<(string Account, ulong Id)> ReadAsLines(SimulatedEvent[] events)
    {
        Assert.Equal(3, events.Where(happened => happened.IsSignal).Select(happened => happened.Format).Distinct().Count());
        var lines = new ArrayBufferWriter<byte>();
        using var wire = new WireWriter();
        foreach (var happened in events) wire.Write(happened, lines);
        var batch = new IntakeBatch();
        IntakeReader.Read(Intake.WireFormat.Any, lines.WrittenMemory, Context(), batch, BodyShape.Lines);
        Assert.Empty(batch.Errors);
        var found = new List<(string, ulong)>();
        foreach (ref readonly var incoming in batch.Signals) found.Add((incoming.Account, incoming.Signal.Id));
        return found;
    }

    private static Company CompanyAt(DateTimeOffset now) => Company.Create(
        new CompanySettings { Seed = 2, Accounts = Accounts, Days = Days, Start = now.AddDays(-Days) });

    private SimulatedEvent[] Events(DateTimeOffset until)
    {
        var days = (int)(until - _company.Settings.Start).TotalDays + 1;
        return [.. _company.Simulate().Advance(days).SelectMany(day => day.Events).Where(happened => happened.Time <= until)];
    }

    private void AssertWholeAndOnce(DateTimeOffset until, MockKafka? kafka = null) => Assert.Equal(
        _company.Profiles.Select(profile => $"profile-{profile.Id}").Concat(Events(until).Select(happened => happened.Id)).Order(StringComparer.Ordinal),
        All(kafka).Select(message => message.Id).Order(StringComparer.Ordinal));

    private Task<(int Code, string Said)> ProduceAsync(DateTimeOffset now, params string[] args) => RunAsync(_kafka, now, args);

    private static Task<(int Code, string Said)> RunAsync(MockKafka kafka, DateTimeOffset now, params string[] args) =>
        RunAsync(kafka, new ShiftedClock(now), CancellationToken.None, args);

    private static async Task<(int Code, string Said)> RunAsync(
        MockKafka kafka, TimeProvider clock, CancellationToken cancellationToken, params string[] args)
    {
        using var said = new StringWriter();
        // What is given last counts.
        var options = Small.Chunk(2).Where(option => !args.Contains(option[0])).SelectMany(option => option);
        var code = await CommandLine.RunAsync(
            ["produce", "--brokers", kafka.BootstrapServers, .. options, .. args], TextWriter.Null, said, clock, cancellationToken);
        return (code, said.ToString());
    }

    private List<Found> All(MockKafka? kafka = null) => Messages(kafka ?? _kafka, _kafka.Options().SourceTopics, Partitions);

    private List<Found> Messages(string topic, int partitions) => Messages(_kafka, [topic], partitions);

    private static List<Found> Messages(MockKafka kafka, IReadOnlyCollection<string> topics, int partitions)
    {
        using var consumer = new ConsumerBuilder<string?, byte[]?>(new ConsumerConfig
        {
            BootstrapServers = kafka.BootstrapServers, GroupId = "tests", EnablePartitionEof = true, EnableAutoCommit = false, FetchWaitMaxMs = 20,
        }).SetLogHandler((_, _) => { }).Build();
        consumer.Assign(topics.SelectMany(topic => Enumerable.Range(0, partitions)
            .Select(number => new TopicPartitionOffset(topic, number, Offset.Beginning))));
        var found = new List<Found>();
        for (var ended = 0; ended < partitions * topics.Count;)
        {
            var read = consumer.Consume(Wait.Patience) ?? throw new TimeoutException(string.Join(", ", topics));
            if (read.IsPartitionEOF) ended++;
            else found.Add(new Found(read.Topic, read.Message, Mark(read.Message)));
        }
        return found;
    }

    private static EventMark? Mark(Message<string?, byte[]?> message) =>
        message.Headers.TryGetLastBytes(EventMark.Header, out var mark) ? EventMark.Read(Encoding.UTF8.GetString(mark)) : null;

    private sealed record Found(string Topic, Message<string?, byte[]?> Message, EventMark? Mark)
    {
        public string Id => Mark!.Id;

        public long At => Mark!.At;

        // Profiles come before what happens in their first moment.
        public int Order => Id.StartsWith("profile-", StringComparison.Ordinal) ? 0 : 1;
    }

    /// <summary>Wall time, moved so that it begins at a moment.</summary>
    private sealed class ShiftedClock(DateTimeOffset begin) : TimeProvider
    {
        private readonly long _start = System.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => begin + System.GetElapsedTime(_start);
    }
}

/// <summary>A test with data that needs librdkafka; skipped, with the reason, where it cannot be loaded.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KafkaTheoryAttribute : TheoryAttribute
{
    public KafkaTheoryAttribute() => Skip = MockKafka.WhyNot;
}
