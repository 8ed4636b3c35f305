using HealthGrains.Signals;

namespace HealthGrains.Simulation.Tests;

public sealed class TruthTests
{
    private static readonly Company Large = Company.Create(new CompanySettings { Accounts = 2000 });

    [Fact]
    public void Shapes_have_their_shares()
    {
        var truth = Large.Truth(100_000);
        double Share(ChurnShape shape) => truth.Count(row => row.Shape == shape) / (double)truth.Count;
        // Three standard errors of a share of 2,000.
        Assert.InRange(Share(ChurnShape.SilentFade), 0.45 - 0.034, 0.45 + 0.034);
        Assert.InRange(Share(ChurnShape.SteepDrop), 0.15 - 0.024, 0.15 + 0.024);
        Assert.InRange(Share(ChurnShape.SupportMeltdown), 0.15 - 0.024, 0.15 + 0.024);
        Assert.InRange(Share(ChurnShape.BillingTrouble), 0.15 - 0.024, 0.15 + 0.024);
        Assert.InRange(Share(ChurnShape.ChampionGone), 0.10 - 0.021, 0.10 + 0.021);
    }

    [Theory]
    [InlineData(ChurnShape.SilentFade, 45, 120)]
    [InlineData(ChurnShape.SteepDrop, 20, 45)]
    [InlineData(ChurnShape.SupportMeltdown, 20, 45)]
    [InlineData(ChurnShape.BillingTrouble, 20, 40)]
    [InlineData(ChurnShape.ChampionGone, 30, 90)]
    public void The_onset_lies_as_many_days_before_the_end_as_the_shape_takes(ChurnShape shape, int least, int most)
    {
        var lags = Large.Truth(100_000).Where(row => row.Shape == shape).Select(row => row.EndDay!.Value - row.OnsetDay!.Value).ToArray();
        Assert.All(lags, lag => Assert.InRange(lag, least, most));
        Assert.True(lags.Max() - lags.Min() > (most - least) * 3 / 4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void About_six_of_a_hundred_accounts_end_within_120_days(int seed)
    {
        var company = Company.Create(new CompanySettings { Accounts = 2000, Seed = (ulong)seed });
        var truth = company.Truth();
        Assert.InRange(truth.Count(row => row.EndsWithin(120)) / 2000.0, 0.048, 0.068);
        Assert.InRange(truth.Count(row => row.EndDay >= 120) / 2000.0, 0.02, 0.04);
        Assert.InRange(company.Truth(500).Count(row => row.EndsWithin(365)) / 2000.0, 0.16, 0.20);
    }

    [Fact]
    public void Nothing_happens_before_the_start_nor_after_the_end()
    {
        var (company, events) = SimulatedCompany.OfLeavers;
        var truth = company.Truth(240).ToDictionary(row => row.Id);
        foreach (var group in events.GroupBy(happened => happened.Account))
        {
            var row = truth[group.Key];
            Assert.True(group.Min(happened => company.DayOf(happened)) >= row.StartDay);
            if (!row.EndsWithin(240)) continue;
            var last = group.MaxBy(happened => happened.At);
            Assert.Equal(SignalKind.Churned, last.Kind);
            Assert.NotNull(last.Name);
            Assert.Equal(row.EndDay, company.DayOf(last));
            Assert.Single(group, happened => happened.Is(SignalKind.SubscriptionCancelled));
        }
        Assert.Equal(truth.Values.Count(row => row.EndsWithin(240)), events.Count(happened => happened.Is(SignalKind.Churned)));
    }

    [Theory]
    [InlineData(ChurnShape.SilentFade, 0.45)]
    [InlineData(ChurnShape.SteepDrop, 0.35)]
    [InlineData(ChurnShape.ChampionGone, 0.65)]
    public void Usage_falls_between_the_onset_and_the_end(ChurnShape shape, double most)
    {
        var (before, after) = AroundOnset(shape, SignalKind.Login, late: true);
        Assert.True(after < most * before, $"{after:F1} a day after, {before:F1} before");
    }

    [Fact]
    public void A_meltdown_shows_in_tickets_and_hardly_in_use()
    {
        var (before, after) = AroundOnset(ChurnShape.SupportMeltdown, SignalKind.TicketOpened, late: false);
        Assert.True(after > 5 * before, $"{after:F2} tickets a day after, {before:F2} before");
        var (loginsBefore, loginsAfter) = AroundOnset(ChurnShape.SupportMeltdown, SignalKind.Login, late: false);
        Assert.True(loginsAfter > 0.6 * loginsBefore);
    }

    [Fact]
    public void Billing_trouble_shows_in_payments_that_fail_from_the_onset_on()
    {
        var (company, events) = SimulatedCompany.OfLeavers;
        var rows = company.Truth(240).Where(row => row is { Shape: ChurnShape.BillingTrouble, OnsetDay: >= 0, EndDay: < 240 }).ToArray();
        Assert.True(rows.Length > 5);
        foreach (var row in rows)
        {
            var billing = events.Where(happened => happened.Account == row.Id && company.DayOf(happened) >= row.OnsetDay).ToArray();
            Assert.Contains(billing, happened => happened.Is(SignalKind.PaymentFailed) && company.DayOf(happened) == row.OnsetDay);
            Assert.DoesNotContain(billing, happened => happened.Is(SignalKind.InvoicePaid));
        }
    }

    [Fact]
    public void A_champion_who_is_gone_left_on_the_day_of_onset()
    {
        var (company, events) = SimulatedCompany.OfLeavers;
        var rows = company.Truth(240).Where(row => row is { Shape: ChurnShape.ChampionGone, OnsetDay: > 0 }).ToArray();
        Assert.True(rows.Length > 3);
        var left = events.Where(happened => happened.Is(SignalKind.ContactLeft) && happened.Name == "champion")
            .Select(happened => (happened.Account, company.DayOf(happened))).ToHashSet();
        Assert.All(rows, row => Assert.Contains((row.Id, row.OnsetDay!.Value), left));
    }

    [Fact]
    public void The_truth_is_written_as_rows_and_as_json()
    {
        var truth = Large.Truth();
        using var text = new StringWriter();
        TruthWriter.WriteCsv(truth, text);
        var lines = text.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(2001, lines.Length);
        Assert.Equal(TruthWriter.Header, lines[0]);
        Assert.All(lines, line => Assert.Equal(9, line.Split(',').Length));
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        TruthWriter.WriteJson(truth, buffer);
        using var json = System.Text.Json.JsonDocument.Parse(buffer.WrittenMemory);
        Assert.Equal(2000, json.RootElement.GetArrayLength());
    }

    /// <summary>Events of a kind a day in the accounts of a shape: in the 28 days before onset, and after it (or its last third).</summary>
    private static (double Before, double After) AroundOnset(ChurnShape shape, SignalKind kind, bool late)
    {
        var (company, events) = SimulatedCompany.OfLeavers;
        var rows = company.Truth(240).Where(row => row.Shape == shape && row is { OnsetDay: >= 28, StartDay: < -60, EndDay: < 240 })
            .ToDictionary(row => row.Id);
        Assert.True(rows.Count > 3, $"only {rows.Count} accounts");
        double before = 0, after = 0;
        foreach (var happened in events)
        {
            if (happened.Kind != kind || !rows.TryGetValue(happened.Account, out var row)) continue;
            var (onset, end, day) = (row.OnsetDay!.Value, row.EndDay!.Value, company.DayOf(happened));
            var from = late ? end - (end - onset) / 3 : onset + 5;
            if (day >= onset - 28 && day < onset) before += 1 / 28.0;
            else if (day >= from && day < end) after += 1.0 / (end - from);
        }
        return (before, after);
    }
}
