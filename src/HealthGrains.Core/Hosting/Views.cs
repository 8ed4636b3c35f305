using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Decline;
using HealthGrains.Health;
using HealthGrains.Plays;

namespace HealthGrains.Hosting;

/// <summary>Whether an account still is a customer.</summary>
public enum AccountStatus : byte
{
    /// <summary>A customer.</summary>
    Active,
    /// <summary>Gone: the score is frozen and the account has left the portfolio.</summary>
    Churned,
}

/// <summary>A category of the score. Points of categories and caps sum to the score.</summary>
/// <param name="Key">The model's key of the category.</param>
/// <param name="Score">0..100: points divided by weight.</param>
/// <param name="Weight">0..1; weights of a model sum to 1.</param>
/// <param name="Points">Share of the score, in points.</param>
/// <param name="Coverage">0..1: how much of it is observed.</param>
public sealed record CategoryView(string Key, double Score, double Weight, double Points, double Coverage);

/// <summary>What moved the score lately.</summary>
/// <param name="Measure">Key of the measure.</param>
/// <param name="Category">Key of its category.</param>
/// <param name="Points">Change of the measure's points since <paramref name="Since"/>.</param>
/// <param name="Since">Start of the comparison, 7 days ago.</param>
/// <param name="Note">What it reads now, in words and with its unit.</param>
public sealed record DriverView(string Measure, string Category, double Points, DateTimeOffset Since, string Note);

/// <summary>An exception that limits the score.</summary>
/// <param name="Rule">Key of the rule, such as <c>unpaid</c>.</param>
/// <param name="Limit">The highest score it allows.</param>
/// <param name="Since">Since when it holds.</param>
/// <param name="Points">Points it takes away, zero or negative; only the lowest cap that binds takes any.</param>
public sealed record CapView(string Rule, double Limit, DateTimeOffset Since, double Points);

/// <summary>Health at a moment.</summary>
/// <param name="Score">0..100.</param>
/// <param name="Low">Lower end of the 80 % interval.</param>
/// <param name="High">Upper end of the 80 % interval.</param>
/// <param name="Band">Red, yellow or green.</param>
/// <param name="Coverage">0..1, weighted over measures.</param>
/// <param name="AsOf">The moment.</param>
/// <param name="Model">Version of the model.</param>
/// <param name="Categories">The categories.</param>
/// <param name="Drivers">Up to five measures that moved it most in 7 days (of a churned account its last), worst first.</param>
/// <param name="Caps">Exceptions that hold.</param>
public sealed record HealthView(
    double Score, double Low, double High, Band Band, double Coverage, DateTimeOffset AsOf, string Model,
    IReadOnlyList<CategoryView> Categories, IReadOnlyList<DriverView> Drivers, IReadOnlyList<CapView> Caps);

/// <summary>The trend of the uncapped score.</summary>
/// <param name="SlopePerDay">Points a day.</param>
/// <param name="Acceleration">Slope less the account's own slow slope, points a day.</param>
/// <param name="Z">The slope in standard errors.</param>
/// <param name="State">What that amounts to.</param>
public sealed record DeclineView(double SlopePerDay, double Acceleration, double Z, DeclineState State);

/// <summary>What is at stake.</summary>
/// <param name="ChurnProbability">0..1 within the horizon.</param>
/// <param name="HorizonDays">The horizon.</param>
/// <param name="ArrAtRisk">ARR times probability; null when the ARR is not known.</param>
/// <param name="Low">Lower bound of the probability.</param>
/// <param name="High">Upper bound of the probability.</param>
/// <param name="ArrAtRiskLow">Lower bound of the money.</param>
/// <param name="ArrAtRiskHigh">Upper bound of the money.</param>
public sealed record RiskView(
    double ChurnProbability, int HorizonDays, decimal? ArrAtRisk, double Low, double High, decimal? ArrAtRiskLow, decimal? ArrAtRiskHigh);

