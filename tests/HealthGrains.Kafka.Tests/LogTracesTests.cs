using System.Diagnostics;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Kafka.Tests;

[Collection("alone")]
public sealed class LogTracesTests
{
    [KafkaFact]
    public async Task A_batch_goes_on_from_the_span_that_appended_its_message_and_no_message_has_a_span_of_its_own()
    {
        await using var kafka = new KafkaFixture();
        var ended = new System.Collections.Concurrent.ConcurrentQueue<Activity>();
        using var mine = new ActivitySource("HealthGrains.Kafka.Tests");
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source == mine || source.Name == LogTraces.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var log = new KafkaLog(kafka.Kafka.Options(), kafka.Logger, kafka.Figures);
        var request = mine.StartActivity("request")!;
        await log.AppendAsync(Batch(1).Signals, awaited: false, CancellationToken.None);
        request.Stop();
        var other = mine.StartActivity("other request")!;
        await log.AppendAsync(Batch(2).Signals, awaited: false, CancellationToken.None);
        other.Stop();
        await log.AppendAsync(Batch(3).Signals, awaited: false, CancellationToken.None);
        var seenBy = new List<ActivityTraceId>();
        var sink = new RecordingSink
        {
            Before = _ =>
            {
                seenBy.Add(Activity.Current!.TraceId);
                return Task.CompletedTask;
            },
        };

        // Everything lies there before anybody reads, so that it is read in few batches.
        await kafka.StartAsync(sink);
        await kafka.UntilHandedAsync(sink, 3);
        await Wait.Until(() => Batches().Sum(SignalsOf) == 3, "the spans of the batches");

        Assert.Equal(request.TraceId, seenBy[0]);
        var first = Batches().First();
        Assert.Equal((request.TraceId, request.SpanId), (first.TraceId, first.ParentSpanId));
        // A span of the other request is a link of the same batch, or above a batch of its own.
        Assert.Contains(Batches(), batch => batch.TraceId == other.TraceId || batch.Links.Any(link => link.Context.SpanId == other.SpanId));
        Assert.Equal(sink.Calls, Batches().Count());

        IEnumerable<Activity> Batches() => ended.Where(one =>
            one.OperationName == "healthgrains.log.batch" && Equals(one.GetTagItem("messaging.destination.name"), kafka.Usage));
    }

    [KafkaFact]
    public async Task Without_a_recorded_span_messages_carry_none()
    {
        await using var kafka = new KafkaFixture();
        using var log = new KafkaLog(kafka.Kafka.Options(), kafka.Logger, kafka.Figures);
        await log.AppendAsync(Batch(1).Signals, awaited: false, CancellationToken.None);
        using (new Activity("not recorded").Start()) await log.AppendAsync(Batch(2).Signals, awaited: false, CancellationToken.None);

        var messages = kafka.Kafka.Read(kafka.Usage, 2);
        Assert.All(messages, message => Assert.DoesNotContain(message.Message.Headers, header => header.Key == LogTraces.ParentHeader));
    }

    private static int SignalsOf(Activity batch) => (int)batch.GetTagItem("healthgrains.count")!;

    private static IntakeBatch Batch(ulong id)
    {
        var batch = new IntakeBatch();
        batch.Add("acme", new Signal(id, KafkaFixture.Now.ToUnixTimeMilliseconds(), SignalKind.Login));
        return batch;
    }
}

/// <summary>Who listens to spans hears those of all tests: these run when no others do.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;
