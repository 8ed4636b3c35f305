using HealthGrains.Delivery;

namespace HealthGrains.Core.Tests.Delivery;

public sealed class RetryScheduleTests
{
    private const long Start = 1_790_000_000_000;

    private static readonly RetrySchedule Schedule = RetrySchedule.Default;

    [Fact]
    public void Pauses_double_from_five_seconds_to_an_hour_and_lie_between_half_and_the_whole()
    {
        for (var attempt = 1; attempt <= 100; attempt++)
        {
            var whole = Math.Min(5 * Math.Pow(2, attempt - 1), 3600);
            Assert.InRange(Schedule.Pause(attempt, "acme:1").TotalSeconds, whole / 2, whole + 0.001);
        }
    }

    [Fact]
    public void The_same_delivery_pauses_the_same_and_others_are_spread()
    {
        Assert.Equal(Schedule.Pause(7, "acme:1"), Schedule.Pause(7, "acme:1"));
        var pauses = Enumerable.Range(0, 1_000).Select(i => Schedule.Pause(7, $"acme:{i}").TotalSeconds).ToList();
        Assert.InRange(pauses.Average(), 235, 245);
        Assert.True(pauses.Distinct().Count() > 900);
        // A tenth of the range holds about a tenth of them.
        Assert.All(Enumerable.Range(0, 10), tenth =>
            Assert.InRange(pauses.Count(pause => pause >= 160 + 16 * tenth && pause < 176 + 16 * tenth), 60, 140));
    }

    [Fact]
    public void It_is_tried_for_three_days_and_then_given_up()
    {
        var (now, attempts) = (Start, 1);
        while (Schedule.Next(attempts, now, Start, "acme:1") is { } next)
        {
            Assert.True(next > now);
            now = next;
            attempts++;
        }
        Assert.InRange(now, Start + (long)TimeSpan.FromHours(71).TotalMilliseconds, Schedule.LastAttempt(Start));
        // Ten to come to an hour, then 71 hours of an hour or half of one.
        Assert.InRange(attempts, 10 + 71, 10 + 142);
    }

    [Fact]
    public void A_receiver_that_asks_for_more_time_gets_it_and_one_that_asks_for_less_does_not_shorten_the_pause()
    {
        Assert.Equal(Start + 120_000, Schedule.Next(1, Start, Start, "acme:1", TimeSpan.FromMinutes(2)));
        Assert.Equal(Schedule.Next(7, Start, Start, "acme:1"), Schedule.Next(7, Start, Start, "acme:1", TimeSpan.FromSeconds(1)));
        Assert.Null(Schedule.Next(1, Start, Start, "acme:1", TimeSpan.FromDays(4)));
    }

    [Theory]
    [InlineData("acme:17", true)]
    [InlineData("acme.com:play/1#2_b-c", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("with space", false)]
    [InlineData("line\nbreak", false)]
    [InlineData("zoë", false)]
    public void An_id_is_what_may_stand_in_a_header(string? id, bool valid) => Assert.Equal(valid, Dispatch.IsValidId(id));

    [Fact]
    public void An_id_has_an_end()
    {
        Assert.True(Dispatch.IsValidId(new string('a', Dispatch.MaxIdLength)));
        Assert.False(Dispatch.IsValidId(new string('a', Dispatch.MaxIdLength + 1)));
    }
}
