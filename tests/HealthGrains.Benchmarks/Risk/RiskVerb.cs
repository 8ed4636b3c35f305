using System.Buffers;
using System.Globalization;
using HealthGrains.Accounts;
using HealthGrains.Health;
using HealthGrains.Policy;
using HealthGrains.Signals;
using HealthGrains.Simulation;

namespace HealthGrains.Benchmarks.Risk;

/// <summary>
/// End to end, from simulated signals to the alert: false alarms per healthy account-year, and by shape of churn the days from onset
/// to the alert. Accounts take a day's signals at its end and are decided then.
/// </summary>
internal static class RiskVerb
{
    private const int WarmUp = 60;

    public static int Run(string[] args)
    {
        var accounts = Option(args, "--accounts", 600);
        var days = Option(args, "--days", 425);
        var seed = (ulong)Option(args, "--seed", 1);
        var company = Company.Create(new CompanySettings { Seed = seed, Accounts = accounts, Days = days, AnnualChurn = 0.3 });
        var truth = company.Truth(days + 150).ToDictionary(row => row.Id);
        var lives = company.Accounts.ToDictionary(account => account.Id, account => new Life(new AccountState(account.Profile)));
        var tenant = new TenantFacts();
        foreach (var source in Enum.GetValues<SignalSource>()) tenant.Merge(source, company.Settings.Start.ToUnixTimeMilliseconds());
        var outbox = new Outbox();
        long signals = 0;
        foreach (var day in company.Simulate().Advance(days))
        {
            var now = day.Start.ToUnixTimeMilliseconds() + Days.Millis;
            var turn = new Turn(now, HealthModels.Prior, HealthPolicies.Default, tenant, outbox);
            foreach (var mine in day.Events.Where(happened => happened.IsSignal).GroupBy(happened => happened.Account))
            {
                Signal[] taken = [.. mine.Select(happened => SimulatedSignals.Of(happened))];
                AccountTurns.Take(lives[mine.Key].State, taken, turn);
                signals += taken.Length;
            }
            foreach (var life in lives.Values)
            {
                AccountTurns.Wake(life.State, turn);
                life.Open += outbox.Alerts.Count(effect => effect.Change == AlertChange.Raised);
                life.Open -= outbox.Alerts.Count(effect => effect.Change == AlertChange.Resolved);
                foreach (var effect in outbox.Alerts)
                    if (effect.Change == AlertChange.Raised) life.Raised.Add((day.Day, effect.Alert.Reason));
                if (life.Open > 0) life.DaysOpen++;
                life.OpenOn.Add(life.Open > 0);
                outbox.Clear();
            }
            if (day.Day == 119) Sizes(lives.Values);
            if (day.Day % 30 == 29) Console.Error.WriteLine($"day {day.Day + 1} of {days}, {signals:N0} signals");
        }
        Healthy(lives, truth, days);
        Churning(lives, truth, days);
        return 0;
    }

