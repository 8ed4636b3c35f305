using System.Diagnostics;
using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Assistant;
using HealthGrains.Benchmarks.Risk;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Plays.Files;
using HealthGrains.Policy;
using HealthGrains.Signals;
using HealthGrains.Simulation;

namespace HealthGrains.Benchmarks.Year;

/// <summary>
/// A year of a company with known truth, from its signals to what its CSMs are told and do: the account's turns, the desk's turns with the
/// default practice, and the weekly budget of alerts, which chooses at nine each morning. Sixty days go before the year.
/// </summary>
internal static class YearVerb
{
    public const int WarmUp = 60;

    public static int Run(string[] args)
    {
        var accounts = RiskVerb.Option(args, "--accounts", 1_000);
        var days = WarmUp + RiskVerb.Option(args, "--days", 365);
        var settings = new CompanySettings
        {
            Seed = (ulong)RiskVerb.Option(args, "--seed", 1), Accounts = accounts, Days = days, Csms = RiskVerb.Option(args, "--csms", 5),
        };
        var clock = Stopwatch.StartNew();
        var company = Company.Create(settings);
        var writer = new HandlebarsWriter();
        var ways = new YearWays(Tried(DefaultPractice.Book(writer), args).Practice, writer);
        var book = company.Accounts.ToDictionary(
            account => account.Id, account => new YearAccount(new AccountState(account.Profile), ways));
        var tenant = new TenantFacts();
        foreach (var source in Enum.GetValues<SignalSource>()) tenant.Merge(source, settings.Start.ToUnixTimeMilliseconds());
        var outbox = new Outbox();
        Turn At(long now) => new(now, HealthModels.Prior, HealthPolicies.Default, tenant, outbox);
        var owners = book.Values.GroupBy(account => account.State.Profile.Owner ?? "nobody")
            .Select(mine => new YearOwner(mine.Key, [.. mine], ways.Practice)).ToArray();
        long signals = 0;
        foreach (var day in company.Simulate().Advance(days))
        {
            var (start, end) = (day.Start.ToUnixTimeMilliseconds(), day.Start.ToUnixTimeMilliseconds() + Days.Millis);
            var nine = At(start + 9 * 3_600_000);
            foreach (var account in book.Values) account.LiveUntil(nine.Now, At, day.Day);
            foreach (var owner in owners) owner.Morning(nine, day.Day);
            foreach (var account in book.Values) account.LiveUntil(end - 1, At, day.Day);
            var turn = At(end);
            var taken = day.Events.Where(happened => happened.IsSignal).ToLookup(happened => happened.Account);
            foreach (var (id, account) in book)
            {
                Signal[] mine = [.. taken[id].Select(happened => SimulatedSignals.Of(happened))];
                account.EndDay(mine, turn, day.Day + 1);
                signals += mine.Length;
            }
            if (day.Day % 30 == 29)
                Console.Error.WriteLine($"day {day.Day + 1} of {days}, {signals:N0} signals, {clock.Elapsed.TotalSeconds:0} s");
        }
        new YearFigures(book, company.Truth(days + 150).ToDictionary(row => row.Id), owners.Length, days).Print();
        Console.WriteLine($"{signals:N0} signals; it took {clock.Elapsed.TotalSeconds:0} s");
        return 0;
    }

    // --try FOLDER: files as in a practice's folder that are tried out together with the default ones.
    private static PracticeBook Tried(PracticeBook book, string[] args)
    {
        if (Array.IndexOf(args, "--try") is not (>= 0 and var k)) return book;
        var change = book.With(PracticeFolder.Read(args[k + 1]));
        return change.Problems.Count == 0 ? change.Book : throw new InvalidOperationException(string.Join('\n', change.Problems));
    }
}