/// <summary>An alert and how people dealt with it.</summary>
public sealed record AlertView
{
    /// <summary>Stable id: the same account, rule and episode give the same id on every host and in every replay.</summary>
    public required string Id { get; init; }
    /// <summary>The account.</summary>
    public required string Account { get; init; }
    /// <summary>The account's name.</summary>
    public required string AccountName { get; init; }
    /// <summary>The rule that fired, such as <c>churnRisk</c>.</summary>
    public required string Rule { get; init; }
    /// <summary>Yellow or red; a yellow episode turns red in place.</summary>
    public required Band Severity { get; init; }
    /// <summary>Where it stands.</summary>
    public required AlertState State { get; init; }
    /// <summary>When it was raised.</summary>
    public required DateTimeOffset RaisedAt { get; init; }
    /// <summary>Since when the condition has held, in event time.</summary>
    public required DateTimeOffset Since { get; init; }
    /// <summary>When yellow turned red.</summary>
    public DateTimeOffset? EscalatedAt { get; init; }
    /// <summary>What fired it, in words.</summary>
    public required string Reason { get; init; }
    /// <summary>The score when it was raised.</summary>
    public required double Score { get; init; }
    /// <summary>The measures that drove it.</summary>
    public required IReadOnlyList<DriverView> Drivers { get; init; }
    /// <summary>What to do about it.</summary>
    public required string SuggestedApproach { get; init; }
    /// <summary>The account's tier.</summary>
    public required Tier Tier { get; init; }
    /// <summary>ARR; null when not known.</summary>
    public decimal? Arr { get; init; }
    /// <summary>Currency of the ARR.</summary>
    public required string Currency { get; init; }
    /// <summary>Days since the first contract began; null when not known.</summary>
    public int? TenureDays { get; init; }
    /// <summary>Next renewal.</summary>
    public DateTimeOffset? RenewalDate { get; init; }
    /// <summary>The CSM.</summary>
    public string? Owner { get; init; }
    /// <summary>When it was acknowledged.</summary>
    public DateTimeOffset? AcknowledgedAt { get; init; }
    /// <summary>By whom.</summary>
    public string? AcknowledgedBy { get; init; }
    /// <summary>When it ended: recovered, or resolved by hand.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }
    /// <summary>By whom; null when the account recovered by itself.</summary>
    public string? ResolvedBy { get; init; }
    /// <summary>Why it was resolved.</summary>
    public string? Resolution { get; init; }
    /// <summary>Version of the trigger that raised it; null for the churn risk, whose rules are the policy's.</summary>
    public int? RuleVersion { get; init; }
    /// <summary>Until when it is put off.</summary>
    public DateTimeOffset? SnoozedUntil { get; init; }
    /// <summary>Who has it, when not the account's owner.</summary>
    public string? AssignedTo { get; init; }
    /// <summary>Whether it stands outside the weekly budget.</summary>
    public bool Urgent { get; init; }
    /// <summary>0 to 100: which comes first where the weekly budget does not hold all.</summary>
    public int Rank { get; init; }
    /// <summary>What was tried on the account before and what followed, newest first.</summary>
    public IReadOnlyList<string> TriedBefore { get; init; } = [];
    /// <summary>What it rests on, in its own system, where signals said so; at most five.</summary>
    public IReadOnlyList<EvidenceView> Evidence { get; init; } = [];
    /// <summary>When the manager was told that nobody had acknowledged it.</summary>
    public DateTimeOffset? EscalatedToManagerAt { get; init; }
    /// <summary>
    /// When it was last pushed to its owner; null while it is only listed. In answers of lists and of what people do with it.
    /// </summary>
    public DateTimeOffset? PushedAt { get; init; }
}

