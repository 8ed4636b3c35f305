using HealthGrains.Health;
using HealthGrains.Hosting;

namespace HealthGrains.Core.Tests.Portfolio;

public sealed class PortfolioTotalsTests
{
    [Fact]
    public void Bands_and_currencies_add_up_to_the_book_without_the_churned()
    {
        var accounts = Book.Random(5, 1200);
        var active = accounts.Where(a => a.Status == AccountStatus.Active).ToList();
        var view = Book.Index(accounts).Current(Book.NowMs).Totals(null);

        Assert.Equal(active.Count, view.Accounts);
        Assert.Equal([Band.Red, Band.Yellow, Band.Green], view.Bands.Select(band => band.Band));
        Assert.Equal(view.Accounts, view.Bands.Sum(band => band.Accounts));
        Assert.Equal(active.Count(a => a.Arr is null), view.WithoutArr);
        Assert.Equal(["EUR", "USD"], view.Totals.Select(total => total.Currency));
        foreach (var total in view.Totals)
        {
            var ours = active.Where(a => a.Currency == total.Currency && a.Arr is not null).ToList();
            Assert.Equal(ours.Sum(a => a.Arr!.Value), total.Arr);
            Assert.Equal(ours.Sum(a => a.ArrAtRisk!.Value), total.ArrAtRisk);
            Assert.Equal(total.Arr, view.Bands.Sum(band => band.Arr.GetValueOrDefault(total.Currency)));
            Assert.Equal(total.ArrAtRisk, view.Bands.Sum(band => band.ArrAtRisk.GetValueOrDefault(total.Currency)));
            Assert.InRange(total.ArrAtRisk, total.ArrAtRiskLow, total.ArrAtRiskHigh);
        }
    }

    [Fact]
    public void An_owners_book_is_that_owners_accounts_alone()
    {
        var accounts = Book.Random(6, 500);
        var snapshot = Book.Index(accounts).Current(Book.NowMs);
        var view = snapshot.Totals("dana");
        Assert.Equal("dana", view.Owner);
        Assert.Equal(accounts.Count(a => a.Owner == "dana" && a.Status == AccountStatus.Active), view.Accounts);
        Assert.All(view.Fallers.Concat(view.Risers), a => Assert.Equal("dana", a.Owner));
        Assert.Equal(0, snapshot.Totals("nobody").Accounts);
        Assert.Equal(3, snapshot.Totals("nobody").Bands.Count);
    }

    [Fact]
    public void The_interval_of_the_sum_follows_its_formula()
    {
        var accounts = Enumerable.Range(0, 60).SelectMany(i => new[]
        {
            Book.Account($"a{i}", arr: 100_000, p: 0.3, spread: 0.1),
            Book.Account($"b{i}", arr: 200_000, p: 0.5, spread: 0.2),
        });
        var total = Assert.Single(Book.Snapshot([.. accounts]).Totals(null).Totals);

        const double z = 1.2815515655446004;
        var variance = 60 * (1e10 * 0.21 + 4e10 * 0.25 + Math.Pow(20_000 / (2 * z), 2) + Math.Pow(80_000 / (2 * z), 2));
        Assert.Equal(60 * 130_000m, total.ArrAtRisk);
        Assert.Equal(60 * 130_000 - z * Math.Sqrt(variance), (double)total.ArrAtRiskLow, 1);
        Assert.Equal(60 * 130_000 + z * Math.Sqrt(variance), (double)total.ArrAtRiskHigh, 1);
    }

    [Fact]
    public void The_interval_covers_four_fifths_of_drawn_losses()
    {
        var random = new Random(20);
        var book = Enumerable.Range(0, 200)
            .Select(i => Book.Account($"a{i}", arr: 1000 + random.Next(50_000), p: random.NextDouble() * 0.6)).ToArray();
        var total = Assert.Single(Book.Snapshot(book).Totals(null).Totals);
        var inside = 0;
        const int draws = 4000;
        for (var draw = 0; draw < draws; draw++)
        {
            var loss = book.Sum(a => random.NextDouble() < a.ChurnProbability ? a.Arr!.Value : 0);
            if (loss >= total.ArrAtRiskLow && loss <= total.ArrAtRiskHigh) inside++;
        }
        Assert.InRange(inside / (double)draws, 0.77, 0.83);
    }

    [Fact]
    public void The_interval_stays_between_nothing_and_everything()
    {
        var total = Assert.Single(Book.Snapshot(Book.Account("a", arr: 1000, p: 0.5)).Totals(null).Totals);
        Assert.Equal(0, total.ArrAtRiskLow);
        Assert.Equal(1000, total.ArrAtRiskHigh);
    }

    [Fact]
    public void Movers_are_the_five_largest_each_way_and_none_that_stood_still()
    {
        var accounts = Enumerable.Range(-8, 17).Select(i => Book.Account($"a{i}", change: i)).ToArray();
        var view = Book.Snapshot(accounts).Totals(null);
        Assert.Equal([-8, -7, -6, -5, -4], view.Fallers.Select(a => a.Change7Days));
        Assert.Equal([8, 7, 6, 5, 4], view.Risers.Select(a => a.Change7Days));
        var still = Book.Snapshot(Book.Account("x"), Book.Account("y", change: -1)).Totals(null);
        Assert.Equal("y", Assert.Single(still.Fallers).Id);
        Assert.Empty(still.Risers);
    }
}
