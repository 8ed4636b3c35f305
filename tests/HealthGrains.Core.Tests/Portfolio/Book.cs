using HealthGrains.Accounts;
using HealthGrains.Decline;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Portfolio;

namespace HealthGrains.Core.Tests.Portfolio;

/// <summary>Made-up rows of accounts.</summary>
internal static class Book
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public static long NowMs => Now.ToUnixTimeMilliseconds();

    public static AccountSummary Account(
        string id, string? name = null, decimal? arr = 1000, double p = 0.2, double score = 60, double change = 0, string? owner = null,
        string currency = "USD", AccountStatus status = AccountStatus.Active, Band band = Band.Yellow, string? segment = null,
        Tier tier = Tier.Standard, DeclineState decline = DeclineState.Steady, DateTimeOffset? renewal = null, double spread = 0) => new()
        {
            Id = id,
            Name = name ?? id,
            Tier = tier,
            Segment = segment,
            Arr = arr,
            Currency = currency,
            Owner = owner,
            RenewalDate = renewal,
            Status = status,
            Score = score,
            Low = score - 5,
            High = score + 5,
            Band = band,
            Coverage = 0.8,
            Change7Days = change,
            Decline = decline,
            SlopePerDay = 0,
            ChurnProbability = p,
            ArrAtRisk = arr * (decimal)p,
            ArrAtRiskLow = arr * (decimal)Math.Max(0, p - spread),
            ArrAtRiskHigh = arr * (decimal)Math.Min(1, p + spread),
            OpenAlerts = 0,
            Version = 1,
            Model = "prior-1",
            AsOf = Now,
        };

    /// <summary>A book with many ties, missing values, several owners, currencies and letters of both cases.</summary>
    public static List<AccountSummary> Random(int seed, int count)
    {
        var random = new Random(seed);
        string? Pick(params string?[] choices) => choices[random.Next(choices.Length)];
        var accounts = new List<AccountSummary>(count);
        for (var i = 0; i < count; i++)
            accounts.Add(Account(
                $"acc-{random.Next(100_000_000):x}-{i}",
                Pick("Acme", "acme", "Äpfel GmbH", "Zeta", "zeta Corp", "Same Name", "", $"Company {random.Next(50)}"),
                arr: random.Next(4) == 0 ? null : random.Next(5) * 1000m,
                p: random.Next(11) / 10.0,
                score: random.Next(0, 101),
                change: random.Next(-5, 6),
                owner: Pick(null, "dana", "eli", "kim"),
                currency: Pick("USD", "EUR")!,
                status: random.Next(8) == 0 ? AccountStatus.Churned : AccountStatus.Active,
                band: (Band)random.Next(3),
                segment: Pick(null, "retail", "health"),
                tier: (Tier)random.Next(3),
                decline: (DeclineState)random.Next(4),
                renewal: random.Next(3) == 0 ? null : Now.AddDays(random.Next(-5, 5)),
                spread: 0.1));
        return accounts;
    }

    public static PortfolioIndex Index(IEnumerable<AccountSummary> accounts)
    {
        var index = new PortfolioIndex(TenantKeys.Repeatable);
        foreach (var account in accounts) index.Upsert(account);
        return index;
    }

    /// <summary>Puts a row in as a host does.</summary>
    public static void Upsert(this PortfolioIndex index, AccountSummary row)
    {
        var profile = AccountProfile.Unknown(row.Id) with
        {
            Name = row.Name, Tier = row.Tier, Segment = row.Segment, Arr = row.Arr, Currency = row.Currency, Owner = row.Owner,
            RenewalDate = row.RenewalDate,
        };
        var figures = new AccountFigures
        {
            Score = row.Score, Low = row.Low, High = row.High, Coverage = row.Coverage, Change7Days = row.Change7Days,
            SlopePerDay = row.SlopePerDay, ChurnProbability = row.ChurnProbability, ArrAtRisk = row.ArrAtRisk,
            ArrAtRiskLow = row.ArrAtRiskLow, ArrAtRiskHigh = row.ArrAtRiskHigh, Version = row.Version,
            AsOf = row.AsOf.ToUnixTimeMilliseconds(), OpenAlerts = row.OpenAlerts, Band = row.Band,
            Decline = row.Decline, Status = row.Status,
        };
        index.Upsert(profile, figures, row.Model);
    }

    public static PortfolioSnapshot Snapshot(params AccountSummary[] accounts) => Index(accounts).Current(NowMs);

    public static List<AccountSummary> AllPages(PortfolioSnapshot snapshot, AccountQuery query)
    {
        var all = new List<AccountSummary>();
        string? cursor = null;
        do
        {
            var page = snapshot.List(query with { Cursor = cursor });
            all.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return all;
    }
}
