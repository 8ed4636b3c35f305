using FsCheck;
using FsCheck.Fluent;

namespace HealthGrains.Simulation.Tests;

public sealed class DeterminismTests
{
    /// <summary>
    /// The bytes of a small company, recorded once. If this changes on purpose, every recorded file of a simulation changes with it;
    /// if it changes on another machine, chance has come to depend on the machine.
    /// </summary>
    private const string Recorded = "B5375D2A33679B2DF2BCA520EDC3CFFF7785BE8679996E204F14B5763B99C84D";

    [Fact]
    public void The_bytes_are_those_recorded()
    {
        var company = Company.Create(new CompanySettings { Accounts = 12, Seed = 42, ForeignShare = 0.5, Dirt = 0.02 });
        Assert.Equal(Recorded, SimulatedCompany.Hash(company.Simulate().Advance(40).SelectMany(day => day.Events)));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(8).WithReplay(20261121, 7), Prop.ForAll<ulong>(seed =>
        {
            var settings = new CompanySettings { Accounts = 5, Seed = seed, Dirt = seed % 2 == 0 ? 0 : 0.1 };
            string Bytes() => SimulatedCompany.Hash(Company.Create(settings).Simulate().Advance(15).SelectMany(day => day.Events));
            return Bytes() == Bytes();
        }));
    }

    [Fact]
    public void Another_seed_gives_another_company()
    {
        string Bytes(ulong seed) => SimulatedCompany.Hash(Company.Create(new CompanySettings { Accounts = 5, Seed = seed }).Day(0));
        Assert.NotEqual(Bytes(1), Bytes(2));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.05)]
    public void An_account_lives_the_same_life_in_a_larger_company(double dirt)
    {
        var small = Company.Create(new CompanySettings { Accounts = 10, Dirt = dirt });
        var large = Company.Create(new CompanySettings { Accounts = 60, Dirt = dirt, Days = 500 });
        string Lives(Company company) => SimulatedCompany.Hash(
            company.Simulate().Advance(45).SelectMany(day => day.Events).Where(happened => happened.Of.Index < 10));
        Assert.Equal(Lives(small), Lives(large));
        Assert.Equal(small.Truth(120), large.Truth(120).Take(10));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.05)]
    public void A_simulator_resumes_where_another_left_off(double dirt)
    {
        var company = Company.Create(new CompanySettings { Accounts = 20, Dirt = dirt });
        var through = company.Simulate();
        through.SkipTo(33);
        var resumed = company.Simulate(fromDay: 20);
        resumed.SkipTo(33);
        for (var day = 33; day < 40; day++)
        {
            Assert.Equal(SimulatedCompany.Hash(through.Advance().Events), SimulatedCompany.Hash(resumed.Advance().Events));
        }
        Assert.Equal(SimulatedCompany.Hash(company.Day(12)), SimulatedCompany.Hash(company.Simulate().Advance(13).Last().Events));
    }

    [Fact]
    public void A_company_goes_on_beyond_its_window()
    {
        var company = Company.Create(new CompanySettings { Accounts = 30, Days = 120 });
        var late = company.Simulate(fromDay: 400).Advance();
        Assert.Equal(400, late.Day);
        Assert.True(late.Events.Count > 300);
    }

    [Fact]
    public void Ids_are_unique_and_events_of_a_day_are_in_order_of_time_within_it()
    {
        var company = Company.Create(new CompanySettings { Accounts = 60 });
        HashSet<string> ids = [];
        foreach (var day in company.Simulate().Advance(60))
        {
            var last = day.Start.ToUnixTimeMilliseconds();
            foreach (var happened in day.Events)
            {
                Assert.True(ids.Add(happened.Id));
                Assert.True(happened.At >= last);
                last = happened.At;
            }
            Assert.True(last < day.Start.AddDays(1).ToUnixTimeMilliseconds());
        }
    }

    [Fact]
    public void Dirt_repeats_shuffles_and_delays_but_loses_and_invents_nothing()
    {
        var settings = new CompanySettings { Accounts = 30 };
        SimulatedEvent[] Run(double dirt) =>
            [.. Company.Create(settings with { Dirt = dirt }).Simulate().Advance(40).SelectMany(day => day.Events)];
        var (clean, dirty) = (Run(0), Run(0.1));
        var ids = clean.Select(happened => happened.Id).ToHashSet();
        var arrived = dirty.Select(happened => happened.Id).ToHashSet();
        Assert.Subset(ids, arrived);
        // Only what is late on the last days is still under way.
        Assert.InRange(ids.Count - arrived.Count, 1, ids.Count / 100);
        Assert.InRange((dirty.Length - arrived.Count) / (double)ids.Count, 0.025, 0.042);
        var backward = dirty.Zip(dirty.Skip(1)).Count(pair => pair.Second.At < pair.First.At);
        Assert.True(backward > clean.Length / 50);
    }
}
