using FsCheck;
using FsCheck.Fluent;
using HealthGrains.Decline;

namespace HealthGrains.Core.Tests.Decline;

public class DeclineProperties
{
    /// <summary>Histories of 0 to 130 days with gaps, jumps and slopes, and a moment after the last close.</summary>
    static readonly Arbitrary<(double[] Scores, double Now, double Since)> Any = (
        from seed in Gen.Choose(0, int.MaxValue)
        from days in Gen.Choose(0, 130)
        from slope in Gen.Choose(-20, 20)
        from step in Gen.Choose(-40, 40)
        from gaps in Gen.Choose(0, 3)
        from since in Gen.Choose(0, 100)
        select Draw(seed, days, slope / 10.0, step, gaps, since / 100.0)).ToArbitrary();

    static (double[], double, double) Draw(int seed, int days, double slope, double step, int gaps, double since)
    {
        var histories = new Histories((ulong)seed);
        var scores = histories.Noisy(days, day => 50 + slope * day + (day > days - 8 ? step : 0), sigma: 1 + seed % 8);
        for (var day = 0; day < days; day++)
        {
            if (gaps > 0 && (day * 7 + seed % 11) % (8 - 2 * gaps) == 0)
                scores[day] = double.NaN;
        }
        return (scores, 50 + histories.Normal(), since);
    }

    static Trend Assess(double[] scores, double now, double since) => DeclineDetector.Assess(
        scores.AsSpan(Math.Max(0, scores.Length - 42)), Histories.WeeksBefore(scores), now, since, DeclineSettings.Default);

    static bool Close(double a, double b) => Math.Abs(a - b) <= 1e-7 * (1 + Math.Abs(a));

    static bool Finite(in Trend trend) => double.IsFinite(
        trend.SlopePerDay + trend.SlopeError + trend.Z + trend.Acceleration + trend.AccelerationZ + trend.JoltZ + trend.SlowSlope
        + trend.SlowZ + trend.Noise);

    [Fact]
    public void A_shift_of_all_scores_changes_nothing() => Prop.ForAll(Any, ArbMap.Default.ArbFor<short>(), (drawn, points) =>
    {
        var shift = points / 10.0;
        var here = Assess(drawn.Scores, drawn.Now, drawn.Since);
        var there = Assess([.. drawn.Scores.Select(score => score + shift)], drawn.Now + shift, drawn.Since);
        return here.State == there.State && Close(here.Z, there.Z) && Close(here.SlopePerDay, there.SlopePerDay)
            && Close(here.AccelerationZ, there.AccelerationZ) && Close(here.Noise, there.Noise);
    }).Check(Config.QuickThrowOnFailure.WithReplay(20261121, 7));

    [Fact]
    public void A_mirrored_history_mirrors_the_trend() => Prop.ForAll(Any, drawn =>
    {
        var trend = Assess(drawn.Scores, drawn.Now, drawn.Since);
        var mirror = Assess([.. drawn.Scores.Select(score => 100 - score)], 100 - drawn.Now, drawn.Since);
        return Close(trend.Z, -mirror.Z) && Close(trend.Acceleration, -mirror.Acceleration) && Close(trend.JoltZ, -mirror.JoltZ)
            && Close(trend.SlopeError, mirror.SlopeError)
            && (trend.State != DeclineState.Improving || mirror.State is DeclineState.Declining or DeclineState.Accelerating)
            && (trend.State != DeclineState.Declining || mirror.State == DeclineState.Improving);
    }).Check(Config.QuickThrowOnFailure.WithReplay(20261121, 7));

    [Fact]
    public void Whatever_comes_in_what_goes_out_is_finite()
    {
        var values = ArbMap.Default.ArbFor<double[]>();
        var number = ArbMap.Default.ArbFor<double>();
        Prop.ForAll(values, values, number, (closes, weeks, now) =>
                Finite(DeclineDetector.Assess(closes, weeks, now, now, DeclineSettings.Default))
                && Finite(DeclineDetector.Assess([.. closes, .. closes, .. closes], weeks, now, 0.5, DeclineSettings.Default)))
            .Check(Config.QuickThrowOnFailure.WithReplay(20261121, 7));
        Prop.ForAll(Any, drawn => Finite(Assess(drawn.Scores, drawn.Now, drawn.Since)))
            .Check(Config.QuickThrowOnFailure.WithReplay(20261121, 7));
    }

    [Fact]
    public void The_slope_scales_with_the_score() => Prop.ForAll(Any, drawn =>
    {
        var trend = Assess(drawn.Scores, drawn.Now, drawn.Since);
        var twice = Assess([.. drawn.Scores.Select(score => 2 * score)], 2 * drawn.Now, drawn.Since);
        return Close(2 * trend.SlopePerDay, twice.SlopePerDay) && twice.Noise >= trend.Noise;
    }).Check(Config.QuickThrowOnFailure.WithReplay(20261121, 7));

    [Fact]
    public void Only_the_newest_42_closes_count() => Prop.ForAll(Any, drawn =>
        DeclineDetector.Assess(drawn.Scores, [], drawn.Now, drawn.Since, DeclineSettings.Default)
            == DeclineDetector.Assess(drawn.Scores.AsSpan(Math.Max(0, drawn.Scores.Length - 42)), [], drawn.Now, drawn.Since,
                DeclineSettings.Default)).Check(Config.QuickThrowOnFailure.WithReplay(20261121, 7));
}
