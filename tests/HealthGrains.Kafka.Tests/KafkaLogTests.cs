using System.Text;
using Confluent.Kafka;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using HealthGrains.Signals;

namespace HealthGrains.Kafka.Tests;

public sealed class KafkaLogTests
{
    private static readonly SignalKind[] Kinds = [.. SignalKinds.All.Select(rule => rule.Kind)];

    [KafkaFact]
    public async Task What_is_appended_comes_out_as_it_was_keyed_by_its_account_on_the_topic_of_its_source()
    {
        await using var kafka = new KafkaFixture(partitions: 4);
        var sink = new RecordingSink();
        await kafka.StartAsync(sink);
        using var log = new KafkaLog(kafka.Kafka.Options(), kafka.Logger, kafka.Figures);
        var random = new Random(20261122);
        var sent = new List<(string Account, Signal Signal)>();
        for (var round = 0; round < 20; round++)
        {
            var batch = Batch(random, (ulong)round * 1_000, 300);
            foreach (var signal in batch.Signals) sent.Add((signal.Account, signal.Signal));
            var messages = await log.AppendAsync(batch.Signals, awaited: false, CancellationToken.None);
            var positions = messages.Select(message => message.Position).ToList();
            Assert.Equal(batch.Count, messages.Sum(message => message.Signals));
            Assert.Equal(positions.Count, positions.Distinct().Count());
            Assert.All(positions, position => Assert.True(position.Offset >= 0, position.ToString()));
        }

        await kafka.UntilHandedAsync(sink, sent.Count);
        var handed = sink.All;
        Assert.Equal(sent.Count, handed.Count);
        // Bit for bit, NaN included, and in the order in which they were appended within an account and source.
        Assert.Equal(Streams(sent), Streams(handed.Select(one => (one.Account, one.Signal))));
        Assert.All(handed, one => Assert.Equal(kafka.Kafka.Topic(one.Signal.Source), one.Partition.Topic));
        Assert.Equal(0, log.InFlight);
    }

    [KafkaFact]
    public async Task A_profile_comes_out_with_who_wrote_it_and_in_its_place()
    {
        await using var kafka = new KafkaFixture();
        var sink = new RecordingSink();
        await kafka.StartAsync(sink);
        using var log = new KafkaLog(kafka.Kafka.Options(), kafka.Logger, kafka.Figures);
        var batch = new IntakeBatch();
        batch.Add("acme", new Signal(1, KafkaFixture.Now.ToUnixTimeMilliseconds(), SignalKind.Renewed));
        await log.AppendAsync(batch.Signals, awaited: false, CancellationToken.None);
        var position = await log.AppendProfileAsync("acme", Encoding.UTF8.GetBytes("""{"name":"Acme"}"""), "ann@example.com", CancellationToken.None);
        Assert.Equal(new LogPosition(new LogPartition(kafka.Kafka.Topic(SignalSource.Crm), 0), 1), position);
        await Wait.Until(() => !sink.Profiles.IsEmpty, "the profile");
        var profile = sink.Profiles.Single();
        Assert.Equal((1L, "acme", """{"name":"Acme"}""", "ann@example.com"),
            (profile.Offset, profile.Account, Encoding.UTF8.GetString(profile.Profile), profile.Actor));
        Assert.Single(sink.All);
        await kafka.UntilCommittedAsync(position.Partition, 2);
    }

    [KafkaFact]
    public async Task Messages_whose_sender_waits_are_told_apart_from_the_others()
    {
        await using var kafka = new KafkaFixture();
        var sink = new RecordingSink();
        await kafka.StartAsync(sink);
        using var log = new KafkaLog(kafka.Kafka.Options(), kafka.Logger, kafka.Figures);
        var awaited = new List<(LogPartition, long)>();
        for (var round = 0; round < 6; round++)
        {
            var waits = round % 2 == 1;
            var messages = await log.AppendAsync(OfAccounts(3, (ulong)round * 10 + 1).Signals, waits, CancellationToken.None);
            if (waits) awaited.AddRange(messages.Select(message => (message.Position.Partition, message.Position.Offset)));
        }

        await kafka.UntilHandedAsync(sink, 18);
        await Wait.Until(() => sink.Awaited.Count == 9, "the awaited offsets");
        Assert.Equal(awaited.OrderBy(one => one.Item2), sink.Awaited.OrderBy(one => one.Offset));
    }

