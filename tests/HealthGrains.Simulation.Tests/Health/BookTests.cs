using HealthGrains.Accounts;
using HealthGrains.Benchmarks.Risk;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Policy;
using HealthGrains.Signals;

namespace HealthGrains.Simulation.Tests.Health;

/// <summary>
/// What the default company looks like under the default model on its last day, three companies together: a book as companies have
/// one, of which neither the simulation nor the model knows anything.
/// </summary>
public sealed class BookTests
{
    private const int Quarter = 91;
    private static readonly (AccountSummary Told, AccountTruth Truth)[] Book = [.. Enumerable.Range(1, 3).SelectMany(Of)];

    [Fact]
    public void Most_accounts_are_green_many_are_yellow_and_a_few_are_red()
    {
        double Share(Band band) => Book.Count(one => one.Told.Band == band) / (double)Book.Length;
        var shares = $"{Share(Band.Red):P1} red, {Share(Band.Yellow):P1} yellow, {Share(Band.Green):P1} green";
        // Wide bounds: a book that is all of one colour fails, one that is drawn a little differently does not.
        Assert.True(Share(Band.Green) is > 0.58 and < 0.82, shares);
        Assert.True(Share(Band.Yellow) is > 0.14 and < 0.36, shares);
        Assert.True(Share(Band.Red) is > 0.015 and < 0.12, shares);
    }

    [Fact]
    public void Accounts_in_good_order_differ_in_their_scores()
    {
        var scores = Book.Where(one => one.Truth.EndDay is null or > 120 + 2 * Quarter).Select(one => one.Told.Score).ToArray();
        Assert.InRange(Math.Sqrt(scores.Variance()), 7, 15);
    }

    [Fact]
    public void Most_yellow_accounts_stay_through_the_next_quarter_though_more_leave_than_of_the_green()
    {
        double Leaving(Band band) => Book.Count(one => one.Told.Band == band && one.Truth.EndDay < 120 + Quarter)
            / (double)Book.Count(one => one.Told.Band == band);
        Assert.True(Leaving(Band.Yellow) < 0.3, $"{Leaving(Band.Yellow):P1} of the yellow");
        Assert.True(Leaving(Band.Yellow) > Leaving(Band.Green), $"{Leaving(Band.Yellow):P1} and {Leaving(Band.Green):P1}");
    }

    /// <summary>The accounts that are still there on day 120.</summary>
    private static IEnumerable<(AccountSummary Told, AccountTruth Truth)> Of(int seed)
    {
        var company = Company.Create(new CompanySettings { Seed = (ulong)seed });
        var (start, days) = (company.Settings.Start.ToUnixTimeMilliseconds(), company.Settings.Days);
        var states = company.Accounts.ToDictionary(account => account.Id, account => new AccountState(account.Profile));
        var tenant = new TenantFacts();
        foreach (var source in Enum.GetValues<SignalSource>()) tenant.Merge(source, start);
        Turn At(int day) => new(start + day * Days.Millis, HealthModels.Prior, HealthPolicies.Default, tenant, new Outbox());
        foreach (var day in company.Simulate().Advance(days))
            foreach (var mine in day.Events.Where(happened => happened.IsSignal).GroupBy(happened => happened.Account))
                AccountTurns.Take(states[mine.Key], [.. mine.Select(happened => SimulatedSignals.Of(happened))], At(day.Day + 1));
        // The truth looks further than the window, so that it knows who leaves in the quarter after.
        return company.Truth(days + Quarter + 120)
            .Select(row => (Told: AccountTurns.Summarize(states[row.Id], At(days)), Truth: row))
            .Where(one => one.Truth.StartDay < days && one.Told.Status != AccountStatus.Churned);
    }
}