/// <summary>Everything about one account, live.</summary>
public sealed record AccountView
{
    /// <summary>The profile.</summary>
    public required AccountProfile Profile { get; init; }
    /// <summary>Active or churned.</summary>
    public required AccountStatus Status { get; init; }
    /// <summary>Whole days to the renewal; negative when it has passed; null without a date.</summary>
    public int? DaysToRenewal { get; init; }
    /// <summary>Health.</summary>
    public required HealthView Health { get; init; }
    /// <summary>Trend.</summary>
    public required DeclineView Decline { get; init; }
    /// <summary>Risk.</summary>
    public required RiskView Risk { get; init; }
    /// <summary>Alerts that are not over.</summary>
    public required IReadOnlyList<AlertView> Alerts { get; init; }
    /// <summary>What people do for it: plays, drafts, tasks, an override; null for a moment that is past.</summary>
    public DeskView? Desk { get; init; }
    /// <summary>Grows with every change of the account; part of the ETag.</summary>
    public required long Version { get; init; }
    /// <summary>Last signal of each source, by the source's name; a source never seen is absent.</summary>
    public required IReadOnlyDictionary<string, DateTimeOffset> LastSignals { get; init; }
    /// <summary>How each source does, all five.</summary>
    public IReadOnlyList<AccountSourceView> Sources { get; init; } = [];
    /// <summary>What waits for somebody.</summary>
    public OpenItemsView Open { get; init; } = new(0, null, 0, null);

    /// <summary>The account with its desk: alerts of triggers beside the churn risk.</summary>
    public AccountView WithDesk(DeskView? desk) => desk is null ? this
        : this with { Desk = desk, Alerts = [.. Alerts, .. desk.Alerts] };
}

/// <summary>What waits for somebody: a what-if can ask how it would be without.</summary>
/// <param name="Tickets">Tickets that are open.</param>
/// <param name="OldestTicketAt">When the one open longest was opened.</param>
/// <param name="Invoices">Invoices whose payment failed and that are not paid yet.</param>
/// <param name="UnpaidSince">When the first of those payments failed.</param>
public sealed record OpenItemsView(int Tickets, DateTimeOffset? OldestTicketAt, int Invoices, DateTimeOffset? UnpaidSince);

/// <summary>A row of the list.</summary>
public sealed record AccountSummary
{
    /// <summary>The account's id.</summary>
    public required string Id { get; init; }
    /// <summary>Its name.</summary>
    public required string Name { get; init; }
    /// <summary>Its tier.</summary>
    public required Tier Tier { get; init; }
    /// <summary>Its segment.</summary>
    public string? Segment { get; init; }
    /// <summary>ARR; null when not known.</summary>
    public decimal? Arr { get; init; }
    /// <summary>Currency of money amounts here.</summary>
    public required string Currency { get; init; }
    /// <summary>The CSM.</summary>
    public string? Owner { get; init; }
    /// <summary>Next renewal.</summary>
    public DateTimeOffset? RenewalDate { get; init; }
    /// <summary>Active or churned.</summary>
    public required AccountStatus Status { get; init; }
    /// <summary>0..100.</summary>
    public required double Score { get; init; }
    /// <summary>Lower end of the 80 % interval.</summary>
    public required double Low { get; init; }
    /// <summary>Upper end of the 80 % interval.</summary>
    public required double High { get; init; }
    /// <summary>Red, yellow or green.</summary>
    public required Band Band { get; init; }
    /// <summary>0..1.</summary>
    public required double Coverage { get; init; }
    /// <summary>Change of the score in 7 days, points.</summary>
    public required double Change7Days { get; init; }
    /// <summary>Trend.</summary>
    public required DeclineState Decline { get; init; }
    /// <summary>Slope, points a day.</summary>
    public required double SlopePerDay { get; init; }
    /// <summary>0..1 within the model's horizon.</summary>
    public required double ChurnProbability { get; init; }
    /// <summary>ARR times probability; null when the ARR is not known.</summary>
    public decimal? ArrAtRisk { get; init; }
    /// <summary>Lower bound of the money.</summary>
    public decimal? ArrAtRiskLow { get; init; }
    /// <summary>Upper bound of the money.</summary>
    public decimal? ArrAtRiskHigh { get; init; }
    /// <summary>How many alerts are open or acknowledged.</summary>
    public required int OpenAlerts { get; init; }
    /// <summary>Version of the account.</summary>
    public required long Version { get; init; }
    /// <summary>The model's version.</summary>
    public required string Model { get; init; }
    /// <summary>When it was evaluated.</summary>
    public required DateTimeOffset AsOf { get; init; }
}

