using System.Globalization;
using HealthGrains.Simulation;

namespace HealthGrains.Benchmarks.Year;

/// <summary>What the year came to, judged against what is true of the accounts.</summary>
internal sealed class YearFigures(Dictionary<string, YearAccount> book, Dictionary<string, AccountTruth> truth, int csms, int days)
{
    private const int Soon = 14;
    private const int Ahead = 45;
    private const int Lead = 30;

    private readonly double _weeks = (days - YearVerb.WarmUp) / 7.0;
    private readonly YearAlert[] _alerts =
    [
        .. book.Values.SelectMany(account => account.Alerts).Where(alert => alert.Raised >= YearVerb.WarmUp),
    ];

    public void Print()
    {
        Rates();
        Triggers();
        Churns();
        Healthy();
        Work();
    }

    private void Rates()
    {
        var pushed = book.Values.SelectMany(account => account.Alerts).Where(alert => alert.Pushed >= YearVerb.WarmUp).ToArray();
        double Rate(int count) => count / (csms * _weeks);
        var inside = pushed.Count(alert => !alert.View.Urgent);
        var urgent = pushed.Length - inside;
        Say($"{book.Count} accounts, {csms} CSMs, {_weeks:0.0} weeks");
        Say($"alerts a CSM and week: raised {Rate(_alerts.Length):0.00}, ",
            $"of these urgent {Rate(_alerts.Count(alert => alert.View.Urgent)):0.00}; ",
            $"pushed within the budget {Rate(inside):0.00}, urgent outside it {Rate(urgent):0.00}, together {Rate(pushed.Length):0.00}");
        Say($"raised and only listed to the end: {_alerts.Count(alert => alert.Pushed is null)} of {_alerts.Length}");
    }

    private void Triggers()
    {
        Console.WriteLine("rule                   rank  raised  pushed  of churning  days to push");
        var rules = _alerts.GroupBy(alert => (alert.Rule, alert.View.Rank, alert.View.Urgent));
        foreach (var rule in rules.OrderByDescending(rule => rule.Count()))
        {
            var waits = rule.Where(alert => alert.Pushed is not null).Select(alert => alert.Pushed!.Value - alert.Raised).Order().ToArray();
            Say($"{rule.Key.Rule + (rule.Key.Urgent ? "!" : ""),-22} {rule.Key.Rank,4}  {rule.Count(),6}  {waits.Length,6}  ",
                $"{rule.Count(IsOfChurning),11}  {(waits.Length > 0 ? waits[waits.Length / 2] : 0),12}");
        }
    }

    // Raised while the account was on its way out.
    private bool IsOfChurning(YearAlert alert) =>
        truth[alert.View.Account] is { OnsetDay: { } onset, EndDay: { } end } && alert.Raised >= onset && alert.Raised <= end;

    private void Churns()
    {
        var churns = truth.Values
            .Where(row => row.Shape != ChurnShape.Healthy && row.OnsetDay >= YearVerb.WarmUp && row.EndDay < days).ToArray();
        var early = churns.Where(row => row.EndDay - row.OnsetDay >= Ahead).ToArray();
        Say($"churns within the year: {churns.Length}, of these with onset {Ahead} days ahead {early.Length}");
        // A warning that is always there finds everything: what chance finds is seen on healthy accounts with onsets that never were.
        var chance = truth.Values.Where(row => row.Shape == ChurnShape.Healthy).SelectMany(row => Enumerable.Range(0, 4)
            .Select(k => row with { OnsetDay = YearVerb.WarmUp + 20 + k * 80, EndDay = YearVerb.WarmUp + 80 + k * 80 })).ToArray();
        Console.WriteLine($"alerted               within {Soon} days of onset  by chance  {Lead} days ahead  by chance");
        foreach (var (name, day) in Ways)
        {
            int? First(AccountTruth row) => book[row.Id].Alerts.Where(alert => alert.Over is not { } over || over > row.OnsetDay)
                .Select(day).Where(at => at <= row.EndDay).Min();
            double Within(AccountTruth[] rows) => rows.Count(row => First(row) <= row.OnsetDay + Soon) / (double)Math.Max(1, rows.Length);
            double Before(AccountTruth[] rows) => rows.Count(row => First(row) <= row.EndDay - Lead) / (double)Math.Max(1, rows.Length);
            Say($"{name,-20}  {Within(churns),23:P0}  {Within(chance),9:P0}  {Before(early),13:P0}  {Before(chance),9:P0}");
        }
    }

    private static readonly (string Name, Func<YearAlert, int?> Day)[] Ways =
    [
        ("churn risk raised", alert => alert.IsRisk ? alert.Raised : null),
        ("churn risk pushed", alert => alert.IsRisk ? alert.Pushed : null),
        ("any warning raised", alert => alert.IsWarning ? alert.Raised : null),
        ("any warning pushed", alert => alert.IsWarning ? alert.Pushed : null),
    ];

    private void Healthy()
    {
        var healthy = book.Where(account => truth[account.Key].Shape == ChurnShape.Healthy).Select(account => account.Value).ToArray();
        var years = healthy.Length * (days - YearVerb.WarmUp) / 365.0;
        var alerts = healthy.SelectMany(account => account.Alerts).Where(alert => alert.Raised >= YearVerb.WarmUp).ToArray();
        var risks = alerts.Where(alert => alert.IsRisk).ToArray();
        Say($"healthy accounts: {healthy.Length}; churn risk {risks.Length / years:0.000} an account-year, ",
            $"alarmed at least once {risks.Select(alert => alert.View.Account).Distinct().Count() / (double)healthy.Length:P1}; ",
            $"any warning {alerts.Count(alert => alert.IsWarning) / years:0.00} an account-year, ",
            $"pushed {alerts.Count(alert => alert is { IsWarning: true, Pushed: not null }) / years:0.00}");
    }

    private void Work()
    {
        int Sum(Func<YearAccount, int> count) => book.Values.Sum(count);
        Say($"the whole time, {days} days: plays {Sum(account => account.Plays.Count)}, drafts {Sum(account => account.Drafts.Count)} ",
            $"(rejected because they could not leave {Sum(account => account.Rejected)}), tasks {Sum(account => account.Tasks.Count)}");
        var left = book.Values.SelectMany(account => account.Left).GroupBy(one => one.Key).OrderBy(one => one.Key, StringComparer.Ordinal);
        Say($"left the house: {string.Join(", ", left.Select(one => $"{one.Key} {one.Sum(count => count.Value)}"))}");
    }

    private static void Say(params FormattableString[] parts) =>
        Console.WriteLine(string.Concat(parts.Select(part => part.ToString(CultureInfo.InvariantCulture))));
}
