using HealthGrains.Decline;

namespace HealthGrains.Core.Tests.Decline;

public class DeclineDetectorTests
{
    const int Days = Histories.Days;

    static double[] Path(Func<int, double> score) => [.. Enumerable.Range(0, Days).Select(score)];

    [Fact]
    public void A_score_that_never_moves_is_steady()
    {
        var trend = Histories.Assess(Path(_ => 72));
        Assert.Equal(DeclineState.Steady, trend.State);
        Assert.Equal(0, trend.Z, 9);
        Assert.Equal(0, trend.SlopePerDay, 9);
        Assert.Equal(0, trend.AccelerationZ, 9);
    }

    [Fact]
    public void Noise_about_a_level_is_steady() =>
        Assert.Equal(DeclineState.Steady, Histories.Assess(new Histories(5).Noisy(Days, _ => 70)).State);

    [Fact]
    public void A_steady_decline_is_declining_and_not_accelerating()
    {
        var trend = Histories.Assess(new Histories(5).Noisy(Days, day => 100 - 0.6 * day));
        Assert.Equal(DeclineState.Declining, trend.State);
        Assert.InRange(trend.SlowSlope, -0.7, -0.5);
        Assert.InRange(trend.SlopePerDay, -1, -0.3);
        Assert.Equal(trend.SlopePerDay, trend.SlowSlope + trend.Acceleration, 9);
    }

    [Fact]
    public void A_steady_decline_is_told_day_after_day()
    {
        var scores = new Histories(9).Noisy(Days + 60, day => 100 - 0.5 * day);
        var told = Enumerable.Range(Days, 60).Count(end => Histories.Assess(scores.AsSpan(0, end)).State >= DeclineState.Declining);
        Assert.InRange(told, 54, 60);
    }

    [Fact]
    public void A_healthy_drift_is_steady_however_long_it_lasts() =>
        Assert.Equal(DeclineState.Steady, Histories.Assess(Path(day => 80 - 0.1 * day)).State);

    [Fact]
    public void A_fall_that_gets_steeper_is_accelerating()
    {
        var trend = Histories.Assess(new Histories(5).Noisy(Days, day => 80 - 0.1 * day - 1.5 * Math.Max(0, day - (Days - 14))));
        Assert.Equal(DeclineState.Accelerating, trend.State);
        Assert.InRange(trend.Acceleration, -2, -1);
    }

    [Fact]
    public void A_step_down_is_told_within_a_week() =>
        Assert.Equal(DeclineState.Accelerating,
            Histories.Assess(new Histories(5).Noisy(Days, day => day < Days - 6 ? 75 : 60)).State);

    [Fact]
    public void A_steady_rise_is_improving() =>
        Assert.Equal(DeclineState.Improving, Histories.Assess(new Histories(5).Noisy(Days, day => 20 + 0.6 * day)).State);

    [Fact]
    public void A_rise_that_levels_off_is_no_decline()
    {
        var trend = Histories.Assess(Path(day => 20 + 1.5 * Math.Min(day, Days - 14) + 0.1 * Math.Max(0, day - (Days - 14))));
        Assert.True(trend.AccelerationZ < -DeclineSettings.Default.AcceleratingZ);
        Assert.NotEqual(DeclineState.Accelerating, trend.State);
        Assert.NotEqual(DeclineState.Declining, trend.State);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(13)]
    public void Too_few_closes_are_steady_however_they_fall(int closes)
    {
        var scores = Enumerable.Range(0, closes).Select(day => 90.0 - 5 * day).ToArray();
        Assert.Equal(DeclineState.Steady, DeclineDetector.Assess(scores, [], 20, 0.5, DeclineSettings.Default).State);
    }

    [Fact]
    public void A_young_account_declines_but_does_not_accelerate()
    {
        var scores = new Histories(5).Noisy(21, day => 90 - 2.0 * day);
        Assert.Equal(DeclineState.Declining, Histories.Assess(scores).State);
    }

    [Fact]
    public void Settings_left_out_are_the_defaults()
    {
        var scores = new Histories(5).Noisy(Days, day => 90 - 0.6 * day);
        Assert.Equal(Histories.Assess(scores), Histories.Assess(scores, default));
    }