/// <summary>A page of a list.</summary>
/// <param name="Items">The rows.</param>
/// <param name="Next">Cursor of the next page; null on the last.</param>
/// <param name="Total">How many rows the filter lets through, over all pages.</param>
/// <param name="AsOf">How fresh the list is.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next, int Total, DateTimeOffset AsOf);

/// <summary>Which accounts, in which order.</summary>
public sealed record AccountQuery
{
    /// <summary>
    /// A field, with a leading '-' for descending: arrAtRisk, arr, score, name, renewalDate, change7Days, churnProbability.
    /// </summary>
    public string Sort { get; init; } = "-arrAtRisk";
    /// <summary>Only this owner's.</summary>
    public string? Owner { get; init; }
    /// <summary>Only this band.</summary>
    public Band? Band { get; init; }
    /// <summary>Only this tier.</summary>
    public Tier? Tier { get; init; }
    /// <summary>Only this segment.</summary>
    public string? Segment { get; init; }
    /// <summary>Only this trend.</summary>
    public DeclineState? Decline { get; init; }
    /// <summary>Only ids and names that contain this, in any case.</summary>
    public string? Search { get; init; }
    /// <summary>Also accounts that have churned.</summary>
    public bool IncludeChurned { get; init; }
    /// <summary>Rows a page, 1..500.</summary>
    public int Limit { get; init; } = 50;
    /// <summary>The cursor of the page before.</summary>
    public string? Cursor { get; init; }
}

/// <summary>One day of an account's past, as recorded at its close.</summary>
/// <param name="Day">The UTC day.</param>
/// <param name="Score">0..100.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Coverage">0..1.</param>
/// <param name="Provisional">Whether the day is not over.</param>
/// <param name="Categories">Scores of the categories, by key.</param>
/// <param name="Model">The model that scored it.</param>
public sealed record HistoryPoint(
    DateOnly Day, double Score, double Low, double High, double Coverage, bool Provisional,
    IReadOnlyDictionary<string, double> Categories, string Model);

/// <summary>Accounts and money of one band.</summary>
/// <param name="Band">The band.</param>
/// <param name="Accounts">How many.</param>
/// <param name="Arr">ARR by currency; never converted.</param>
/// <param name="ArrAtRisk">ARR at risk by currency.</param>
public sealed record BandTotal(
    Band Band, int Accounts, IReadOnlyDictionary<string, decimal> Arr, IReadOnlyDictionary<string, decimal> ArrAtRisk);

/// <summary>Money of one currency.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Arr">ARR.</param>
/// <param name="ArrAtRisk">Expected loss.</param>
/// <param name="ArrAtRiskLow">Lower end of its 80 % interval.</param>
/// <param name="ArrAtRiskHigh">Upper end of its 80 % interval.</param>
public sealed record MoneyTotal(string Currency, decimal Arr, decimal ArrAtRisk, decimal ArrAtRiskLow, decimal ArrAtRiskHigh);

/// <summary>The whole book, or one owner's.</summary>
/// <param name="AsOf">How fresh it is.</param>
/// <param name="Owner">Whose book; null for all.</param>
/// <param name="Accounts">How many active accounts.</param>
/// <param name="Bands">Red, yellow, green.</param>
/// <param name="Totals">Money, by currency.</param>
/// <param name="WithoutArr">How many accounts have no ARR, and so no share in the money.</param>
/// <param name="Fallers">Largest falls in 7 days.</param>
/// <param name="Risers">Largest rises in 7 days.</param>
public sealed record PortfolioView(
    DateTimeOffset AsOf, string? Owner, int Accounts, IReadOnlyList<BandTotal> Bands, IReadOnlyList<MoneyTotal> Totals, int WithoutArr,
    IReadOnlyList<AccountSummary> Fallers, IReadOnlyList<AccountSummary> Risers);
