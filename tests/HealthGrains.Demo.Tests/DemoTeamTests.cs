using HealthGrains.Assistant;
using HealthGrains.Embedded;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;
using HealthGrains.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace HealthGrains.Demo.Tests;

public sealed class DemoTeamTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Company Company = Company.Create(new CompanySettings { Seed = 3, Accounts = 12, Days = 60 });
    private static readonly DateTimeOffset Start = Company.Settings.Start;

    [Fact]
    public async Task The_team_does_tasks_reviews_drafts_and_acknowledges_alerts_and_leaves_some()
    {
        var clock = new SimulatedClock(Start, TimeProvider.System);
        await using var host = await HostAsync(clock);
        await LiveAsync(host, clock, hasTeam: true, DateTimeOffset.MinValue, Start.AddDays(60));

        var audit = await host.ListAuditAsync(new AuditQuery { Limit = 500 }, None);
        var people = Company.Csms.Select(csm => csm.Name).Append(DemoTeam.Manager).ToHashSet();
        var acts = audit.Items.Where(entry => people.Contains(entry.Actor)).ToArray();
        Assert.Contains(acts, entry => entry.Action == "step.done");
        Assert.Contains(acts, entry => entry.Action == "draft.approved");
        Assert.Contains(acts, entry => entry.Action == "alert.acknowledged");
        Assert.All(acts, entry => Assert.False(entry.At.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday));
        var reviews = await host.Desks.GetReviewFiguresAsync(null, Start, None);
        Assert.True(reviews.Approved > reviews.Rejected && reviews.Unread > 0 && reviews.Unedited < reviews.Approved, reviews.ToString());
    }

    [Fact]
    public async Task Without_a_team_everything_waits()
    {
        var clock = new SimulatedClock(Start, TimeProvider.System);
        await using var host = await HostAsync(clock);
        await LiveAsync(host, clock, hasTeam: false, DateTimeOffset.MinValue, Start.AddDays(30));

        var reviews = await host.Desks.GetReviewFiguresAsync(null, Start, None);
        Assert.Equal((0, 0), (reviews.Approved, reviews.Rejected));
        Assert.Empty((await host.Desks.GetPracticeAsync(None)).Practice.Teams);
    }

    [Fact]
    public async Task A_morning_that_was_worked_before_a_stop_is_not_worked_again_after_it()
    {
        var clock = new SimulatedClock(Start, TimeProvider.System);
        await using var host = await HostAsync(clock);
        // A Thursday, the team's hour past.
        var thursday = Start.AddDays(40);
        while (thursday.DayOfWeek != DayOfWeek.Thursday) thursday = thursday.AddDays(1);
        await LiveAsync(host, clock, hasTeam: true, DateTimeOffset.MinValue, thursday.AddHours(12));
        var before = (await host.ListAuditAsync(new AuditQuery { Limit = 500 }, None)).Items.Count(ByPerson);
        Assert.InRange(before, 1, 400);

        var team = new DemoTeam(Company, host, thursday.AddHours(12));
        await team.WorkAsync(thursday.AddHours(12.5), None);

        Assert.Equal(before, (await host.ListAuditAsync(new AuditQuery { Limit = 500 }, None)).Items.Count(ByPerson));
    }

    [Fact]
    public async Task Teams_that_the_practice_names_are_left_as_they_are()
    {
        var clock = new SimulatedClock(Start, TimeProvider.System);
        await using var host = await HostAsync(clock);
        var own = new PracticeFile("teams/own.json", PracticeWriter.Write(new Team("Kim", ["Lee"])));
        await host.Desks.ChangePracticeAsync(new PracticeEdit([own], []), "kim", None);

        await new DemoTeam(Company, host, Start).IntroduceAsync(None);

        Assert.Equal("Kim", Assert.Single((await host.Desks.GetPracticeAsync(None)).Practice.Teams).Manager);
    }

    private static bool ByPerson(AuditView entry) => Company.Csms.Any(csm => csm.Name == entry.Actor) || entry.Actor == DemoTeam.Manager;

    private static async Task LiveAsync(EmbeddedHost host, SimulatedClock clock, bool hasTeam, DateTimeOffset from, DateTimeOffset until)
    {
        using var feed = new CompanyFeed(Company, host, host.SettleAsync, clock, from, hasTeam);
        await feed.IntroduceAsync(None);
        await feed.CatchUpAsync(until, _ => { }, None);
    }

    private static async Task<EmbeddedHost> HostAsync(SimulatedClock clock)
    {
        var writer = new HandlebarsWriter();
        var directory = Directory.CreateTempSubdirectory("healthgrains-team-").FullName;
        var host = new EmbeddedHost(
            new EmbeddedOptions
            {
                DataDirectory = directory, Clock = clock, ClockKind = ClockKind.Simulated, Writer = writer,
                Practice = DefaultPractice.Book(writer),
            },
            NullLogger<EmbeddedHost>.Instance);
        await host.StartAsync(None);
        return host;
    }
}
