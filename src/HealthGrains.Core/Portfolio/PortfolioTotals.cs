using HealthGrains.Accounts;
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
    private readonly List<Mover> _fallers = [];
    private readonly List<Mover> _risers = [];
    private MoneySum? _last;
    private int _lastCurrency;
    private int _accounts;
    private int _withoutArr;

    public void Add(in PortfolioRow row, PortfolioEntry entry)
    {
        _accounts++;
        _bands[(int)row.Band]++;
        if (double.IsNaN(row.Arr)) _withoutArr++;
        else AddMoney(row, entry);
        if (row.Figures.Change7Days < 0) Keep(_fallers, row.Figures.Change7Days, row, entry);
        if (row.Figures.Change7Days > 0) Keep(_risers, -row.Figures.Change7Days, row, entry);
    }

    /// <summary>Adds accounts that a store has summed already: those of one band and currency that have ARR.</summary>
    public void AddSum(Band band, string currency, int accounts, decimal arr, decimal atRisk, double variance)
    {
        _accounts += accounts;
        _bands[(int)band] += accounts;
        if (!_money.TryGetValue(currency, out var money)) _money.Add(currency, money = new MoneySum(currency));
        ref var sum = ref money.Bands[(int)band];
        sum.Accounts += accounts;
        sum.Arr += arr;
        sum.AtRisk += atRisk;
        money.Variance += variance;
    }

    /// <summary>Adds accounts of one band that have no ARR.</summary>
    public void AddWithoutArr(Band band, int accounts)
    {
        _accounts += accounts;
        _bands[(int)band] += accounts;
        _withoutArr += accounts;
    }

    /// <summary>The expected loss of an account with ARR, to sum.</summary>
    public static decimal AtRisk(in AccountFigures figures, decimal arr) => figures.ArrAtRisk ?? arr * (decimal)figures.ChurnProbability;

    /// <summary>An account's share in the variance of the loss: it adds up, for accounts are independent.</summary>
    public static double LossVariance(in AccountFigures figures, double arr)
    {
        var p = figures.ChurnProbability;
        var spread = figures is { ArrAtRiskLow: { } low, ArrAtRiskHigh: { } high } ? (double)(high - low) / (2 * Z80) : 0;
        return arr * arr * p * (1 - p) + spread * spread;
    }

    public PortfolioView View(DateTimeOffset asOf, string? owner) => new(
        asOf, owner, _accounts,
        [.. new[] { Band.Red, Band.Yellow, Band.Green }.Select(BandView)],
        [.. _money.Values.Select(money => money.View())],
        _withoutArr, [.. _fallers.Select(mover => mover.Summary)], [.. _risers.Select(mover => mover.Summary)]);

    private void AddMoney(in PortfolioRow row, PortfolioEntry entry)
    {
        // Nearly all accounts have the currency of the one before.
        var money = _last;
        if (money is null || _lastCurrency != row.Currency)
        {
            var currency = entry.Profile.Currency;
            if (!_money.TryGetValue(currency, out money)) _money.Add(currency, money = new MoneySum(currency));
            (_last, _lastCurrency) = (money, row.Currency);
        }
        ref readonly var figures = ref row.Figures;
        ref var sum = ref money.Bands[(int)figures.Band];
        sum.Accounts++;
        sum.Arr += row.ArrAmount;
        sum.AtRisk += AtRisk(figures, row.ArrAmount);
        money.Variance += LossVariance(figures, row.Arr);
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
    private static void Keep(List<Mover> kept, double key, in PortfolioRow row, PortfolioEntry entry)
    {
        // Nearly all end here.
        if (kept.Count == Movers && key > kept[^1].Key) return;
        var mover = new Mover(key, row, entry);
        var at = kept.Count;
        while (at > 0 && mover.Precedes(kept[at - 1])) at--;
        if (at == Movers) return;
        kept.Insert(at, mover);
        if (kept.Count > Movers) kept.RemoveAt(Movers);
    }

    private readonly struct Mover(double key, in PortfolioRow row, PortfolioEntry entry)
    {
        public readonly double Key = key;
        private readonly PortfolioRow _row = row;
        private readonly PortfolioEntry _entry = entry;

        public AccountSummary Summary => _entry.Summary(_row);

        public bool Precedes(in Mover other) =>
            Key < other.Key || (Key == other.Key && string.CompareOrdinal(_entry.Id, other._entry.Id) < 0);
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
