using HealthGrains.Alerts;
using HealthGrains.Decline;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Signals;
using HealthGrains.Tenants;

namespace HealthGrains.Accounts;

/// <summary>What is said about an account, from its state.</summary>
internal static class AccountViews
{
    private const int DriverDays = 7;

    public static AccountView View(AccountState state, long at, in Turn turn)
    {
        var health = Health(state, at, turn, out var score);
        var trend = TrendAt(state, score, at, turn);
        var lastSignals = new Dictionary<string, DateTimeOffset>();
        for (var source = SignalSource.Usage; source <= SignalSource.Crm; source++)
            if (state.Calendar.Last[(int)source] is var last && last != long.MinValue) lastSignals[source.WireName()] = Days.Time(last);
        return new AccountView
        {
            Profile = state.Profile,
            Status = Status(state),
            DaysToRenewal = state.Profile.RenewalDate is { } renewal
                ? Days.Of(renewal.ToUnixTimeMilliseconds()) - Days.Of(at) : null,
            Health = health,
            Decline = new DeclineView(trend.SlopePerDay, trend.Acceleration, trend.Z, trend.State),
            Risk = Risk(state, score, turn.Model),
            Alerts = state.Episode is { State: not AlertState.Resolved } episode ? [episode.View(state.Profile)] : [],
            Version = state.Version,
            LastSignals = lastSignals,
            Sources = AccountSources.Of(state, at, turn.Tenant),
            Open = OpenItems.View(state.Calendar, at),
        };
    }

    public static AccountFigures Figures(AccountState state, in Turn turn)
    {
        Span<double> points = stackalloc double[HealthEvaluator.MaxMeasures];
        var weekAgo = turn.Now - DriverDays * Days.Millis;
        var before = HealthEvaluator.Evaluate(state, turn, weekAgo, weekAgo, points);
        var score = HealthEvaluator.Evaluate(state, turn, turn.Now, turn.Now, points);
        var trend = TrendAt(state, score, turn.Now, turn);
        var risk = turn.Model.Risk;
        var (expected, low, high) = (risk.At(score.Value), risk.At(score.High), risk.At(score.Low));
        var arr = state.Profile.Arr;
        return new AccountFigures
        {
            Status = Status(state), Score = score.Value, Low = score.Low, High = score.High,
            Band = turn.Policy.BandOf(score.Value, state.Profile, turn.Now), Coverage = score.Coverage,
            // Before there was anything to compare with, nothing moved.
            Change7Days = before.Coverage >= turn.Policy.AlertCoverage ? score.Value - before.Value : 0,
            Decline = trend.State, SlopePerDay = trend.SlopePerDay,
            ChurnProbability = expected, ArrAtRisk = Money(arr, expected), ArrAtRiskLow = Money(arr, low), ArrAtRiskHigh = Money(arr, high),
            OpenAlerts = state.Episode is { State: not AlertState.Resolved } ? 1 : 0,
            Version = state.Version, AsOf = turn.Now,
        };
    }

    public static DailyClose Close(AccountState state, int day, in Turn turn)
    {
        var counts = new uint[DayCounters.Columns];
        for (var column = 0; column < counts.Length; column++)
            counts[column] = state.Calendar.Counters.Get((DayColumn)column, Calendar.Slot(day));
        // What happens at midnight belongs to the day that begins.
        var end = Days.Start(day + 1);
        return new DailyClose(Days.Date(day), Point(state, day, end, end - 1, provisional: false, turn), counts);
    }

    public static HistoryPoint Point(AccountState state, int day, long at, long known, bool provisional, in Turn turn)
    {
        Span<double> points = stackalloc double[HealthEvaluator.MaxMeasures];
        var score = HealthEvaluator.Evaluate(state, turn, at, known, points);
        var categories = new Dictionary<string, double>();
        for (var category = 0; category < turn.Model.Categories.Count; category++)
        {
            double sum = 0, weight = 0;
            for (var k = 0; k < turn.Model.Entries.Length; k++)
            {
                if (turn.Model.Entries[k].Category != category) continue;
                sum += points[k];
                weight += turn.Model.Entries[k].Model.Weight;
            }
            if (weight > 0) categories[turn.Model.Categories[category].Key] = sum / weight;
        }
        return new HistoryPoint(
            Days.Date(day), score.Value, score.Low, score.High, score.Coverage, provisional, categories, turn.Model.Version);
    }

    private static HealthView Health(AccountState state, long at, in Turn turn, out Score score)
    {
        Span<double> points = stackalloc double[HealthEvaluator.MaxMeasures];
        Span<Measures.Reading> readings = stackalloc Measures.Reading[HealthEvaluator.MaxMeasures];
        score = HealthEvaluator.Evaluate(state, turn, at, at, points, readings);
        var entries = turn.Model.Entries;
        var categories = new CategoryView[turn.Model.Categories.Count];
        for (var category = 0; category < categories.Length; category++)
        {
            double weight = 0, sum = 0, coverage = 0;
            for (var k = 0; k < entries.Length; k++)
            {
                if (entries[k].Category != category) continue;
                weight += entries[k].Model.Weight;
                sum += points[k];
                coverage += entries[k].Model.Weight * readings[k].Coverage;
            }
            categories[category] = new CategoryView(
                turn.Model.Categories[category].Key, weight > 0 ? sum / weight : 0, weight, sum, weight > 0 ? coverage / weight : 0);
        }
        var caps = new CapView[score.Caps.Count];
        for (var k = 0; k < caps.Length; k++)
        {
            var cap = score.Caps[k];
            caps[k] = new CapView(Cap.Key(cap.Rule), cap.Limit, Days.Time(cap.Since), k == 0 ? score.CapPoints : 0);
        }
        // The score of a churned account stands still: what moved it is what did so last.
        var moved = state.Calendar.ChurnedBy(at) is var churned && churned != long.MinValue ? Math.Min(at, churned) : at;
        var drivers = Drivers.Of(state, turn, moved - DriverDays * Days.Millis, moved);
        return new HealthView(score.Value, score.Low, score.High, turn.Policy.BandOf(score.Value, state.Profile, at), score.Coverage,
            Days.Time(at), turn.Model.Version, categories, drivers, caps);
    }

    // The closes before a past moment, as far as the calendar still holds them.
    private static Trend TrendAt(AccountState state, in Score score, long at, in Turn turn)
    {
        if (state.Calendar.ChurnedAt != long.MinValue || score.Coverage < turn.Policy.AlertCoverage) return default;
        return state.Closes.Assess(state, turn, score.Uncapped, score.Coverage, at);
    }

    private static RiskView Risk(AccountState state, in Score score, HealthModel model)
    {
        var (expected, low, high) = (model.Risk.At(score.Value), model.Risk.At(score.High), model.Risk.At(score.Low));
        return new RiskView(expected, model.Risk.HorizonDays, Money(state.Profile.Arr, expected), low, high,
            Money(state.Profile.Arr, low), Money(state.Profile.Arr, high));
    }

    private static decimal? Money(decimal? arr, double share) => arr is { } amount ? Math.Round(amount * (decimal)share, 2) : null;

    private static AccountStatus Status(AccountState state) =>
        state.Calendar.ChurnedAt != long.MinValue ? AccountStatus.Churned : AccountStatus.Active;
}
