using HealthGrains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Situations;

namespace HealthGrains.Assistant.Tests;

/// <summary>An account of which hardly anything is known, and one of which everything is.</summary>
internal static class Accounts
{
    /// <summary>What <see cref="Situation.Facts"/> gives of every account.</summary>
    private static readonly Dictionary<string, object> Always = new()
    {
        ["score"] = 38.4183, ["coverage"] = 0.31, ["change7Days"] = 0.0, ["slopePerDay"] = 0.0, ["churnProbability"] = 0.2,
        ["usageEvidence"] = 0.0, ["quietUsers"] = 0.0, ["band"] = "red", ["decline"] = "steady", ["churned"] = false, ["atRisk"] = false,
        ["tier"] = "standard", ["ticketsOpen"] = 0.0,
    };

    public static TextFacts Sparse { get; } = new()
    {
        Account = AccountProfile.Unknown("acme"), Facts = Always, Drivers = [], Today = new DateOnly(2026, 11, 22),
    };

    public static TextFacts Rich { get; } = new()
    {
        Account = new AccountProfile
        {
            Id = "acme", Name = "Acme & Söhne <Logistics>", Tier = Tier.Enterprise, Segment = "logistics", Plan = "Enterprise", Arr = 120_000m,
            Currency = "EUR", Seats = 250, StartedAt = Day(2025, 3, 1), RenewalDate = Day(2027, 3, 1), TermMonths = 24, Owner = "Maria Lopez",
            OwnerEmail = "maria@example.com", Goals = ["close the month in three days", "one report for all sites"],
            Promises = ["single sign-on by May"], ValueBlocks = ["speed", "overview"],
        },
        Facts = FactRegistry.All.Where(fact => !fact.IsFamily).ToDictionary(fact => fact.Key, Value),
        Drivers =
        [
            new DriverView("loginFrequency", "product", -7.24, Day(2026, 10, 25), "0.8 logins a seat and week"),
            new DriverView("openTickets", "support", -3, Day(2026, 10, 25), "4 open tickets for each 25 users"),
        ],
        Contact = new Contact("c-1", "Dr. Ana Silva", "ana@example.com", "champion", true, "Europe/Lisbon"),
        Reason = "NPS 0 to 6", FeaturesNotUsed = ["reports", "sharedViews", "bulk-edit"],
        TriedBefore = ["Re-engagement in September: usage is back.", "A call in June: no answer."], Today = new DateOnly(2026, 11, 22),
    };

    private static DateTimeOffset Day(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);

    private static object Value(FactDefinition fact) => fact.Kind switch
    {
        FactKind.Flag => true,
        FactKind.Text => fact.Words?[0] ?? "word",
        _ => fact.IsShare ? 0.9137 : 6.5,
    };
}
