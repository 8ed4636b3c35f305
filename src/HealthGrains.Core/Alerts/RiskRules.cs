using System.Globalization;
using HealthGrains.Accounts;
using HealthGrains.Decline;
using HealthGrains.Health;
using HealthGrains.Policy;
using HealthGrains.Signals;

namespace HealthGrains.Alerts;

/// <summary>What a rule found: how bad it is, why, and since when.</summary>
internal readonly record struct RiskFinding(Band Severity, string Reason, long Since);

/// <summary>
/// The rules that raise a churn risk, the gravest first; thresholds are the policy's. Why these and not others, and what each costs in
/// false alarms: docs/decisions/0003-risk-rules.md.
/// </summary>
internal static class RiskRules
{
    // As long as the windows of the measures of use.
    private const int GuessedDays = 14;

    /// <summary>The first rule that holds; null when none does.</summary>
    public static RiskFinding? Find(AccountState state, in Turn turn, in Score score, ReadOnlySpan<double> points, in Trend trend)
    {
        if ((Red(state, turn, score) ?? Waiting(turn, score) ?? Category(state, turn, points)) is { } found) return found;
        var usage = UsageOf(state, turn);
        return Usage(turn, usage) ?? Falling(state, turn, score, trend, usage) ?? Dropped(state, turn, score);
    }

    /// <summary>Whether any rule but the score's own still speaks, so that an episode is not over.</summary>
    public static bool Persists(AccountState state, in Turn turn, in Score score, ReadOnlySpan<double> points) =>
        UnpaidTooLong(turn, score) || LeftAlone(turn, score) is not null || Low(turn, points) is not null
        || (turn.Policy.Usage is { } rule && UsageOf(state, turn).Nats >= rule.Evidence / 2);

    private static RiskFinding? Red(AccountState state, in Turn turn, in Score score)
    {
        var red = turn.Policy.Limits(state.Profile, turn.Now).Red;
        if (score.Value >= red) return null;
        var cap = score.Caps.Lowest;
        return score.CapPoints < 0
            ? new RiskFinding(Band.Red, Text($"score {score.Value:0} is held down by {RiskWords.Cap(cap.Rule)}"), cap.Since)
            : new RiskFinding(Band.Red, Text($"score {score.Value:0} is red, below {red:0}"), BelowSince(state, red, turn.Now));
    }

    /// <summary>What gets worse by waiting: nobody pays, nobody speaks for the product.</summary>
    private static RiskFinding? Waiting(in Turn turn, in Score score)
    {
        if (UnpaidTooLong(turn, score))
        {
            var days = DaysSince(score.UnpaidSince, turn);
            return new RiskFinding(
                Band.Yellow, Text($"score {score.Value:0}, and an invoice has been unpaid for {days:0} days"), score.UnpaidSince);
        }
        if (LeftAlone(turn, score) is not { } since) return null;
        return new RiskFinding(Band.Yellow,
            Text($"score {score.Value:0}, and the champion has been gone for {DaysSince(since, turn):0} days without a successor"), since);
    }

    private static bool UnpaidTooLong(in Turn turn, in Score score) =>
        score.UnpaidSince != long.MaxValue && DaysSince(score.UnpaidSince, turn) >= turn.Policy.UnpaidAlertDays;

    private static long? LeftAlone(in Turn turn, in Score score)
    {
        for (var k = 0; k < score.Caps.Count; k++)
            if (score.Caps[k] is { Rule: CapRule.ChampionGone } gone && DaysSince(gone.Since, turn) >= turn.Policy.ChampionAlertDays)
                return gone.Since;
        return null;
    }

    private static RiskFinding? Category(AccountState state, in Turn turn, ReadOnlySpan<double> points)
    {
        if (Low(turn, points) is not ({ } rule, var value)) return null;
        Span<double> before = stackalloc double[HealthEvaluator.MaxMeasures];
        var since = turn.Now - rule.Days * Days.Millis;
        HealthEvaluator.Evaluate(state, turn, since, since, before);
        var fall = ValueOf(turn.Model, IndexOf(turn.Model, rule.Category), before) - value;
        return fall < rule.Fall ? null : new RiskFinding(Band.Yellow,
            Text($"{Title(turn.Model, rule.Category)} is at {value:0}, {fall:0} points lower than {rule.Days} days ago"), since);
    }

