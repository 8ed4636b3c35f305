using System.Globalization;
using HealthGrains.Accounts;
using HealthGrains.Decline;
using HealthGrains.Health;
using HealthGrains.Hosting;

namespace HealthGrains.Alerts;

/// <summary>What an alert says, and what it suggests.</summary>
internal static class RiskWords
{
    public static string Cap(CapRule rule) => rule switch
    {
        CapRule.Unpaid => "an invoice unpaid for two weeks",
        CapRule.ChampionGone => "the champion's departure",
        CapRule.CancelRequested => "a request to cancel",
        _ => "a cap",
    };

    public static string Trend(in Trend trend)
    {
        var falling = string.Create(CultureInfo.InvariantCulture, $"falling by {-trend.SlopePerDay:0.0} points a day");
        return trend.State == DeclineState.Accelerating ? falling + ", faster and faster" : falling;
    }

    /// <summary>The approach follows what hurts most: a cap first, else the worst driver.</summary>
    public static string Approach(AccountState state, in Turn turn, in Score score, IReadOnlyList<DriverView> drivers)
    {
        var who = state.Profile.Tier == Tier.Enterprise ? "with the executive sponsor" : "with the main contact";
        if (score.CapPoints < 0)
            return score.Caps.Lowest.Rule switch
            {
                CapRule.Unpaid => "Settle the payment first: ask billing for the cause, offer another way to pay, then talk about value.",
                CapRule.ChampionGone => $"Find the new champion: ask for an introduction {who}, and bring what the product has achieved so far.",
                _ => $"Call today {who}: understand the reason to cancel before any offer, and agree one thing to put right this week.",
            };
        var worst = drivers.Count > 0 && drivers[0].Points < 0 ? drivers[0] : null;
        return worst?.Measure switch
        {
            "loginFrequency" or "loginRecency" or "activeUsers" =>
                $"Re-engage: find out who stopped using the product and why, then a working session {who} on one task that matters to them.",
            "sessionLength" or "featureBreadth" =>
                "Show the features that similar customers rely on and this one no longer uses; offer a short training for the team.",
            "openTickets" or "timeToResolution" or "repeatIssues" =>
                $"Clear the tickets first: one owner in support, a date for each, then a call {who} to say what was fixed.",
            "ticketSentiment" => $"Listen before selling: call {who} about the tickets that went badly, and come back with what will change.",
            "failedPayments" => "Ask billing for the cause of the failed payment and offer another way to pay before it becomes a quarrel.",
            "downgradeRequests" or "planChanges" => $"Ask {who} what they no longer need; fit the plan to it rather than lose the account.",
            "emailOpenRate" or "contactFrequency" => $"Nobody talks to them: arrange a meeting {who} with one concrete question to settle.",
            "npsTrend" => $"Follow up the NPS answer in person {who}; thank, ask for the one thing to change, and report back within two weeks.",
            "workflowsCompleted" or "milestonesReached" or "integrationDepth" =>
                $"Bring back the value: go through the goals {who}, and finish the workflow or integration that stalled.",
            _ => $"Review the account {who}: what they wanted to reach, what they have, and what stands between.",
        };
    }
}
