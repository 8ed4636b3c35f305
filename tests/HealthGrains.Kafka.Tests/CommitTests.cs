using HealthGrains.Signals;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Kafka.Tests;

public sealed class CommitTests
{
    [KafkaFact]
    public async Task Nothing_is_committed_that_is_not_saved()
    {
        await using var kafka = new KafkaFixture();
        var sink = new RecordingSink { SavesAtOnce = false };
        var member = await kafka.StartAsync(sink);
        await kafka.SendLoginsAsync(0, 100);
        await kafka.UntilHandedAsync(sink, 100);
        Assert.Equal(-1, kafka.Committed(kafka.First));
        sink.SaveBefore(kafka.First, 40);
        await kafka.UntilCommittedAsync(kafka.First, 40);

        // Stopping asks a last time, and waits no longer than it may.
        sink.SaveBefore(kafka.First, 70);
        await member.StopAsync(CancellationToken.None);
        Assert.Equal(70, kafka.Committed(kafka.First));
    }

    [KafkaFact]
    public async Task Stopping_waits_until_all_is_saved_and_the_next_member_goes_on_there()
    {
        await using var kafka = new KafkaFixture();
        var sink = new RecordingSink { SavesAtOnce = false };
        var member = await kafka.StartAsync(sink, options => options.StopTimeout = Wait.Patience);
        await kafka.SendLoginsAsync(0, 50);
        await kafka.UntilHandedAsync(sink, 50);
        var stopping = member.StopAsync(CancellationToken.None);
        Assert.False(stopping.IsCompleted);
        sink.SaveBefore(kafka.First, 50);
        await stopping.WaitAsync(Wait.Patience);
        Assert.Equal(50, kafka.Committed(kafka.First));
        Assert.Empty(member.Assigned);
        Assert.True(member.Completion.IsCompletedSuccessfully);

        var next = new RecordingSink();
        await kafka.StartAsync(next);
        await kafka.SendLoginsAsync(50, 10);
        await kafka.UntilHandedAsync(next, 10);
        Assert.Equal(Enumerable.Range(50, 10).Select(KafkaFixture.IdOf), next.All.Select(one => one.Signal.Id));
        Assert.Contains((kafka.First, 50L), next.Begun);
    }

    [KafkaFact]
    public async Task An_old_offset_brings_the_same_signals_again()
    {
        await using var kafka = new KafkaFixture();
        var first = new RecordingSink();
        await kafka.StartAsync(first);
        await kafka.SendLoginsAsync(0, 30);
        await kafka.UntilHandedAsync(first, 30);

        // Another group, for a group that has had members refuses commits of others.
        kafka.Kafka.Commit(kafka.Usage, 0, 12, "again");
        var second = new RecordingSink();
        await kafka.StartAsync(second, options => options.GroupId = "again");
        await kafka.UntilHandedAsync(second, 18);
        Assert.Equal(first.All.Skip(12), second.All);
        await Wait.Until(() => kafka.Kafka.Committed(kafka.Usage, 1, "again")[kafka.First] == 30, "the commit of the second group");
    }

    [KafkaFact]
    public async Task Lost_work_is_read_again_from_the_last_commit()
    {
        await using var kafka = new KafkaFixture(partitions: 2);
        var sink = new RecordingSink { SavesAtOnce = false };
        await kafka.StartAsync(sink, options => options.BatchMessages = 7);
        await kafka.SendLoginsAsync(0, 400, i => $"account-{i % 40}");
        await kafka.UntilHandedAsync(sink, 400);
        var before = sink.All;
        var ofFirst = before.Count(one => one.Partition == kafka.First);
        sink.SaveBefore(kafka.First, 25);
        await kafka.UntilCommittedAsync(kafka.First, 25);

        // All twice: nothing of it may hang on being the first time.
        for (var time = 1; time <= 2; time++)
        {
            sink.Lose(kafka.First);
            await Wait.Until(() => sink.Begun.Count(one => one == (kafka.First, 25)) == time, () => $"a new beginning at 25\n{kafka.Logger}");
            await kafka.UntilHandedAsync(sink, 400);
            Assert.Equal(
                Enumerable.Range(0, ofFirst).Select(offset => (long)offset),
                sink.All.Where(one => one.Partition == kafka.First).Select(one => one.Offset));
        }

        Assert.Equal(before.Order(ByPlace), sink.All.Order(ByPlace));
        Assert.Equal(0, sink.Overlaps);
        Assert.Equal(25, kafka.Committed(kafka.First));
        sink.SaveBefore(kafka.First, ofFirst);
        await kafka.UntilCommittedAsync(kafka.First, ofFirst);
    }

