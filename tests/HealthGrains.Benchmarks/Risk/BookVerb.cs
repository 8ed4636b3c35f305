using System.Globalization;
using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Measures;
using HealthGrains.Policy;
using HealthGrains.Signals;
using HealthGrains.Simulation;

namespace HealthGrains.Benchmarks.Risk;

/// <summary>
/// What the simulated book looks like to the default model: bands and scores at the end; and over the days from 100 on each measure's
/// mean, its spread across healthy accounts and within one, its spread about the expected value, and the correlation of deviations.
/// </summary>
internal static class BookVerb
{
    private const int WarmUp = 100;

    public static int Run(string[] args)
    {
        var accounts = RiskVerb.Option(args, "--accounts", 200);
        var days = RiskVerb.Option(args, "--days", 120);
        var churn = RiskVerb.Option(args, "--churn", 18) / 100.0;
        var company = Company.Create(new CompanySettings
        {
            Seed = (ulong)RiskVerb.Option(args, "--seed", 1), Accounts = accounts, Days = days, AnnualChurn = churn,
        });
        var healthy = company.Truth(days + 150).Where(row => row.Shape == ChurnShape.Healthy).Select(row => row.Id).ToHashSet();
        var states = company.Accounts.ToDictionary(account => account.Id, account => new AccountState(account.Profile));
        var tenant = new TenantFacts();
        foreach (var source in Enum.GetValues<SignalSource>()) tenant.Merge(source, company.Settings.Start.ToUnixTimeMilliseconds());
        var sample = new Sample(HealthModels.Prior);
        foreach (var day in company.Simulate().Advance(days))
        {
            var turn = new Turn(day.Start.ToUnixTimeMilliseconds() + Days.Millis, HealthModels.Prior, HealthPolicies.Default, tenant,
                new Outbox());
            foreach (var mine in day.Events.Where(happened => happened.IsSignal).GroupBy(happened => happened.Account))
                AccountTurns.Take(states[mine.Key], [.. mine.Select(happened => SimulatedSignals.Of(happened))], turn);
            foreach (var state in states.Values) AccountTurns.Wake(state, turn);
            if (day.Day == days - 1) Bands(states, healthy, turn);
            if (day.Day < WarmUp) continue;
            foreach (var (id, state) in states) sample.Take(id, state, healthy.Contains(id), turn);
        }
        sample.Print();
        return 0;
    }

    private static void Bands(Dictionary<string, AccountState> states, HashSet<string> healthy, Turn turn)
    {
        var all = states.Select(state => (Healthy: healthy.Contains(state.Key), Told: AccountTurns.Summarize(state.Value, turn)))
            .Where(one => one.Told.Status != AccountStatus.Churned && one.Told.Coverage > 0).ToArray();
        foreach (var (name, some) in new[] { ("all", all), ("healthy", all.Where(one => one.Healthy).ToArray()) })
        {
            string Share(Band band) => string.Create(CultureInfo.InvariantCulture,
                $"{band} {some.Count(one => one.Told.Band == band)} ({some.Count(one => one.Told.Band == band) / (double)some.Length:P1})");
            var scores = some.Select(one => one.Told.Score).Order().ToArray();
            double At(double share) => scores[(int)(share * (scores.Length - 1))];
            Say($"{name} {some.Length}: {Share(Band.Red)}, {Share(Band.Yellow)}, {Share(Band.Green)}; open alerts ",
                $"{some.Count(one => one.Told.OpenAlerts > 0)}; scores 5 % {At(.05):0.0}, 25 % {At(.25):0.0}, 50 % {At(.5):0.0}, ",
                $"75 % {At(.75):0.0}, 95 % {At(.95):0.0}");
        }
    }

    private static void Say(params FormattableString[] parts) =>
        Console.WriteLine(string.Concat(parts.Select(part => part.ToString(CultureInfo.InvariantCulture))));

