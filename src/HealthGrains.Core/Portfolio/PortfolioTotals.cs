using HealthGrains.Health;
using HealthGrains.Hosting;

namespace HealthGrains.Portfolio;

/// <summary>
/// Sums a book. Money is kept by currency and never converted; an account without ARR counts as an account and adds no money.
/// </summary>
/// <remarks>
/// The 80 % interval of the ARR at risk is that of the <em>sum</em> of losses. Account i with ARR a and churn probability p loses a
/// with probability p, independently of the others, and p itself is known only within its own 80 % interval [l, h]:
/// mean = Σ a p, variance = Σ a² p (1 - p) + Σ ((a h - a l) / 2z)², interval = mean ± z √variance with z = 1.2816 (normal
/// approximation), cut to 0 .. Σ a. A few large accounts make it wide and many small ones make it narrow, as they should.
/// What it leaves out: churn that hits many accounts at once, such as a lost feature or a recession.
/// </remarks>
internal sealed class PortfolioTotals
{
    /// <summary>How many fallers and risers are named.</summary>
    public const int Movers = 5;

    /// <summary>The 90th percentile of the standard normal distribution: 80 % lie within ± this.</summary>
    private const double Z80 = 1.2815515655446004;

    private readonly int[] _bands = new int[3];
    private readonly SortedDictionary<string, MoneySum> _money = new(StringComparer.Ordinal);
    private readonly List<AccountSummary> _fallers = [];
    private readonly List<AccountSummary> _risers = [];
    private MoneySum? _last;
    private int _accounts;
    private int _withoutArr;

    public void Add(AccountSummary account)
    {
        _accounts++;
        _bands[(int)account.Band]++;
        if (account.Arr is { } arr) AddMoney(account, arr);
        else _withoutArr++;
        if (account.Change7Days < 0) Keep(_fallers, account, static account => account.Change7Days);
        if (account.Change7Days > 0) Keep(_risers, account, static account => -account.Change7Days);
    }

    public PortfolioView View(DateTimeOffset asOf, string? owner) => new(
        asOf, owner, _accounts,
        [.. new[] { Band.Red, Band.Yellow, Band.Green }.Select(BandView)],
        [.. _money.Values.Select(money => money.View())],
        _withoutArr, [.. _fallers], [.. _risers]);

    private void AddMoney(AccountSummary account, decimal arr)
    {
        // Nearly all accounts have the currency of the one before.
        var money = _last;
        if (money is null || money.Currency != account.Currency)
        {
            if (!_money.TryGetValue(account.Currency, out money)) _money.Add(account.Currency, money = new MoneySum(account.Currency));
            _last = money;
        }
        var p = account.ChurnProbability;
        var atRisk = account.ArrAtRisk ?? arr * (decimal)p;
        var spread = account is { ArrAtRiskLow: { } low, ArrAtRiskHigh: { } high } ? (double)(high - low) / (2 * Z80) : 0;
        var amount = (double)arr;
        ref var sum = ref money.Bands[(int)account.Band];
        sum.Accounts++;
        sum.Arr += arr;
        sum.AtRisk += atRisk;
        money.Variance += amount * amount * p * (1 - p) + spread * spread;
    }

    private BandTotal BandView(Band band)
    {
        var inBand = _money.Values.Where(money => money.Bands[(int)band].Accounts > 0).ToArray();
        return new BandTotal(
            band, _bands[(int)band],
            inBand.ToDictionary(money => money.Currency, money => money.Bands[(int)band].Arr, StringComparer.Ordinal),
            inBand.ToDictionary(money => money.Currency, money => money.Bands[(int)band].AtRisk, StringComparer.Ordinal));
    }

    /// <summary>Keeps the accounts with the least keys, in order; equal keys by id.</summary>
    private static void Keep(List<AccountSummary> kept, AccountSummary account, Func<AccountSummary, double> key)
    {
        var at = kept.Count;
        while (at > 0 && Precedes(account, kept[at - 1], key)) at--;
        if (at == Movers) return;
        kept.Insert(at, account);
        if (kept.Count > Movers) kept.RemoveAt(Movers);
    }

    private static bool Precedes(AccountSummary a, AccountSummary b, Func<AccountSummary, double> key)
    {
        var (x, y) = (key(a), key(b));
        return x < y || (x == y && string.CompareOrdinal(a.Id, b.Id) < 0);
    }

    private struct BandSum
    {
        public int Accounts;
        public decimal Arr;
        public decimal AtRisk;
    }

    private sealed class MoneySum(string currency)
    {
        public readonly string Currency = currency;
        public readonly BandSum[] Bands = new BandSum[3];
        public double Variance;

        public MoneyTotal View()
        {
            var arr = Bands.Sum(band => band.Arr);
            var atRisk = Bands.Sum(band => band.AtRisk);
            // A double holds 15 digits and a decimal's largest number has 29: the margin cannot overflow it in any book of money.
            var margin = (decimal)Math.Min(Z80 * Math.Sqrt(Variance), 1e27);
            var low = decimal.Round(Math.Max(0, atRisk - margin), 2);
            var high = decimal.Round(Math.Min(arr, atRisk + margin), 2);
            return new MoneyTotal(Currency, arr, atRisk, Math.Min(low, atRisk), Math.Max(high, atRisk));
        }
    }
}
