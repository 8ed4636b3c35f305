using Confluent.Kafka;

namespace HealthGrains.Kafka.Tests;

public sealed class OrderTests
{
    [KafkaFact]
    public async Task Signals_of_a_partition_come_in_its_order_one_call_at_a_time()
    {
        await using var kafka = new KafkaFixture(partitions: 3);
        var sink = new RecordingSink();
        await kafka.StartAsync(sink, options => options.BatchMessages = 50);
        await kafka.SendLoginsAsync(0, 3_000, i => $"account-{i % 40}");
        await kafka.UntilHandedAsync(sink, 3_000);

        var all = sink.All;
        Assert.Equal(3_000, all.Select(one => one.Signal.Id).Distinct().Count());
        Assert.Equal(0, sink.Overlaps);
        foreach (var partition in all.GroupBy(one => one.Partition))
            Assert.Equal(Enumerable.Range(0, partition.Count()).Select(offset => (long)offset), partition.Select(one => one.Offset));
        foreach (var account in all.GroupBy(one => one.Account)) Assert.Single(account.Select(one => one.Partition).Distinct());
    }

    [KafkaFact]
    public async Task A_batch_never_parts_the_signals_of_one_message()
    {
        await using var kafka = new KafkaFixture();
        var sink = new RecordingSink();
        await kafka.StartAsync(sink, options => options.BatchSignals = 10);
        string Lines(int from) => string.Join('\n', Enumerable.Range(from, 25).Select(i => KafkaFixture.Login(i, "acme")));
        await kafka.SendAsync(Signals.SignalSource.Usage, KafkaFixture.Message("acme", Lines(0)), KafkaFixture.Message("acme", Lines(25)));
        await kafka.UntilHandedAsync(sink, 50);
        Assert.Equal(2, sink.Calls);
        Assert.Equal([25, 25], sink.All.GroupBy(one => one.Offset).Select(message => message.Count()));
    }

    [KafkaFact]
    public async Task A_sink_that_fails_is_called_again_and_nothing_is_skipped()
    {
        await using var kafka = new KafkaFixture();
        var failures = 5;
        var sink = new RecordingSink
        {
            Before = _ => Interlocked.Decrement(ref failures) >= 0 ? throw new TimeoutException("the silo is away") : Task.CompletedTask,
        };
        await kafka.StartAsync(sink);
        await kafka.SendLoginsAsync(0, 20);
        await kafka.UntilHandedAsync(sink, 20);
        Assert.Equal(Enumerable.Range(0, 20).Select(KafkaFixture.IdOf), sink.All.Select(one => one.Signal.Id));
        Assert.Contains(kafka.Logger.At(Microsoft.Extensions.Logging.LogLevel.Warning), line => line.Contains("the silo is away; ", StringComparison.Ordinal)
            || line.Contains("nothing is skipped. the silo is away", StringComparison.Ordinal));
        await kafka.UntilCommittedAsync(kafka.First, 20);
    }

    [KafkaFact]
    public async Task A_slow_sink_pauses_its_partition_and_goes_on_when_little_waits()
    {
        await using var kafka = new KafkaFixture(partitions: 2);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sink = new RecordingSink { Before = cancellation => gate.Task.WaitAsync(cancellation) };
        var member = await kafka.StartAsync(sink, options => (options.HighWater, options.LowWater, options.BatchMessages) = (100, 20, 10));
        await kafka.SendLoginsAsync(0, 2_000, i => $"account-{i % 40}");
        await Wait.Until(() => member.Paused == 2, () => $"two paused partitions; {member.Paused} are\n{kafka.Logger}");
        Assert.Equal(0, sink.Count);

        gate.SetResult();
        await kafka.UntilHandedAsync(sink, 2_000);
        await Wait.Until(() => member.Paused == 0, "all partitions resumed");
        foreach (var partition in sink.All.GroupBy(one => one.Partition))
            Assert.Equal(Enumerable.Range(0, partition.Count()).Select(offset => (long)offset), partition.Select(one => one.Offset));
    }
}