    private static RiskFinding? Usage(in Turn turn, in UsageEvidence found)
    {
        if (turn.Policy.Usage is not { } rule || found.Nats < rule.Evidence) return null;
        var quiet = $"{found.Quiet} of {found.Regulars} regular users quiet for {rule.QuietDays} days";
        var depth = found.Depth < 0.95 ? Text($", {100 * found.Depth:0} % as much done in a session") : "";
        return new RiskFinding(Band.Yellow,
            Text($"use is fading: {quiet}, activity at {100 * found.Pace:0} % of the account's own level{depth}"),
            turn.Now - rule.QuietDays * Days.Millis);
    }

    private static RiskFinding? Falling(AccountState state, in Turn turn, in Score score, in Trend trend, in UsageEvidence usage)
    {
        if (!RiskDecision.IsFalling(trend) || score.Value >= turn.Policy.DeclineAlertBelow || IsGuessed(turn)) return null;
        // Most of a falling score is falling use, of which the users tell more: then only a plain fall is news.
        var strongest = Math.Min(Math.Min(trend.Z, trend.SlowZ), Math.Min(trend.AccelerationZ, trend.JoltZ));
        return usage.IsKnown && strongest > -turn.Policy.DeclineAlertZ ? null
            : new RiskFinding(Band.Yellow, $"score {score.Value:0} is {RiskWords.Trend(trend)}", PeakAt(state, turn.Now).At);
    }

    // Where days of use were lost others stand for them: what the score was is half guessed, and how it went is not known.
    private static bool IsGuessed(in Turn turn) =>
        turn.Tenant.Lost(SignalSource.Usage).AnyOf(Days.Of(turn.Now) - GuessedDays, Days.Of(turn.Now));

    // Without caps: they have rules of their own.
    private static RiskFinding? Dropped(AccountState state, in Turn turn, in Score score)
    {
        var yellow = turn.Policy.Limits(state.Profile, turn.Now).Yellow;
        if (score.Uncapped >= yellow) return null;
        var peak = PeakAt(state, turn.Now);
        return peak.Score - score.Uncapped < turn.Policy.YellowDrop ? null : new RiskFinding(Band.Yellow,
            Text($"score {score.Uncapped:0} is yellow, below {yellow:0}, down from {peak.Score:0}"), peak.At);
    }

    private static (CategoryRule Rule, double Value)? Low(in Turn turn, ReadOnlySpan<double> points)
    {
        var rules = turn.Policy.Categories;
        for (var k = 0; k < rules.Count; k++)
            if (IndexOf(turn.Model, rules[k].Category) is var category and >= 0
                && ValueOf(turn.Model, category, points) is var value && value < rules[k].Below) return (rules[k], value);
        return null;
    }

    private static double ValueOf(HealthModel model, int category, ReadOnlySpan<double> points)
    {
        double sum = 0, weight = 0;
        for (var k = 0; k < model.Entries.Length; k++)
        {
            if (model.Entries[k].Category != category) continue;
            sum += points[k];
            weight += model.Entries[k].Model.Weight;
        }
        return weight > 0 ? sum / weight : 100;
    }

    private static int IndexOf(HealthModel model, string category)
    {
        for (var k = 0; k < model.Categories.Count; k++)
            if (model.Categories[k].Key == category) return k;
        return -1;
    }

    private static string Title(HealthModel model, string category) => model.Categories[IndexOf(model, category)].Title.ToLowerInvariant();

    private static UsageEvidence UsageOf(AccountState state, in Turn turn) =>
        turn.Policy.Usage is { } rule ? UsageEvidence.Of(state.Calendar, rule, turn.Tenant.Lost(SignalSource.Usage)) : default;

    private static double DaysSince(long at, in Turn turn) => (turn.Now - at) / (double)Days.Millis;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static long BelowSince(AccountState state, double limit, long now)
    {
        var since = now;
        for (var day = state.Calendar.Today - 1; day >= state.Calendar.Today - Closes.Count; day--)
        {
            if (!(state.Closes.Of(day) < limit)) break;
            since = Days.Start(day);
        }
        return since;
    }

    /// <summary>The highest close of the calendar, and the end of its day: where the fall began.</summary>
    private static (double Score, long At) PeakAt(AccountState state, long now)
    {
        var peak = (Score: double.NegativeInfinity, At: now);
        for (var day = state.Calendar.Today - 1; day >= state.Calendar.Today - Closes.Count; day--)
            if (state.Closes.Of(day) is var score && score > peak.Score) peak = (score, Days.Start(day + 1));
        return peak;
    }
}