    private static void Sizes(IEnumerable<Life> lives)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var sizes = lives.Select(life =>
        {
            buffer.Clear();
            life.State.Write(buffer);
            return buffer.WrittenCount;
        }).Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"checkpointed state at day 120: mean {sizes.Average():0} B, median {sizes[sizes.Length / 2]} B, largest {sizes[^1]} B"));
    }

    private static void Healthy(Dictionary<string, Life> lives, Dictionary<string, AccountTruth> truth, int days)
    {
        var healthy = lives.Where(life => truth[life.Key].Shape == ChurnShape.Healthy).Select(life => life.Value).ToArray();
        var years = (days - WarmUp) / 365.0;
        var alarms = healthy.Sum(life => life.Raised.Count(raised => raised.Day >= WarmUp));
        var alarmed = healthy.Count(life => life.Raised.Any(raised => raised.Day >= WarmUp));
        var open = healthy.Average(life => (double)life.DaysOpen) / days;
        Say($"healthy accounts: {healthy.Length}; false alarms {alarms / (healthy.Length * years):0.000} an account-year; ",
            $"alarmed at least once {alarmed / (double)healthy.Length:P1}; open {open:P1} of days");
        var late = healthy.SelectMany(life => life.Raised).Where(raised => raised.Day >= WarmUp);
        foreach (var (kind, count) in late.CountBy(raised => Kind(raised.Reason))) Console.WriteLine($"  {kind}: {count}");
        var scores = healthy.Select(life => life.Score(days)).Where(double.IsFinite).Order().ToArray();
        double At(double share) => scores[(int)(share * (scores.Length - 1))];
        Say($"  scores: 5 % {At(.05):0.0}, 25 % {At(.25):0.0}, 50 % {At(.5):0.0}, 75 % {At(.75):0.0}, 95 % {At(.95):0.0}");
    }

    private static string Kind(string reason)
    {
        foreach (var (kind, word) in Kinds)
            if (reason.Contains(word, StringComparison.Ordinal)) return kind;
        return "red";
    }

    private static readonly (string Kind, string Word)[] Kinds =
    [
        ("cap", "held down"), ("unpaid", "unpaid"), ("champion", "champion"), ("category", "lower than"), ("usage", "fading"),
        ("accelerating", "faster"), ("declining", "falling"), ("yellow", "yellow"),
    ];

    private static void Churning(Dictionary<string, Life> lives, Dictionary<string, AccountTruth> truth, int days)
    {
        Console.WriteLine("shape            n  open at onset  found  median days  within 14  "
            + ">= 30 d before the end (onset >= 45 d ahead)  found by");
        var groups = truth.Values.Where(row => row.Shape != ChurnShape.Healthy && row.OnsetDay >= WarmUp && row.EndDay < days).ToArray();
        foreach (var shape in groups.GroupBy(row => row.Shape.ToString()).Append(new All(groups)))
        {
            var found = shape.Select(row => (Row: row, Delay: Delay(lives[row.Id], row))).ToArray();
            var fresh = found.Where(one => one.Delay != -1).ToArray();
            var delays = fresh.Select(one => one.Delay ?? 999).Order().ToArray();
            var early = found.Where(one => one.Row.EndDay - one.Row.OnsetDay >= 45).ToArray();
            var lead = early.Count(one => one.Delay is { } delay && one.Row.EndDay - (one.Row.OnsetDay + Math.Max(0, delay)) >= 30);
            var rules = shape.Select(row => First(lives[row.Id], row) is { } first ? Kind(first.Reason) : "none").CountBy(kind => kind)
                .OrderByDescending(kind => kind.Value).Select(kind => $"{kind.Key} {kind.Value}");
            var all = (double)found.Length;
            Say($"{shape.Key,-15} {found.Length,3}  {found.Length - fresh.Length,13}  ",
                $"{found.Count(one => one.Delay is not null) / all,5:P0}  ",
                $"{(delays.Length > 0 ? delays[delays.Length / 2] : 0),11}  {found.Count(one => one.Delay <= 14) / all,9:P0}  ",
                $"{(early.Length > 0 ? lead / (double)early.Length : 0):P0} of {early.Length}  {string.Join(", ", rules)}");
        }
    }

    /// <summary>Days from onset to the first alert; -1 where one was open already; null where none came before the end.</summary>
    private static int? Delay(Life life, AccountTruth row)
    {
        var onset = row.OnsetDay!.Value;
        if (life.OpenOn[onset]) return -1;
        return First(life, row)?.Day - onset;
    }

    private static (int Day, string Reason)? First(Life life, AccountTruth row)
    {
        foreach (var raised in life.Raised)
            if (raised.Day >= row.OnsetDay && raised.Day <= row.EndDay) return raised;
        return null;
    }

    private static void Say(params FormattableString[] parts) =>
        Console.WriteLine(string.Concat(parts.Select(part => part.ToString(CultureInfo.InvariantCulture))));

    internal static int Option(string[] args, string name, int otherwise) =>
        Array.IndexOf(args, name) is var k and >= 0 ? int.Parse(args[k + 1], CultureInfo.InvariantCulture) : otherwise;

    private sealed class All(IEnumerable<AccountTruth> rows) : List<AccountTruth>(rows), IGrouping<string, AccountTruth>
    {
        public string Key => "all";
    }

    private sealed class Life(AccountState state)
    {
        public AccountState State { get; } = state;
        public List<(int Day, string Reason)> Raised { get; } = [];
        public List<bool> OpenOn { get; } = [];
        public int Open { get; set; }
        public int DaysOpen { get; set; }
        public double Score(int days) => State.Closes.Of(State.Calendar.Today - 1);
    }
}
