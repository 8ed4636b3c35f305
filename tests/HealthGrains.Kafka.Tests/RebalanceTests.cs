namespace HealthGrains.Kafka.Tests;

public sealed class RebalanceTests
{
    private const int Partitions = 4;

    [KafkaFact]
    public async Task Members_that_come_and_go_under_load_hand_on_everything_and_begin_where_the_group_has_committed()
    {
        await using var kafka = new KafkaFixture(Partitions, tellsShares: true);
        kafka.Logger.Heard = line =>
        {
            // The leader's word, before it hands out shares: it does so when the other one has asked for its own.
            if (line.Contains("assignor for 2 member(s)", StringComparison.Ordinal)) kafka.Kafka.AwaitShareAsked();
        };
        var sinks = new[] { new RecordingSink(), new RecordingSink() };
        var first = await kafka.StartAsync(sinks[0], AllOnOneTopic);
        await Wait.Until(() => first.IsReady, "the first member's share");

        using var enough = new CancellationTokenSource();
        var sent = 0;
        var sending = SendAsync();
        await kafka.UntilHandedAsync(sinks[0], 500);
        var second = await kafka.StartAsync(sinks[1], AllOnOneTopic);
        await kafka.UntilHandedAsync(sinks[1], 500);
        Assert.Equal(Partitions, first.Assigned.Union(second.Assigned).Count());
        Assert.Empty(first.Assigned.Intersect(second.Assigned));
        await first.StopAsync(CancellationToken.None);
        var before = sinks[1].Count;
        await kafka.UntilHandedAsync(sinks[1], before + 500);
        await Wait.Until(() => second.Assigned.Count == Partitions, "all partitions with the member that stayed");
        await enough.CancelAsync();
        await sending;

        await Wait.Until(() => Distinct(sinks) == sent, () => $"{sent} signals, of which {Distinct(sinks)} came\n{kafka.Logger}");
        var all = sinks.SelectMany(sink => sink.All).ToList();
        // Whoever gave a partition up had finished, saved and committed: so not a single signal was handed on twice.
        Assert.True(sent == all.Count, $"{sent} signals, handed on {all.Count} times\n{kafka.Logger}");
        foreach (var sink in sinks)
        {
            Assert.Equal(0, sink.Overlaps);
            foreach (var partition in sink.All.GroupBy(one => one.Partition))
                Assert.Equal(partition.Select(one => one.Offset).Order(), partition.Select(one => one.Offset));
        }

        Assert.NotEmpty(sinks[0].EndedPartitions);

        // Never far ahead of what is committed: the mock cluster drops what it has no room for, and nothing is committed while
        // partitions move.
        async Task SendAsync()
        {
            for (; !enough.IsCancellationRequested; sent += 50)
            {
                await Wait.Until(() => enough.IsCancellationRequested || sent - Committed() < 10_000, "room to send");
                await kafka.SendLoginsAsync(sent, 50, i => $"account-{i % 97}");
            }
        }

        long Committed() => kafka.Kafka.Committed(kafka.Usage, Partitions).Values.Sum(offset => Math.Max(offset, 0));
    }

    [KafkaFact]
    public async Task What_a_member_could_not_save_is_handed_on_again_from_the_commit_and_no_earlier()
    {
        await using var kafka = new KafkaFixture();
        var first = new RecordingSink { SavesAtOnce = false };
        var leaving = await kafka.StartAsync(first);
        await kafka.SendLoginsAsync(0, 60);
        await kafka.UntilHandedAsync(first, 60);
        first.SaveBefore(kafka.First, 35);
        await leaving.StopAsync(CancellationToken.None);

        var second = new RecordingSink();
        await kafka.StartAsync(second);
        await kafka.UntilHandedAsync(second, 25);
        Assert.Equal(Enumerable.Range(35, 25).Select(offset => (long)offset), second.All.Select(one => one.Offset));
    }

    [KafkaFact]
    public async Task A_fixed_member_keeps_its_partitions_over_a_restart()
    {
        await using var kafka = new KafkaFixture();
        var first = new RecordingSink();
        var member = await kafka.StartAsync(first, Fixed);
        await kafka.SendLoginsAsync(0, 10);
        await kafka.UntilHandedAsync(first, 10);
        await member.StopAsync(CancellationToken.None);
        var second = new RecordingSink();
        await kafka.StartAsync(second, Fixed);
        await kafka.SendLoginsAsync(10, 10);
        await kafka.UntilHandedAsync(second, 10);
        Assert.Equal(Enumerable.Range(10, 10).Select(KafkaFixture.IdOf), second.All.Select(one => one.Signal.Id));
    }

    private static void Fixed(KafkaOptions options)
    {
        options.MemberId = "silo-1";
        // The mock cluster lets a fixed member come back only after its session has ended.
        options.Settings["session.timeout.ms"] = "2000";
    }

    private static void AllOnOneTopic(KafkaOptions options)
    {
        // Who goes has as long as it takes, on whatever machine.
        options.StopTimeout = options.RevokeTimeout = TimeSpan.FromMinutes(1);
        options.Settings["debug"] = "cgrp";
        foreach (var source in options.Topics.Keys) options.Topics[source] = options.Topics[Signals.SignalSource.Usage];
    }

    private static int Distinct(RecordingSink[] sinks) =>
        sinks.SelectMany(sink => sink.All).Select(one => one.Signal.Id).Distinct().Count();
}
