using Microsoft.Extensions.Logging;

namespace HealthGrains.Kafka.Tests;

/// <summary>Brokers that are away and come back while a member reads.</summary>
public sealed class BrokerLossTests
{
    private const int Partitions = 4;
    private const int Accounts = 40;
    private const int Part = 200;

    [KafkaFact]
    public async Task Reading_goes_on_by_itself_when_brokers_were_away_for_a_moment()
    {
        await using var kafka = new KafkaFixture(Partitions);
        var sink = new RecordingSink();
        // As a node has it: a fetch is held by the broker while nothing comes.
        var member = await kafka.StartAsync(sink, options => options.Settings.Remove("fetch.wait.max.ms"));
        await SendAsync(kafka, sink, 1);
        kafka.Kafka.GoDown();
        await Wait.Until(() => kafka.Logger.At(LogLevel.Warning).Any(), "a word on the brokers");
        kafka.Kafka.ComeBack();
        await SendAsync(kafka, sink, 2);

        AssertWhole(sink, 2);
        Assert.Equal(Partitions, member.Assigned.Count(partition => partition.Topic == kafka.Usage));
        await Wait.Until(() => Committed(kafka) == 2 * Part, () => $"{2 * Part} commits, of which {Committed(kafka)} are made\n{kafka.Logger}");
    }

    [KafkaFact]
    public async Task Reading_goes_on_by_itself_when_brokers_were_away_for_longer_than_the_group_waits_for_a_member()
    {
        await using var kafka = new KafkaFixture(Partitions);
        var sink = new RecordingSink();
        var member = await kafka.StartAsync(sink, options => options.Settings["session.timeout.ms"] = "2000");
        await SendAsync(kafka, sink, 1);
        await Wait.Until(() => Committed(kafka) == Part, "commits");
        kafka.Kafka.GoDown();
        await Wait.Until(() => member.Assigned.Count == 0, () => $"the loss of all partitions\n{kafka.Logger}");

        kafka.Kafka.ComeBack();
        await SendAsync(kafka, sink, 2);

        AssertWhole(sink, 2);
        await Wait.Until(() => Committed(kafka) == 2 * Part, () => $"{2 * Part} commits, of which {Committed(kafka)} are made\n{kafka.Logger}");
    }

    private static async Task SendAsync(KafkaFixture kafka, RecordingSink sink, int part)
    {
        await kafka.SendLoginsAsync((part - 1) * Part, Part, i => $"account-{i % Accounts}");
        await kafka.UntilHandedAsync(sink, part * Part);
    }

    // What was committed before is not handed on again, and what comes is in order.
    private static void AssertWhole(RecordingSink sink, int parts)
    {
        Assert.Equal(Enumerable.Range(0, parts * Part).Select(KafkaFixture.IdOf).Order(), sink.All.Select(one => one.Signal.Id).Order());
        foreach (var partition in sink.All.GroupBy(one => one.Partition))
            Assert.Equal(Enumerable.Range(0, partition.Count()).Select(offset => (long)offset), partition.Select(one => one.Offset));
    }

    private static long Committed(KafkaFixture kafka) =>
        kafka.Kafka.Committed(kafka.Usage, Partitions).Values.Sum(offset => Math.Max(offset, 0));
}
