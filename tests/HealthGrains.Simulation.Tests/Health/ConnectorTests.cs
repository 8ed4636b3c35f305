using HealthGrains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Policy;
using HealthGrains.Signals;

namespace HealthGrains.Simulation.Tests.Health;

/// <summary>
/// A simulated company of 300 accounts under the default practice, whose usage connection breaks for five days, Wednesday to Monday. The
/// same company with the connection whole tells what would have been.
/// </summary>
public sealed class ConnectorTests
{
    private const int Before = 100;
    private const int Outage = 5;
    private const int After = 30;
    private const string Risk = "churnRisk";

    private static readonly CompanySettings Settings = new() { Accounts = 300, Days = Before + Outage + After + 20, AnnualChurn = 0.1 };

    private static readonly Lazy<TenantLife> Whole = new(() => Live((_, _, _) => true));
    private static readonly Lazy<TenantLife> Broken = new(() => Live(Passes));
    private static readonly Lazy<TenantLife> Unknowing = new(() => Live(Passes, HealthPolicies.Default with { Connector = null }));

    private static long Dies => Whole.Value.Start + Before * Days.Millis + 10 * 3_600_000;

    private static long Back => Dies + Outage * Days.Millis;

    [Fact]
    public void A_dead_connection_is_told_once_and_once_that_it_is_back()
    {
        Assert.Empty(Whole.Value.Told);
        var told = Broken.Value.Told;
        Assert.Equal(["tenant:usage:1:silent", "tenant:usage:1:back"], told.Select(one => one.Id));
        Assert.InRange(told[0].At, Dies, Dies + 2 * Days.Millis);
        Assert.InRange(told[1].At, Back, Back + 6 * 3_600_000);
        Assert.Contains("Usage data has stopped for all accounts", told[0].Body.ToString(), StringComparison.Ordinal);
        Assert.Null(Broken.Value.Pulse.Of(SignalSource.Usage).Open);
    }

    [Fact]
    public void It_raises_no_churn_risk_and_calls_nobody_quiet()
    {
        Assert.Empty(OnlyWhenBroken(Broken.Value, Risk, until: Back + 7 * Days.Millis));
        Assert.Empty(OnlyWhenBroken(Broken.Value, "dataSilent", until: Back + Days.Millis));
        // In the day and a half before it is found some seem to use less: three of the dozens.
        Assert.InRange(OnlyWhenBroken(Broken.Value, "earlyDisengagement", until: Back + 3 * Days.Millis).Count, 0, 5);
        // Five days less are known of everybody, which moves an alarm now and then, earlier or later.
        var (with, without) = (RaisedBy(Broken.Value, Risk, long.MaxValue), RaisedBy(Whole.Value, Risk, long.MaxValue));
        Assert.InRange(with.Count, without.Count - 5, without.Count + 2);
    }

    [Fact]
    public void Without_knowing_of_it_accounts_would_be_alarmed_by_the_dozen()
    {
        Assert.True(OnlyWhenBroken(Unknowing.Value, Risk, long.MaxValue).Count >= 5);
        Assert.True(OnlyWhenBroken(Unknowing.Value, "earlyDisengagement", long.MaxValue).Count >= 20);
    }

    [Fact]
    public void A_customer_whose_signals_stop_alone_is_told_as_ever()
    {
        var alone = Whole.Value.Accounts.First(id => Whole.Value.View(id, Dies).Sources[0].QuietAt is not null
            && Whole.Value.View(id, Dies).Status == AccountStatus.Active && !Whole.Value.Raised.Any(raised => raised.Account == id));
        var life = Live((account, _, at) => account != alone || at < Dies);
        Assert.Empty(life.Told);
        var raised = life.Raised.Where(one => one.Account == alone && one.At >= Dies).Select(one => one.Rule).ToArray();
        Assert.Contains("dataSilent", raised);
        Assert.Contains(Risk, raised);
        Assert.Equal(AccountSourceState.Quiet, life.View(alone, life.Now).Sources[0].State);
    }

    private static List<string> OnlyWhenBroken(TenantLife life, string rule, long until) =>
        [.. RaisedBy(life, rule, until).Except(RaisedBy(Whole.Value, rule, long.MaxValue))];

    private static List<string> RaisedBy(TenantLife life, string rule, long until) =>
        [.. life.Raised.Where(raised => raised.Rule == rule && raised.At > Dies && raised.At <= until)
            .Select(raised => raised.Account).Distinct()];

    private static bool Passes(string account, SignalSource source, long at) =>
        source != SignalSource.Usage || at < Dies || at >= Back;

    private static TenantLife Live(Func<string, SignalSource, long, bool> passes, HealthPolicy? policy = null)
    {
        var life = new TenantLife(Settings, policy);
        life.Live(Before, hourly: false);
        life.Passes = passes;
        life.Live(Outage + After, hourly: true);
        return life;
    }
}
