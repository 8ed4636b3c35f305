using HealthGrains.Signals;

namespace HealthGrains.Simulation.Tests;

public sealed class BehaviourTests
{
    [Fact]
    public void An_average_account_sends_30_to_80_signals_a_day()
    {
        var (company, events) = SimulatedCompany.Default;
        Assert.InRange(events.Length / (double)(company.Accounts.Count * company.Settings.Days), 30, 80);
    }

    [Fact]
    public void Every_kind_of_signal_happens()
    {
        var seen = SimulatedCompany.Default.Events.Concat(SimulatedCompany.OfLeavers.Events).Select(happened => happened.Kind).ToHashSet();
        Assert.Empty(Enum.GetValues<SignalKind>().Except(seen));
    }

    [Fact]
    public void Weekends_see_a_tenth_to_a_fifth_of_a_weekday()
    {
        var (company, events) = SimulatedCompany.Default;
        var weekend = 0;
        var week = 0;
        foreach (var happened in events)
        {
            if (!happened.Is(SignalKind.Login) || company.DayOf(happened) >= 119) continue;
            if (happened.Time.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) weekend++;
            else week++;
        }
        Assert.InRange(weekend / 2.0 / (week / 5.0), 0.10, 0.20);
    }

    [Fact]
    public void Nearly_all_work_is_done_in_working_hours()
    {
        var (_, events) = SimulatedCompany.Default;
        var local = events.Where(happened => happened.Is(SignalKind.Login))
            .Select(happened => happened.Time.AddHours(happened.Of.Traits.UtcOffset).TimeOfDay.TotalHours).ToArray();
        Assert.True(local.Count(hour => hour is >= 8 and <= 18) > 0.9 * local.Length);
    }

    [Fact]
    public void Daily_counts_are_overdispersed()
    {
        var (company, events) = SimulatedCompany.Default;
        var healthy = company.Truth().Where(row => row is { Shape: ChurnShape.Healthy, StartDay: < -90 }).Select(row => row.Id).ToHashSet();
        var counts = healthy.ToDictionary(id => id, _ => new double[120]);
        foreach (var happened in events)
        {
            if (!happened.Is(SignalKind.SessionEnded) || !healthy.Contains(happened.Account)) continue;
            counts[happened.Account][company.DayOf(happened)]++;
        }
        // Tuesdays to Thursdays: no weekday season is left, only luck.
        bool InMidweek(int day) => company.Settings.Start.AddDays(day).DayOfWeek is >= DayOfWeek.Tuesday and <= DayOfWeek.Thursday;
        var ratios = counts.Values.Select(days => days.Where((_, day) => InMidweek(day)).ToArray())
            .Where(days => days.Mean() > 3).Select(days => days.Variance() / days.Mean()).Order().ToArray();
        Assert.True(ratios[ratios.Length / 2] > 1.3, $"median index of dispersion {ratios[ratios.Length / 2]:F2}");
        Assert.True(ratios.Count(ratio => ratio > 1) > 0.9 * ratios.Length);
    }

    [Fact]
    public void Healthy_accounts_keep_their_level_of_use()
    {
        var (company, events) = SimulatedCompany.Default;
        var healthy = company.Truth().Where(row => row is { Shape: ChurnShape.Healthy, StartDay: < -90 }).Select(row => row.Id).ToHashSet();
        Dictionary<string, (int First, int Last)> logins = [];
        foreach (var happened in events)
        {
            if (!happened.Is(SignalKind.Login) || !healthy.Contains(happened.Account)) continue;
            var (first, last) = logins.GetValueOrDefault(happened.Account);
            var day = company.DayOf(happened);
            logins[happened.Account] = (first + (day < 28 ? 1 : 0), last + (day is >= 84 and < 112 ? 1 : 0));
        }
        Assert.InRange(logins.Values.Sum(pair => pair.Last) / (double)logins.Values.Sum(pair => pair.First), 0.92, 1.1);
        var ratios = logins.Values.Where(pair => pair.First > 40).Select(pair => pair.Last / (double)pair.First).Order().ToArray();
        Assert.InRange(ratios[ratios.Length / 2], 0.93, 1.1);
        Assert.True(ratios.Count(ratio => ratio is > 0.6 and < 1.7) > 0.92 * ratios.Length);
    }

    [Fact]
    public void A_healthy_account_is_never_quite_still_and_not_without_trouble()
    {
        var (company, events) = SimulatedCompany.Default;
        var healthy = company.Truth().Where(row => row.Shape == ChurnShape.Healthy).Select(row => row.Id).ToHashSet();
        int Count(SignalKind kind) => events.Count(happened => happened.Kind == kind && healthy.Contains(happened.Account));
        Assert.True(Count(SignalKind.PaymentFailed) > 3);
        Assert.True(Count(SignalKind.TicketReopened) > 10);
        Assert.True(Count(SignalKind.ContactLeft) > 3);
        Assert.Contains(events, happened =>
            happened.Is(SignalKind.NpsAnswered) && happened.Value <= 6 && healthy.Contains(happened.Account));
    }

    [Fact]
    public void Healthy_accounts_pay_every_invoice_in_the_end()
    {
        var (company, events) = SimulatedCompany.Default;
        var healthy = company.Truth().Where(row => row.Shape == ChurnShape.Healthy).Select(row => row.Id).ToHashSet();
        var paid = events.Where(happened => happened.Is(SignalKind.InvoicePaid)).Select(happened => happened.Subject).ToHashSet();
        var failed = events.Where(happened =>
            happened.Is(SignalKind.PaymentFailed) && healthy.Contains(happened.Account)
            && company.DayOf(happened) < (happened.Of.Traits.Arrears > 0 ? 60 : 100));
        Assert.All(failed, happened => Assert.Contains(happened.Subject, paid));
    }

    [Fact]
    public void Newcomers_reach_their_milestones_in_order()
    {
        var (company, events) = SimulatedCompany.Default;
        var newcomers = company.Accounts.Where(account => account.StartDay is >= 0 and < 50).ToArray();
        Assert.NotEmpty(newcomers);
        foreach (var account in newcomers)
        {
            var reached = events.Where(happened => happened.Of == account && happened.Is(SignalKind.MilestoneReached))
                .Select(happened => happened.Name).Where(name => name != "goalReached");
            Assert.Equal(["firstLogin", "keyFeature", "firstValue", "teamAdoption", "goLive"], reached);
        }
    }

    [Fact]
    public void Tickets_are_opened_once_and_before_anything_else_happens_to_them()
    {
        var (_, events) = SimulatedCompany.Default;
        HashSet<string> open = [];
        foreach (var happened in events)
        {
            if (happened.Kind.Source() != SignalSource.Ticket || !happened.IsSignal) continue;
            if (happened.Is(SignalKind.TicketOpened)) Assert.True(open.Add(happened.Subject!));
            else Assert.Contains(happened.Subject!, open);
        }
    }

    [Fact]
    public void Values_are_within_the_bounds_of_their_kinds()
    {
        foreach (var happened in SimulatedCompany.Default.Events)
        {
            if (!happened.IsSignal) continue;
            var rule = happened.Kind.Rule();
            if (rule.ValueRequired) Assert.False(double.IsNaN(happened.Value));
            if (!double.IsNaN(happened.Value)) Assert.True(happened.Value >= rule.Min && happened.Value <= rule.Max);
            if (rule.SubjectRequired) Assert.NotNull(happened.Subject);
            if (rule.NameRequired) Assert.NotNull(happened.Name);
        }
    }
}