    [KafkaFact]
    public async Task A_writer_notices_that_no_broker_answers_and_that_one_does_again()
    {
        await using var kafka = new KafkaFixture();
        var options = kafka.Kafka.Options();
        using var log = new KafkaLog(options, kafka.Logger, kafka.Figures);
        using var reach = new KafkaReach(log, options);
        await reach.StartAsync(CancellationToken.None);
        Assert.Null(reach.Trouble);

        kafka.Kafka.GoDown();
        await Wait.Until(() => reach.Trouble is not null, "the trouble");
        Assert.StartsWith($"no broker of {options.BootstrapServers} answers (", reach.Trouble, StringComparison.Ordinal);
        kafka.Kafka.ComeBack();
        await Wait.Until(() => reach.Trouble is null, "the end of the trouble");
        await reach.StopAsync(CancellationToken.None);
    }

    [KafkaFact]
    public async Task When_too_much_is_under_way_appending_is_refused_and_nothing_of_it_is_sent()
    {
        await using var kafka = new KafkaFixture();
        var options = kafka.Kafka.Options();
        options.InFlightMessages = 10;
        // Longer than the test takes to append twice: the first batch waits for company meanwhile.
        options.Settings["linger.ms"] = "2000";
        using var log = new KafkaLog(options, kafka.Logger, kafka.Figures);
        var random = new Random(1);
        var first = log.AppendAsync(OfAccounts(8, 1).Signals, awaited: false, CancellationToken.None);
        await Assert.ThrowsAsync<IntakeSaturatedException>(
            async () => await log.AppendAsync(OfAccounts(3, 100).Signals, awaited: false, CancellationToken.None));
        Assert.Equal(8, log.InFlight);
        Assert.Equal(8, (await first).Count);
        Assert.Equal(3, (await log.AppendAsync(OfAccounts(3, 100).Signals, awaited: false, CancellationToken.None)).Count);
    }

    [KafkaFact]
    public async Task When_the_brokers_refuse_the_caller_hears_of_it()
    {
        await using var kafka = new KafkaFixture();
        var options = kafka.Kafka.Options();
        options.AppendTimeout = TimeSpan.FromMilliseconds(500);
        using var log = new KafkaLog(options, kafka.Logger, kafka.Figures);
        kafka.Kafka.Break(kafka.Usage, ErrorCode.TopicAuthorizationFailed);
        var failure = await Assert.ThrowsAsync<HostUnavailableException>(
            async () => await log.AppendAsync(OfAccounts(2, 1).Signals, awaited: false, CancellationToken.None));
        Assert.StartsWith($"Kafka did not take a message for {kafka.Usage}: ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, log.InFlight);
    }

    private static IntakeBatch OfAccounts(int accounts, ulong id)
    {
        var batch = new IntakeBatch();
        for (var i = 0; i < accounts; i++)
            batch.Add($"account-{i}", new Signal(id + (ulong)i, KafkaFixture.Now.ToUnixTimeMilliseconds(), SignalKind.Login));
        return batch;
    }

    private static IntakeBatch Batch(Random random, ulong id, int signals)
    {
        var batch = new IntakeBatch();
        for (var i = 0; i < signals; i++)
            batch.Add($"account-{random.Next(25)}", new Signal(
                id + (ulong)i, random.NextInt64(1_600_000_000_000, 1_800_000_000_000), Kinds[random.Next(Kinds.Length)],
                (ulong)random.NextInt64(), (uint)random.Next(), random.Next(2) == 0 ? float.NaN : random.NextSingle() * 100,
                (sbyte)(random.Next(2) == 0 ? Signal.NoSentiment : random.Next(-100, 101))));
        return batch;
    }

    private static SortedDictionary<string, string> Streams(IEnumerable<(string Account, Signal Signal)> signals) => new(
        signals.GroupBy(one => $"{one.Account} {one.Signal.Source}").ToDictionary(
            stream => stream.Key, stream => string.Join('\n', stream.Select(one => one.Signal.ToString()))), StringComparer.Ordinal);
}
