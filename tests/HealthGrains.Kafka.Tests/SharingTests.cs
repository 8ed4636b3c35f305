using HealthGrains.Signals;

namespace HealthGrains.Kafka.Tests;

/// <summary>Each topic is shared out for itself, by a group of its own.</summary>
public sealed class SharingTests
{
    private const int Partitions = 32;
    private const int Members = 3;

    [KafkaFact]
    public async Task Each_topic_is_shared_out_evenly_for_itself_and_so_is_the_work_of_the_one_that_has_it()
    {
        await using var kafka = new KafkaFixture(Partitions);
        var sinks = Enumerable.Range(0, Members).Select(_ => new RecordingSink()).ToArray();
        var members = new List<KafkaIntake>();
        // One after the other, as silos come: what the first had is given up to those who come.
        foreach (var sink in sinks)
        {
            members.Add(await kafka.StartAsync(sink));
            await Wait.Until(() => members.TrueForAll(member => member.IsReady), "the share of each member");
        }

        await Wait.Until(IsEven, () => $"a third of each topic with each member, which have {Told()}");
        await kafka.SendLoginsAsync(0, 3_000, i => $"account-{i}");
        await Wait.Until(() => sinks.Sum(sink => sink.Count) == 3_000, () => $"all signals\n{kafka.Logger}");
        Assert.All(sinks, sink => Assert.InRange(sink.Count, 750, 1_250));

        bool IsEven() => kafka.Kafka.Options().SourceTopics.All(topic =>
            members.SelectMany(member => member.Assigned).Count(partition => partition.Topic == topic) == Partitions
            && members.TrueForAll(member => member.Assigned.Count(partition => partition.Topic == topic) is 10 or 11));

        string Told() => string.Join("; ", members.Select(member => string.Join(", ", member.Assigned.CountBy(partition => partition.Topic))));
    }

    [KafkaFact]
    public async Task A_member_that_gets_no_partition_of_a_topic_is_ready_all_the_same()
    {
        await using var kafka = new KafkaFixture(partitions: 1);
        var first = await kafka.StartAsync(new RecordingSink());
        var second = await kafka.StartAsync(new RecordingSink());
        await Wait.Until(() => first.IsReady && second.IsReady, "both ready");
        await Wait.Until(() => first.Assigned.Concat(second.Assigned).Distinct().Count() == kafka.Kafka.Options().SourceTopics.Count,
            "each topic with one of them");
    }

    [KafkaFact]
    public async Task What_ends_the_reading_of_one_topic_ends_all_of_it()
    {
        await using var kafka = new KafkaFixture();
        var member = await kafka.StartAsync(new RecordingSink());
        await Wait.Until(() => member.IsReady, "the member's share");
        kafka.Fault = new InvalidDataException("the keys are gone");
        await kafka.SendLoginsAsync(0, 1);
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => member.Completion.WaitAsync(Wait.Patience));
        Assert.Equal("the keys are gone", fault.Message);
        Assert.Empty(member.Assigned);
        Assert.False(member.IsReady);
    }

    [Fact]
    public void A_topics_group_is_named_by_its_first_source()
    {
        var options = new KafkaOptions { GroupId = "acme" };
        Assert.Equal(["acme.usage", "acme.tickets", "acme.billing", "acme.engagement", "acme.crm"],
            options.SourceTopics.Select(options.GroupOf));
        (options.Topics[SignalSource.Crm], options.Topics[SignalSource.Billing]) = ("money", "money");
        Assert.Equal("acme.billing", options.GroupOf("money"));
        Assert.Equal(4, options.SourceTopics.Select(options.GroupOf).Distinct().Count());
    }

    [Fact]
    public void The_readers_of_all_topics_hold_together_what_one_of_them_all_would()
    {
        var options = new KafkaOptions { BootstrapServers = "kafka:9092", Settings = { ["fetch.max.bytes"] = "4000000" } };
        var reader = ClientSettings.Reader(options, options.TopicOf(SignalSource.Usage));
        Assert.Equal(("healthgrains.usage", 65_536 / 5), (reader.GroupId, reader.QueuedMaxMessagesKbytes));
        // Who sets it means each of them.
        Assert.Equal(4_000_000, reader.FetchMaxBytes);
    }
}
