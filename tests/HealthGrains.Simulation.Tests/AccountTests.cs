using FsCheck;
using HealthGrains.Accounts;

namespace HealthGrains.Simulation.Tests;

public sealed class AccountTests
{
    private static readonly Company Large = Company.Create(new CompanySettings { Accounts = 2000 });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(99)]
    public void Two_hundred_accounts_bring_about_four_million(int seed)
    {
        var company = Company.Create(new CompanySettings { Seed = (ulong)seed });
        Assert.Equal(4_000_000m, company.Settings.TotalArr);
        Assert.InRange(company.Profiles.Sum(profile => profile.Arr!.Value), 3_800_000m, 4_200_000m);
    }

    [Fact]
    public void Revenue_is_spread_log_normally()
    {
        var logs = Large.Profiles.Select(profile => Math.Log((double)profile.Arr!.Value)).ToArray();
        Assert.InRange(Math.Exp(logs.Mean()), 11_000, 13_500);
        Assert.InRange(Math.Sqrt(logs.Variance()), 0.93, 1.05);
        Assert.InRange(Large.Profiles.Count(profile => profile.Tier == Tier.Enterprise), 120, 220);
    }

    [Fact]
    public void Ids_and_names_are_unique_in_a_company_of_any_size()
    {
        var company = Company.Create(new CompanySettings { Accounts = 12_000 });
        Assert.Equal(12_000, company.Profiles.Select(profile => profile.Id).Distinct().Count());
        Assert.Equal(12_000, company.Profiles.Select(profile => profile.Name).Distinct().Count());
        Assert.All(company.Profiles.Take(3000), profile => Assert.Matches("^[A-Za-z0-9._:-]{1,128}$", profile.Id));
    }

    [Fact]
    public void Names_are_unique_whatever_the_seed()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(30).WithReplay(20261121, 7), FsCheck.Fluent.Prop.ForAll<ulong>(seed =>
            Enumerable.Range(0, 6000).Select(index => CompanyNames.Of(ulong.MaxValue - seed, index).Name).Distinct().Count() == 6000));
    }

    [Fact]
    public void Typical_accounts_have_8_to_40_seats_and_a_few_have_hundreds()
    {
        var seats = Large.Profiles.Select(profile => profile.Seats!.Value).Order().ToArray();
        Assert.InRange(seats[seats.Length / 2], 14, 24);
        Assert.InRange(seats.Count(count => count is >= 8 and <= 40), 1000, 1600);
        Assert.InRange(seats.Count(count => count >= 150), 10, 60);
    }

    [Fact]
    public void Every_profile_is_complete()
    {
        var gone = Large.Truth().Where(row => row is { Shape: ChurnShape.ChampionGone, OnsetDay: < 0 }).Select(row => row.Id).ToHashSet();
        foreach (var (profile, account) in Large.Profiles.Zip(Large.Accounts))
        {
            Assert.NotNull(profile.Segment);
            Assert.NotNull(profile.Plan);
            Assert.Contains(Large.Csms, csm => csm.Name == profile.Owner && csm.Email == profile.OwnerEmail);
            Assert.NotEmpty(profile.Contacts);
            Assert.All(profile.Contacts, contact => Assert.EndsWith($"@{profile.Id}.example", contact.Email, StringComparison.Ordinal));
            Assert.True(gone.Contains(profile.Id) || profile.Contacts[0].Role == "champion");
            Assert.True(profile.RenewalDate >= Large.Settings.Start);
            Assert.True(profile.RenewalDate > profile.StartedAt);
            Assert.Equal(account.StartDay, (profile.StartedAt!.Value - Large.Settings.Start).Days);
        }
        Assert.InRange(Large.Accounts.Count(account => account.StartDay >= 0), 100, 200);
        Assert.InRange(Large.Accounts.Count(account => account.SegmentId is not null), 330, 470);
        Assert.InRange(Large.Accounts.Count(account => account.StripeId is not null), 330, 470);
    }

    [Fact]
    public void The_renewal_date_of_a_profile_moves_on()
    {
        var account = Large.Accounts.First(account => account is { StartDay: < -100, Profile.TermMonths: 12 });
        var renewal = account.Profile.RenewalDate!.Value;
        var day = (renewal - Large.Settings.Start).Days;
        Assert.Equal(renewal, account.ProfileOn(day).RenewalDate);
        Assert.Equal(renewal.AddYears(1), account.ProfileOn(day + 1).RenewalDate);
    }

    [Fact]
    public void Settings_that_describe_no_company_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Company.Create(new CompanySettings { Accounts = 0 }));
        Assert.Throws<ArgumentException>(() => Company.Create(new CompanySettings { AnnualChurn = 1 }));
        Assert.Throws<ArgumentException>(() => Company.Create(new CompanySettings { Dirt = double.NaN }));
        Assert.Throws<ArgumentException>(() => Company.Create(new CompanySettings { Shapes = new ChurnShares(0, 0, 0, 0, 0) }));
    }
}
