using System.Globalization;
using HealthGrains.Accounts;
using HealthGrains.Delivery;
using HealthGrains.Hosting;
using HealthGrains.Plays;

namespace HealthGrains.Alerts;

/// <summary>The digest of an owner: when it goes out, and what it says.</summary>
internal sealed class OwnerDigest
{
    private readonly TimeOnly _time;
    private readonly TimeZoneInfo _zone;
    private readonly TextTemplate _template;

    private OwnerDigest(TimeOnly time, TimeZoneInfo zone, TextTemplate template) => (_time, _zone, _template) = (time, zone, template);

    /// <summary>The digest that an owner gets; null for none.</summary>
    public static OwnerDigest? Of(Practice practice, string owner)
    {
        var rule = practice.Guardrails.FirstOrDefault(rule => rule.Kind == GuardrailKind.Digest);
        if (rule?.Template is not { } id || practice.Template(id) is not { } template) return null;
        return practice.PersonOf(owner) is { Digest: true } person
            ? new OwnerDigest(rule.From, LocalTime.ZoneOf(person.TimeZone), template) : null;
    }

    public DateOnly DayOf(long at) => LocalTime.DayAt(at, _zone);

    /// <summary>The moment of the digest on the day of a moment; null when it is not there yet, or on a weekend.</summary>
    public long? MorningAt(long at)
    {
        var day = DayOf(at);
        var morning = LocalTime.At(day, _time, _zone);
        return IsWorking(day) && morning <= at ? morning : null;
    }

    /// <summary>The first moment of a digest after another moment.</summary>
    public long NextAfter(long at)
    {
        for (var day = DayOf(at); ; day = day.AddDays(1))
            if (IsWorking(day) && LocalTime.At(day, _time, _zone) is var morning && morning > at) return morning;
    }

    /// <summary>Writes it; null when there is nothing to say.</summary>
    public Dispatch? Write(OwnerSight sight, AlertChoice choice, TeamPerson person, in OwnerTurn turn)
    {
        var today = DayOf(turn.Now);
        var pushed = sight.Pushes.Select(push => push.Key).ToHashSet(StringComparer.Ordinal);
        var late = turn.Now;
        AlertView[] told = [.. sight.Alerts.Where(alert => alert.State is AlertState.Open or AlertState.Acknowledged)
            .Where(alert => pushed.Contains(AlertBudget.KeyOf(alert)))
            .OrderByDescending(alert => alert.Rank).ThenBy(alert => alert.RaisedAt).ThenBy(alert => alert.Id, StringComparer.Ordinal)];
        var morning = sight.Morning ?? new OwnerMorning([], [], []);
        TaskView[] tasks = [.. morning.Tasks.Where(task => DayOf(task.DueAt.ToUnixTimeMilliseconds()) <= today)];
        var facts = new DigestFacts
        {
            To = person.Name, Today = today,
            Pushed = [.. told.Select(Alert)],
            Listed = [.. choice.Listed.Select(Alert)],
            ListedBecause = choice.Listed.Count == 0 ? null
                : string.Join("; ", AlertBudget.BudgetsOf(turn.Practice.Guardrails).Select(rule => rule.Title)),
            Tasks = [.. tasks.Select(task => Work(task.AccountName, task.Title, task.DueAt))],
            Drafts = [.. morning.Drafts.Select(draft => Work(draft.AccountName, draft.Title, draft.ExpiresAt))],
            Ended = [.. morning.Ended.Select(Alert)],
        };
        if (facts.IsEmpty) return null;
        var written = turn.Writer.Write(_template, facts);
        var id = string.Create(CultureInfo.InvariantCulture, $"digest:{OwnerTurns.Hash(sight.Owner):x8}:{today:yyyy-MM-dd}");
        string[] names =
        [
            .. told.Concat(choice.Listed).Concat(morning.Ended).Select(alert => alert.Account)
                .Concat(tasks.Select(task => task.Account)).Concat(morning.Drafts.Select(draft => draft.Account))
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
        var owner = sight.Owner.Length == 0 ? person.Name : sight.Owner;
        var (receiver, body) = person is { By: TeamPerson.Mail, Email: { } address }
            ? (ReceiverKeys.Email, (DeliveryBody)new EmailBody(address, person.Name, null, written.Subject, written.Text))
            : (ReceiverKeys.Chat, new ChatBody($"{person.Name}: {written.Subject}\n{written.Text}", $"/day?owner={Uri.EscapeDataString(owner)}"));
        return new Dispatch(id, "", owner, receiver, turn.Now, turn.Now, body) { Names = names };

        DigestAlert Alert(AlertView alert) => new(
            alert.AccountName, alert.Reason, alert.Severity.ToString().ToLowerInvariant(), alert.SuggestedApproach,
            DayOf(alert.RaisedAt.ToUnixTimeMilliseconds()), alert.State == AlertState.Acknowledged,
            sight.AtRisk.TryGetValue(alert.Account, out var risk) ? risk : null, alert.Currency,
            alert.ResolvedAt is null ? null
                : alert.Resolution ?? (alert.ResolvedBy is null ? "it is over" : $"resolved by {alert.ResolvedBy}"));

        DigestWork Work(string account, string title, DateTimeOffset due) =>
            new(account, title, DayOf(due.ToUnixTimeMilliseconds()), due.ToUnixTimeMilliseconds() < late);
    }

    private static bool IsWorking(DateOnly day) => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);
}
