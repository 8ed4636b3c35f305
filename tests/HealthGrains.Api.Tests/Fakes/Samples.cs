using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Decline;
using HealthGrains.Health;
using HealthGrains.Hosting;

namespace HealthGrains.Api.Tests.Fakes;

/// <summary>Views with every field filled.</summary>
internal static class Samples
{
    public static readonly HealthModel Model = HealthModels.Presets[0];

    public static AccountView View(AccountProfile profile, long version, DateTimeOffset now) => new()
    {
        Profile = profile,
        Status = AccountStatus.Active,
        DaysToRenewal = profile.RenewalDate is { } date ? (int)(date - now).TotalDays : null,
        Health = new HealthView(62.44, 55.1, 69.9, Band.Yellow, 0.8, now, "prior-1",
            [new("product", 60, 0.35, 21, 0.9)], [new("loginFrequency", "product", -7.2, now.AddDays(-7), "3 a week")],
            [new("unpaid", 45, now, -3)]),
        Decline = new DeclineView(-0.8, -0.5, double.NaN, DeclineState.Accelerating),
        Risk = new RiskView(0.2, 90, 24_000.5m, 0.1, 0.3, 12_000, 36_000),
        Alerts = [Alert("al-1", profile.Id)],
        Version = version,
        LastSignals = new Dictionary<string, DateTimeOffset> { ["usage"] = now },
    };

    public static AlertView Alert(string id, string account) => new()
    {
        Id = id,
        Account = account,
        AccountName = "Acme",
        Rule = "churnRisk",
        Severity = Band.Red,
        State = AlertState.Open,
        RaisedAt = FakeHost.Start,
        Since = FakeHost.Start.AddDays(-2),
        Reason = "falling",
        Score = 38,
        Drivers = [],
        SuggestedApproach = "call",
        Tier = Tier.Enterprise,
        Currency = "USD",
    };

    public static AccountSummary Summary(AccountView view) => new()
    {
        Id = view.Profile.Id,
        Name = view.Profile.Name,
        Tier = view.Profile.Tier,
        Currency = view.Profile.Currency,
        Status = view.Status,
        Score = view.Health.Score,
        Low = view.Health.Low,
        High = view.Health.High,
        Band = view.Health.Band,
        Coverage = view.Health.Coverage,
        Change7Days = -4,
        Decline = view.Decline.State,
        SlopePerDay = -0.8,
        ChurnProbability = 0.2,
        OpenAlerts = 1,
        Version = view.Version,
        Model = "prior-1",
        AsOf = view.Health.AsOf,
    };

    public static ChangeEvent Changed(long sequence, string account) =>
        new(sequence, "account.changed", account, Summary(View(AccountProfile.Unknown(account), sequence, FakeHost.Start)));
}
