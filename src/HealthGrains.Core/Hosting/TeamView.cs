namespace HealthGrains.Hosting;

/// <summary>How alerts reach people, and how long they take: the last 28 days.</summary>
/// <param name="AsOf">How fresh it is.</param>
/// <param name="Budget">The budget that decides; null where there is none.</param>
/// <param name="All">All together: counts are sums, rates are means over the CSMs.</param>
/// <param name="Owners">CSMs by name; without a name the accounts that nobody owns, where they have alerts.</param>
public sealed record TeamView(DateTimeOffset AsOf, BudgetView? Budget, OwnerFigures All, IReadOnlyList<OwnerFigures> Owners);

/// <summary>So many alerts a CSM is pushed in so many days.</summary>
/// <param name="Rule">The guardrail.</param>
/// <param name="Version">Its version.</param>
/// <param name="Title">In words.</param>
/// <param name="Most">How many.</param>
/// <param name="Days">In how many days.</param>
public sealed record BudgetView(string Rule, int Version, string Title, int Most, int Days);

/// <summary>An owner's alerts.</summary>
/// <param name="Owner">The CSM; null for accounts that nobody owns, and for all together.</param>
/// <param name="Manager">The CSM's manager; null when no team names one.</param>
/// <param name="Pushed">Alerts pushed in the budget's days (7 without a budget), urgent ones not counted.</param>
/// <param name="Urgent">Urgent alerts pushed in those days, outside the budget.</param>
/// <param name="PushedAWeek">Alerts pushed a week, urgent ones not counted: the mean of 28 days.</param>
/// <param name="UrgentAWeek">The same of urgent ones.</param>
/// <param name="Open">Alerts that are not over.</param>
/// <param name="Listed">Of these, how many nobody has and were never pushed.</param>
/// <param name="ToAcknowledge">From raised to acknowledged, of alerts acknowledged in 28 days.</param>
/// <param name="ToResolve">From raised to resolved by hand, of alerts so resolved in 28 days.</param>
public sealed record OwnerFigures(
    string? Owner, string? Manager, int Pushed, int Urgent, double PushedAWeek, double UrgentAWeek, int Open, int Listed,
    TimesView ToAcknowledge, TimesView ToResolve);

/// <summary>How long something took.</summary>
/// <param name="Alerts">Of how many alerts.</param>
/// <param name="MedianHours">Half took at most so long; null without any.</param>
/// <param name="P90Hours">Nine of ten took at most so long; null without any.</param>
public sealed record TimesView(int Alerts, double? MedianHours, double? P90Hours);