    [Fact]
    public void Gaps_leave_the_slope_and_widen_its_error()
    {
        var whole = new Histories(5).Noisy(Days, day => 90 - 0.6 * day);
        var gaps = whole.Select((score, day) => day >= Days - 42 && day % 3 == 0 ? double.NaN : score).ToArray();
        var trend = Histories.Assess(whole);
        var gapped = DeclineDetector.Assess(gaps.AsSpan(^42..), Histories.WeeksBefore(whole), double.NaN, 0.5, DeclineSettings.Default);
        Assert.Equal(trend.SlopePerDay, gapped.SlopePerDay, 0.35);
        Assert.True(gapped.SlopeError > trend.SlopeError);
    }

    [Fact]
    public void A_weekday_pattern_is_absorbed()
    {
        var flat = new Histories(5).Noisy(Days, _ => 70, sigma: 1.5);
        var weekly = flat.Select((score, day) => score - (day % 7 >= 5 ? 25 : 0)).ToArray();
        var plain = Histories.Assess(flat);
        for (var end = Days - 6; end <= Days; end++)
        {
            var trend = Histories.Assess(weekly.AsSpan(0, end));
            Assert.Equal(DeclineState.Steady, trend.State);
            Assert.InRange(trend.Noise, 0.5 * plain.Noise, 2 * plain.Noise);
        }
    }

    [Fact]
    public void Without_a_weekday_pattern_there_is_exactly_none()
    {
        // The line being linear, a speck of weekly pattern moves every account's slope by the same speck - unless a profile,
        // found where there is none, takes some of it out.
        var histories = new Histories(8);
        var moves = new List<double>();
        for (var account = 0; account < 300; account++)
        {
            var scores = histories.Noisy(Days, day => 80 - 0.5 * day);
            var speck = scores.Select((score, day) => score + (day % 7 == 0 ? 0.01 : 0)).ToArray();
            moves.Add(Histories.Assess(speck).SlopePerDay - Histories.Assess(scores).SlopePerDay);
        }
        var usual = moves.Order().ElementAt(moves.Count / 2);
        Assert.InRange(moves.Count(move => Math.Abs(move - usual) > 0.05 * Math.Abs(usual)), 0, 15);
    }

    [Fact]
    public void A_day_just_begun_changes_nothing_yet()
    {
        var scores = new Histories(6).Noisy(Days, day => 80 - 0.2 * day);
        var weeks = Histories.WeeksBefore(scores);
        var atClose = DeclineDetector.Assess(scores.AsSpan(^42..), weeks, scores[^1], 0, DeclineSettings.Default);
        var before = double.PositiveInfinity;
        foreach (var since in new[] { 1e-1, 1e-2, 1e-3, 1e-4, 1e-6 })
        {
            var later = DeclineDetector.Assess(scores.AsSpan(^42..), weeks, scores[^1] - 9, since, DeclineSettings.Default);
            var off = Math.Abs(later.Z - atClose.Z);
            Assert.True(off < before);
            before = off;
        }
        Assert.InRange(before, 0, 1e-5);
    }

    [Fact]
    public void A_day_all_but_over_counts_as_its_close()
    {
        var scores = new Histories(6).Noisy(Days + 1, day => 80 - 0.2 * day);
        var next = DeclineDetector.Assess(scores.AsSpan(^42..), [], scores[^1], 0, DeclineSettings.Default);
        var now = DeclineDetector.Assess(scores.AsSpan(^42..^1), [], scores[^1], 1, DeclineSettings.Default);
        Assert.Equal(next.SlopePerDay, now.SlopePerDay, 0.001);
        Assert.Equal(next.Acceleration, now.Acceleration, 0.001);
    }

    [Fact]
    public void A_quiet_account_is_told_of_a_smaller_fall_than_a_wild_one()
    {
        double Fall(int day) => 70 - 0.5 * Math.Max(0, day - (Days - 14));
        var quiet = Histories.Assess(new Histories(5).Noisy(Days, Fall, sigma: 1));
        var wild = Histories.Assess(new Histories(5).Noisy(Days, Fall, sigma: 10));
        Assert.Equal(DeclineState.Accelerating, quiet.State);
        Assert.Equal(DeclineState.Steady, wild.State);
        Assert.True(quiet.Noise < 3 && wild.Noise > 8);
    }

    [Fact]
    public void An_assessment_allocates_nothing()
    {
        var scores = new Histories(5).Noisy(Days, day => 80 - 0.2 * day);
        var weeks = Histories.WeeksBefore(scores);
        var closes = scores[^42..];
        var sum = 0.0;
        Allocated.Nothing(() =>
        {
            for (var call = 0; call < 1000; call++)
                sum += DeclineDetector.Assess(closes, weeks, 60, 0.3, DeclineSettings.Default).Z;
        });
        Assert.True(double.IsFinite(sum));
    }
}
