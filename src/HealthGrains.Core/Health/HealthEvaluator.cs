using HealthGrains.Accounts;
using HealthGrains.Measures;

namespace HealthGrains.Health;

/// <summary>A score and its parts.</summary>
/// <param name="Value">0..100, after caps.</param>
/// <param name="Uncapped">0..100, before caps: the sum of the measures' points.</param>
/// <param name="Low">Lower end of the 80 % interval.</param>
/// <param name="High">Upper end of the 80 % interval.</param>
/// <param name="Coverage">0..1, weighted over measures.</param>
/// <param name="Caps">The caps that hold.</param>
/// <param name="UnpaidSince">When the longest unpaid invoice first failed; <see cref="long.MaxValue"/> when nothing is unpaid.</param>
internal readonly record struct Score(
    double Value, double Uncapped, double Low, double High, double Coverage, CapSet Caps, long UnpaidSince)
{
    /// <summary>Points that the lowest cap takes away, zero or negative.</summary>
    public double CapPoints => Value - Uncapped;
}

/// <summary>The score of an account at any moment in its calendar: a pure function, free of allocation.</summary>
internal static class HealthEvaluator
{
    /// <summary>z of a two-sided 80 % interval of the normal distribution.</summary>
    private const double Z80 = 1.2815515655446004;

    private const double StandsDays = 7;
    private const double FadesDays = 35;

    /// <summary>Most measures a model can hold.</summary>
    public const int MaxMeasures = 32;

    /// <summary>The score at a moment, with the signals known up to another.</summary>
    /// <param name="state">The account.</param>
    /// <param name="turn">Model, policy and tenant.</param>
    /// <param name="at">The moment, Unix milliseconds.</param>
    /// <param name="known">Signals after this are left out.</param>
    /// <param name="points">Takes the points of each measure, in the model's order.</param>
    /// <param name="readings">Takes the readings, in the model's order; empty when not wanted.</param>
    public static Score Evaluate(
        AccountState state, in Turn turn, long at, long known, Span<double> points, Span<Reading> readings = default)
    {
        if (state.Calendar.ChurnedBy(known) is var churned && churned != long.MinValue)
        {
            at = Math.Min(at, churned);
            known = Math.Min(known, churned);
        }
        var observation = Observation.Take(state, turn.Tenant, at, known);
        var caps = CapSet.Of(observation, turn.Policy);
        var entries = turn.Model.Entries;
        double sum = 0, coverage = 0, variance = 0, deviation = 0, observed = 0, surprise = 0;
        for (var k = 0; k < entries.Length; k++)
        {
            var entry = entries[k];
            var reading = Known(entry.Definition.Read(observation), observation.LostFor(entry.Definition.Source));
            var model = entry.Model;
            var value = Value(model, reading, state.Profile.Segment);
            var c = reading.Coverage;
            points[k] = model.Weight * (c * value + (1 - c) * model.Expected);
            sum += points[k];
            coverage += model.Weight * c;
            if (model.Spread > 0)
            {
                observed += c;
                // One furious ticket is no reason to give up on all that is not known: beyond three spreads it says no more.
                surprise += c * Math.Clamp((value - model.Expected) / model.Spread, -3, 3);
            }
            var unknown = model.Weight * (1 - c) * model.Spread;
            variance += unknown * unknown;
            deviation += unknown;
            if (!readings.IsEmpty) readings[k] = reading;
        }
        var uncapped = Math.Clamp(sum, 0, 100);
        var (low, high) = Interval(turn.Model.Correlation, uncapped, variance, deviation, observed, surprise);
        var limit = caps.Lowest.Limit;
        return new Score(
            Math.Min(uncapped, limit), uncapped, Math.Min(low, limit), Math.Min(high, limit), Math.Min(1, coverage), caps,
            observation.Billing.UnpaidSince);
    }

    /// <summary>What was last known of a source that nobody hears stands for a week; then it is known less and less, over five.</summary>
    private static Reading Known(in Reading reading, double lostForDays) => lostForDays <= StandsDays ? reading
        : reading with { Coverage = reading.Coverage * Math.Max(0, 1 - (lostForDays - StandsDays) / FadesDays) };

    /// <summary>The value 0..100 of a reading under a model.</summary>
    private static double Value(MeasureModel model, in Reading reading, string? segment)
    {
        var value = model.Absolute.At(reading.Value);
        var weight = 1 - model.OwnShare - model.SegmentShare;
        var sum = weight * value;
        if (model.Own is not null && reading.OwnWeight > 0)
        {
            // The less there is to compare with, the less it counts; what remains goes to the absolute mark.
            var own = model.OwnShare * reading.OwnWeight;
            sum += own * model.Own.At(reading.OwnRatio);
            weight += own;
        }
        if (model.Segment is not null && segment is not null && model.References is { } references
            && references.TryGetValue(segment, out var reference) && reference > 0)
        {
            sum += model.SegmentShare * model.Segment.At(reading.Value / reference);
            weight += model.SegmentShare;
        }
        return weight > 0 ? sum / weight : value;
    }

    /// <summary>
    /// What is not observed lies about its expected value with its spread, and the measures of one account deviate together: each
    /// standardised deviation is sqrt(r) g + sqrt(1 - r) e, g the account's own. The n observed (in coverage) tell g, best linear
    /// prediction (Henderson 1975): the rest, with sum of spreads A and of their squares V in points, then lies about its expected
    /// value plus A r s / (1 - r + r n), s the sum of deviations observed, with variance (1 - r) V + r A^2 (1 - r) / (1 - r + r n).
    /// </summary>
    private static (double Low, double High) Interval(double r, double score, double squares, double sum, double observed, double surprise)
    {
        if (sum <= 0) return (score, score);
        var doubt = 1 - r + r * observed;
        var shift = doubt > 0 ? sum * r * surprise / doubt : 0;
        var common = doubt > 0 ? r * sum * sum * (1 - r) / doubt : 0;
        var half = Z80 * Math.Sqrt((1 - r) * squares + common);
        return (Math.Clamp(Math.Min(score, score + shift - half), 0, 100), Math.Clamp(Math.Max(score, score + shift + half), 0, 100));
    }
}