    private sealed class Sample(HealthModel model)
    {
        private readonly Dictionary<string, List<double[]>> _values = [];
        private readonly Dictionary<string, double> _previous = [];
        private readonly double[] _squares = new double[model.Entries.Length];
        private readonly double[] _told = new double[model.Entries.Length];
        private readonly double[] _weights = new double[model.Entries.Length];
        private double _products, _pairs;
        private int _count;

        public void Take(string id, AccountState state, bool healthy, in Turn turn)
        {
            if (state.Calendar.ChurnedAt != long.MinValue) return;
            Span<double> points = stackalloc double[HealthEvaluator.MaxMeasures];
            Span<Reading> readings = new Reading[HealthEvaluator.MaxMeasures];
            var score = HealthEvaluator.Evaluate(state, turn, turn.Now, turn.Now, points, readings);
            if (score.Coverage < 0.3) return;
            _count++;
            var row = new double[model.Entries.Length + 1];
            double sum = 0, squares = 0, covered = 0;
            for (var k = 0; k < model.Entries.Length; k++)
            {
                var (measure, c) = (model.Entries[k].Model, readings[k].Coverage);
                var told = points[k] / measure.Weight - measure.Expected;
                row[k] = c > 0.05 ? measure.Expected + told / c : double.NaN;
                if (c <= 0.05) continue;
                covered += c;
                _weights[k] += c;
                _squares[k] += told * told / c;
                _told[k] += told * told;
                var standard = Math.Clamp(told / c / measure.Spread, -3, 3) * c;
                sum += standard;
                squares += standard * standard;
                _pairs -= c * c;
            }
            _products += sum * sum - squares;
            _pairs += covered * covered;
            row[^1] = score.Uncapped;
            if (!healthy) return;
            if (!_values.TryGetValue(id, out var mine)) _values[id] = mine = [];
            mine.Add(row);
        }

        public void Print()
        {
            if (_count == 0) return;
            Console.WriteLine("measure               mean  across  within  points    r1    r7   r14  spread  in the score  now");
            for (var k = 0; k <= model.Entries.Length; k++)
            {
                var column = k;
                var mine = _values.Values.Select(rows => rows.Select(row => row[column]).Where(double.IsFinite).ToArray())
                    .Where(values => values.Length > 5).ToArray();
                if (mine.Length < 2) continue;
                var (across, within) = (Deviation([.. mine.Select(values => values.Average())]), Math.Sqrt(mine.Average(Variance)));
                var mean = mine.Average(values => values.Average());
                string Lags() => string.Create(CultureInfo.InvariantCulture,
                    $"{Autocorrelation(mine, 1),5:0.00} {Autocorrelation(mine, 7),5:0.00} {Autocorrelation(mine, 14),5:0.00}");
                if (k == model.Entries.Length)
                    Say($"{"score",-20}  {mean,5:0.0}  {across,6:0.0}  {within,6:0.0}  {within,6:0.00}  {Lags()}");
                else
                {
                    var measure = model.Entries[k].Model;
                    Say($"{measure.Key,-20}  {mean,5:0.0}  {across,6:0.0}  {within,6:0.0}  {within * measure.Weight,6:0.00}  {Lags()}  ",
                        $"{Math.Sqrt(_squares[k] / _weights[k]),6:0.0}  {Math.Sqrt(_told[k] / _count),12:0.0}  {measure.Spread,3:0}");
                }
            }
            Say($"correlation of deviations, in the model's spreads: {_products / _pairs:0.000}");
        }

        /// <summary>Over days that were told, one after another; a gap counts as no time, which is rare.</summary>
        private static double Autocorrelation(double[][] mine, int lag)
        {
            double products = 0, squares = 0;
            foreach (var values in mine)
            {
                var mean = values.Average();
                for (var day = 0; day < values.Length; day++)
                {
                    squares += (values[day] - mean) * (values[day] - mean);
                    if (day >= lag) products += (values[day] - mean) * (values[day - lag] - mean);
                }
            }
            return products / squares;
        }

        private static double Deviation(double[] values) => Math.Sqrt(Variance(values));

        private static double Variance(double[] values)
        {
            var mean = values.Average();
            return values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Length - 1);
        }
    }
}