    [KafkaFact]
    public async Task An_offset_that_the_log_no_longer_has_is_told_and_reading_begins_at_the_earliest()
    {
        await using var kafka = new KafkaFixture();
        await kafka.SendLoginsAsync(0, 10);
        kafka.Kafka.Commit(kafka.Usage, 0, 5_000);
        var sink = new RecordingSink();
        await kafka.StartAsync(sink);
        await kafka.UntilHandedAsync(sink, 10);
        Assert.Contains("no longer in the log", Assert.Single(kafka.Logger.At(LogLevel.Error)), StringComparison.Ordinal);
        await kafka.UntilCommittedAsync(kafka.First, 10);
        await kafka.SendLoginsAsync(10, 5);
        await kafka.UntilHandedAsync(sink, 15);
        Assert.Equal(Enumerable.Range(0, 15).Select(KafkaFixture.IdOf), sink.All.Select(one => one.Signal.Id));
    }

    [KafkaFact]
    public async Task A_sink_that_never_saves_delays_the_end_only_so_long()
    {
        await using var kafka = new KafkaFixture();
        var never = new TaskCompletionSource();
        var sink = new RecordingSink { Before = _ => never.Task };
        var member = await kafka.StartAsync(sink, options => options.StopTimeout = TimeSpan.FromMilliseconds(300));
        await kafka.SendLoginsAsync(0, 10);
        await Wait.Until(() => kafka.Logger.ToString().Contains("came to this member", StringComparison.Ordinal), "an assignment");
        await member.StopAsync(CancellationToken.None).WaitAsync(Wait.Patience);
        Assert.Equal(-1, kafka.Committed(kafka.First));
        never.SetResult();
    }

    [KafkaFact]
    public async Task Brokers_that_are_gone_delay_the_end_only_so_long_and_are_told_of_once()
    {
        await using var kafka = new KafkaFixture();
        var sink = new RecordingSink();
        var member = await kafka.StartAsync(sink, options => options.StopTimeout = TimeSpan.FromSeconds(20));
        await kafka.SendLoginsAsync(0, 10);
        await kafka.UntilCommittedAsync(kafka.First, 10);
        sink.SavesAtOnce = false;
        await kafka.SendLoginsAsync(10, 10);
        await kafka.UntilHandedAsync(sink, 20);
        kafka.Kafka.Kill();
        // What is saved now cannot be committed any more.
        sink.SaveBefore(kafka.First, 20);
        await Wait.Until(() => kafka.Logger.ToString().Contains("could not be committed", StringComparison.Ordinal), "a commit that fails");

        var watch = System.Diagnostics.Stopwatch.StartNew();
        await member.StopAsync(CancellationToken.None).WaitAsync(Wait.Patience);
        await member.DisposeAsync().AsTask().WaitAsync(Wait.Patience);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 18);
        Assert.Single(kafka.Logger.At(LogLevel.Warning), line => line.Contains("could not be committed", StringComparison.Ordinal));
    }

    private static readonly Comparer<Handed> ByPlace = Comparer<Handed>.Create((a, b) =>
        (a.Partition.Partition, a.Offset, a.Signal.Id).CompareTo((b.Partition.Partition, b.Offset, b.Signal.Id)));
}
