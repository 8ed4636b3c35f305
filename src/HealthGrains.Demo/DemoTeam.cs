using System.Text.RegularExpressions;
using HealthGrains.Alerts;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;
using HealthGrains.Signals;
using HealthGrains.Simulation;

namespace HealthGrains.Demo;

/// <summary>
/// The people of the made-up company: each working morning every CSM acknowledges alerts, does tasks, and reads, changes, approves or
/// rejects drafts; not all of them, so that there is always something left. They use the port as the API does. What each does with a thing
/// on a day follows from the company's seed alone.
/// </summary>
/// <param name="company">The company.</param>
/// <param name="host">Where they work.</param>
/// <param name="workedUntil">They have worked through all mornings before this moment.</param>
public sealed partial class DemoTeam(Company company, IHealthGrains host, DateTimeOffset workedUntil)
{
    /// <summary>The hour, UTC, at which they have been through their day's list.</summary>
    public const int Hour = 9;

    /// <summary>Who leads them: what a playbook or a guardrail has a manager approve is this person's.</summary>
    public const string Manager = "Robin Sommer";

    private const int AtOnce = 64;
    private const string ChurnRisk = "churnRisk";

    private static readonly string[] Rejections =
        ["Not now: they have an open ticket that matters more to them", "I spoke to them yesterday", "Wrong tone for this customer"];
    private static readonly string[] Resolutions =
        ["Talked to them; a plan is agreed", "Known and expected: their project has ended", "Settled with their champion"];

    private DateTimeOffset _last = LastMorning(workedUntil);

    /// <summary>Says who belongs to whom, once; a practice that names teams is left alone.</summary>
    public async Task IntroduceAsync(CancellationToken cancellationToken)
    {
        var book = await host.Desks.GetPracticeAsync(cancellationToken);
        if (book.Practice.Teams.Count > 0) return;
        var team = new Team(Manager, [.. company.Csms.Select(csm => csm.Name)]);
        var file = new PracticeFile("teams/everybody.json", PracticeWriter.Write(team));
        await host.Desks.ChangePracticeAsync(new PracticeEdit([file], []), "demo", cancellationToken);
    }

    /// <summary>Does the day's work if its morning has come; of mornings that passed unseen, only the last.</summary>
    public async Task WorkAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var morning = LastMorning(now);
        if (morning <= _last) return;
        _last = morning;
        if (morning.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) return;
        var day = DateOnly.FromDateTime(morning.UtcDateTime);
        await Parallel.ForEachAsync(
            company.Profiles, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (profile, token) => await WorkAsync(profile.Id, day, now, token));
    }

    private async Task WorkAsync(string id, DateOnly day, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await host.GetAccountAsync(id, null, cancellationToken) is not { Desk: { } desk, Profile.Owner: { } owner } account) return;
        foreach (var alert in account.Alerts) await WorkAsync(alert, owner, day, cancellationToken);
        foreach (var task in desk.Tasks.Where(task => task.DueAt <= now.AddHours(12)))
            if (Chance(task.Id, day) < 0.7) await DoAsync(task, owner, cancellationToken);
        foreach (var draft in desk.Drafts.Where(draft => draft.State == DraftState.Pending))
            if (Chance(draft.Id, day) < 0.6) await ReviewAsync(draft, draft.Reviewer ?? owner, cancellationToken);
    }

    private async Task WorkAsync(AlertView alert, string owner, DateOnly day, CancellationToken cancellationToken)
    {
        var who = alert.AssignedTo ?? owner;
        var luck = Chance(alert.Id, day);
        if (alert.State == AlertState.Open && luck < (alert.Urgent || alert.Rank >= AlertBudget.KeptFrom ? 0.8 : 0.3))
            await host.AcknowledgeAlertAsync(alert.Id, who, cancellationToken);
        // A risk ends when the account recovers; who ends it by hand hears nothing more of it until then.
        else if (alert.State == AlertState.Acknowledged && luck < (alert.Rule == ChurnRisk ? 0.01 : 0.12))
            await host.ResolveAlertAsync(alert.Id, who, Of(Resolutions, alert.Id), cancellationToken);
    }

    private async Task DoAsync(TaskView task, string owner, CancellationToken cancellationToken)
    {
        if (!DeskIds.TryReadTask(task.Id, out var account, out var number)) return;
        var outcome = task.Outcomes.Count == 0 ? null : Of(task.Outcomes, task.Id);
        await host.Desks.DoAsync(account, new EndTask(task.Owner ?? owner, number, false, outcome, null, []), cancellationToken);
    }

    private async Task ReviewAsync(DraftView draft, string who, CancellationToken cancellationToken)
    {
        if (!DeskIds.TryReadDraft(draft.Id, out var account, out var number)) return;
        var luck = Chance(draft.Id);
        // One in ten is approved without a look: it is what the figures of the reviews are there to show.
        if (luck >= 0.1) await host.Desks.DoAsync(account, new ReadDraft(who, number), cancellationToken);
        if (luck > 0.93)
        {
            await host.Desks.DoAsync(account, new DecideDraft(who, number, false, Of(Rejections, draft.Id)), cancellationToken);
            return;
        }
        if (luck > 0.65 || draft.Text.Contains('⟦'))
        {
            var text = Filled(draft.Text, luck > 0.65);
            await host.Desks.DoAsync(account, new EditDraft(who, number, draft.Subject, text), cancellationToken);
        }
        var reply = await host.Desks.DoAsync(account, new DecideDraft(who, number, true, null), cancellationToken);
        if (reply is not { Refusal: DeskRefusal.Invalid, Reason: { } reason }) return;
        await host.Desks.DoAsync(account, new DecideDraft(who, number, false, $"It cannot leave as it is: {reason}"), cancellationToken);
    }

    /// <summary>The text with its holes filled by what somebody who was there would write.</summary>
    private static string Filled(string text, bool withLine)
    {
        var filled = Hole().Replace(text, "what we talked about on the phone");
        return withLine ? $"{filled.TrimEnd()}\n\nP.S. I am in all week: call me whenever it suits you.\n" : filled;
    }

    private static DateTimeOffset LastMorning(DateTimeOffset now)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddHours(Hour);
        return today <= now || today.UtcDateTime.Date == DateTime.MinValue ? today : today.AddDays(-1);
    }

    private T Of<T>(IReadOnlyList<T> choices, string what) => choices[(int)(Chance($"which {what}") * choices.Count)];

    private double Chance(string what, DateOnly day) => Chance($"{what} {day.DayNumber}");

    [GeneratedRegex("⟦[^⟧]*⟧")]
    private static partial Regex Hole();

    private double Chance(string what) => NameId.Of($"{company.Settings.Seed} {what}") / (uint.MaxValue + 1.0);
}
