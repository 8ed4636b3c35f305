using Microsoft.Extensions.Logging;

namespace HealthGrains.Kafka.Tests;

/// <summary>A sink that keeps places beside what it saves is believed; the group's commit is a hint.</summary>
public sealed class PlaceTests
{
    [KafkaTheory]
    [InlineData(20, 12, 12)]
    [InlineData(20, 25, 20)]
    [InlineData(20, 0, 0)]
    [InlineData(-1, 12, 12)]
    [InlineData(-1, 0, 0)]
    public async Task Reading_begins_at_the_lesser_of_the_place_and_the_commit(int committed, int place, int begins)
    {
        await using var kafka = new KafkaFixture();
        await kafka.SendLoginsAsync(0, 30);
        if (committed >= 0) kafka.Kafka.Commit(kafka.Usage, 0, committed);
        var sink = new RecordingSink { Places = [] };
        if (place > 0) sink.Places[kafka.First] = place;
        await kafka.StartAsync(sink);

        await kafka.UntilHandedAsync(sink, 30 - begins);
        Assert.Equal(Enumerable.Range(begins, 30 - begins).Select(KafkaFixture.IdOf), sink.All.Select(one => one.Signal.Id));
        await kafka.UntilCommittedAsync(kafka.First, 30);
        Assert.Equal(30, sink.Places[kafka.First]);
        var told = kafka.Logger.At(LogLevel.Warning).Where(line => line.Contains("older than the commits", StringComparison.Ordinal));
        Assert.Equal(place < committed ? 1 : 0, told.Count());
    }

    [KafkaFact]
    public async Task Reading_waits_until_the_places_are_known()
    {
        await using var kafka = new KafkaFixture();
        kafka.Kafka.Commit(kafka.Usage, 0, 20);
        await kafka.SendLoginsAsync(0, 30);
        var refusals = 3;
        var sink = new RecordingSink { Places = new([new(kafka.First, 12)]) };
        sink.BeforePlaces = () =>
        {
            if (Interlocked.Decrement(ref refusals) >= 0) throw new IOException("the database is away");
        };
        await kafka.StartAsync(sink);
        await kafka.UntilHandedAsync(sink, 18);
        Assert.Equal(Enumerable.Range(12, 18).Select(KafkaFixture.IdOf), sink.All.Select(one => one.Signal.Id));
        Assert.Contains(kafka.Logger.At(LogLevel.Warning), line => line.Contains("the database is away", StringComparison.Ordinal));
    }

    [KafkaFact]
    public async Task Nothing_is_committed_whose_place_was_not_kept()
    {
        await using var kafka = new KafkaFixture();
        var sink = new RecordingSink { Places = [] };
        await kafka.StartAsync(sink);
        await kafka.SendLoginsAsync(0, 10);
        await kafka.UntilCommittedAsync(kafka.First, 10);
        var refused = 0;
        sink.BeforePlaces = () =>
        {
            refused++;
            throw new IOException("the database is away");
        };
        await kafka.SendLoginsAsync(10, 10);
        await Wait.Until(() => refused > 2, "attempts to keep the place");
        Assert.Equal((10, 10), (kafka.Committed(kafka.First), sink.Places[kafka.First]));
        sink.BeforePlaces = () => { };
        await kafka.UntilCommittedAsync(kafka.First, 20);
    }

    [KafkaFact]
    public async Task A_store_that_is_set_back_under_its_reader_is_read_to_again()
    {
        await using var kafka = new KafkaFixture();
        var sink = new RecordingSink { Places = [] };
        await kafka.StartAsync(sink);
        await kafka.SendLoginsAsync(0, 20);
        await kafka.UntilCommittedAsync(kafka.First, 20);

        sink.Places[kafka.First] = 7;
        await kafka.SendLoginsAsync(20, 1);

        await kafka.UntilHandedAsync(sink, 21 + 14);
        Assert.Equal(Enumerable.Range(7, 14).Select(KafkaFixture.IdOf), sink.All.Skip(21).Select(one => one.Signal.Id));
        await Wait.Until(() => sink.Places[kafka.First] == 21, "the place after it was read again");
    }

    [KafkaFact]
    public async Task A_place_that_the_log_no_longer_has_is_told_as_an_error()
    {
        await using var kafka = new KafkaFixture();
        await kafka.SendLoginsAsync(0, 10);
        var sink = new RecordingSink { Places = new([new(kafka.First, 5_000)]) };
        await kafka.StartAsync(sink);
        await kafka.UntilHandedAsync(sink, 10);
        Assert.Contains("offset 5000 is no longer in the log", Assert.Single(kafka.Logger.At(LogLevel.Error)), StringComparison.Ordinal);
        await kafka.UntilCommittedAsync(kafka.First, 10);
    }
}
