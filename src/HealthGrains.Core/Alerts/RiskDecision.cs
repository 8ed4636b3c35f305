using System.Globalization;
using HealthGrains.Accounts;
using HealthGrains.Decline;
using HealthGrains.Health;
using HealthGrains.Tenants;

namespace HealthGrains.Alerts;

/// <summary>Decides whether an account is at risk now, and moves its episode along its edges.</summary>
internal static class RiskDecision
{
    /// <summary>Decides. True when the episode changed.</summary>
    public static bool Decide(AccountState state, in Turn turn)
    {
        var before = state.Episode;
        if (state.Calendar.ChurnedAt != long.MinValue) End(state, turn, "churned");
        else
        {
            Span<double> points = stackalloc double[HealthEvaluator.MaxMeasures];
            var score = HealthEvaluator.Evaluate(state, turn, turn.Now, turn.Now, points);
            var trend = state.Closes.Assess(state, turn, score.Uncapped, score.Coverage, turn.Now);
            if (state.Episode is null) Raise(state, turn, score, points, trend);
            else Follow(state, turn, score, points, trend);
        }
        if (ReferenceEquals(before, state.Episode)) return false;
        state.Changes++;
        return true;
    }

    private static void Raise(AccountState state, in Turn turn, in Score score, ReadOnlySpan<double> points, in Trend trend)
    {
        if (score.Coverage < turn.Policy.AlertCoverage || RiskRules.Find(state, turn, score, points, trend) is not { } found) return;
        state.Episodes++;
        var drivers = Drivers.Of(state, turn, Math.Max(found.Since, turn.Now - 28 * Days.Millis));
        state.Episode = new RiskEpisode
        {
            Number = state.Episodes, Severity = found.Severity, State = AlertState.Open, RaisedAt = turn.Now, Since = found.Since,
            Reason = found.Reason + SourceWords.Beside(turn.Tenant.Pulse), Score = score.Value, Drivers = drivers,
            Approach = RiskWords.Approach(state, turn, score, drivers),
        };
        Tell(state, turn, AlertChange.Raised);
    }

    private static void Follow(AccountState state, in Turn turn, in Score score, ReadOnlySpan<double> points, in Trend trend)
    {
        var episode = state.Episode!;
        if (episode is { State: AlertState.Snoozed, SnoozedUntil: { } until } && until <= turn.Now)
        {
            state.Episode = episode = episode with { State = AlertState.Open, SnoozedUntil = null };
            Tell(state, turn, AlertChange.Reopened);
        }
        var (red, yellow) = turn.Policy.Limits(state.Profile, turn.Now);
        if (episode.Severity == Band.Yellow && score.Value < red && episode.State != AlertState.Resolved)
        {
            var drivers = Drivers.Of(state, turn, turn.Now - 7 * Days.Millis);
            state.Episode = episode with
            {
                Severity = Band.Red, EscalatedAt = turn.Now, Score = score.Value, Drivers = drivers, CalmSince = null,
                // To a tenth: 39.9 must not read as 40, below 40.
                Reason = string.Create(CultureInfo.InvariantCulture, $"score {score.Value:0.#} has become red, below {red:0.#}"),
                Approach = RiskWords.Approach(state, turn, score, drivers),
            };
            Tell(state, turn, AlertChange.Escalated);
            return;
        }
        var calm = score.Value >= yellow + turn.Policy.RecoveryMargin && !IsFalling(trend)
            && !RiskRules.Persists(state, turn, score, points);
        if (!calm && episode.CalmSince is not null) state.Episode = episode with { CalmSince = null };
        else if (calm && episode.CalmSince is null) state.Episode = episode with { CalmSince = turn.Now };
        else if (calm && turn.Now - episode.CalmSince >= turn.Policy.RecoveryDays * Days.Millis) End(state, turn, RiskEpisode.Recovered);
    }

    /// <summary>Ends the episode, if there is one. One resolved by hand was told already and goes quietly.</summary>
    private static void End(AccountState state, in Turn turn, string how)
    {
        if (state.Episode is not { } episode) return;
        if (episode.State != AlertState.Resolved)
        {
            state.Episode = episode with { State = AlertState.Closed, ResolvedAt = turn.Now, Resolution = how };
            Tell(state, turn, AlertChange.Resolved);
        }
        state.Episode = null;
    }

    public static void Tell(AccountState state, in Turn turn, AlertChange change) =>
        turn.Outbox.Alerts.Add(new AlertEffect(change, state.Episode!.View(state.Profile)));

    public static bool IsFalling(in Trend trend) => trend.State is DeclineState.Declining or DeclineState.Accelerating;
}
