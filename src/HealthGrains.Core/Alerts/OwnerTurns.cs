using System.Globalization;
using HealthGrains.Accounts;
using HealthGrains.Delivery;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Plays;

namespace HealthGrains.Alerts;

/// <summary>
/// The turns of an owner's actor: what of an owner's alerts is pushed, and the digest of the morning. Pure functions of state, sight and
/// <see cref="OwnerTurn"/>. Level-triggered: it looks at what is open, and looking twice does nothing twice.
/// </summary>
public static class OwnerTurns
{
    /// <summary>The owner of accounts that have none.</summary>
    public const string Nobody = "";

    /// <summary>Who acts where a push is decided.</summary>
    public const string Machine = "alertBudget";

    /// <summary>Since when a digest that is due now tells what ended, Unix milliseconds; null when none is due.</summary>
    public static long? DigestDue(OwnerState state, string owner, Practice practice, long now)
    {
        if (state.DigestAt is not { } before || OwnerDigest.Of(practice, owner) is not { } digest) return null;
        if (digest.MorningAt(now) is not { } morning || morning <= before || digest.DayOf(now) == state.DigestDay) return null;
        // Whoever was away for weeks is not told of all of them.
        return Math.Max(before, now - 7 * Days.Millis);
    }

    /// <summary>Looks: pushes what the budget lets, and writes the digest when it is due. True when anything changed.</summary>
    public static bool Look(OwnerState state, OwnerSight sight, in OwnerTurn turn)
    {
        var (now, person) = (Days.Time(turn.Now), turn.Practice.PersonOf(sight.Owner));
        var choice = AlertBudget.Choose(sight.Alerts, sight.Pushes, turn.Practice.Guardrails, now, sight.AtRisk);
        // Where nobody answers for an account, the team hears of what is urgent; the rest is found in the list.
        if (person is null) choice = new AlertChoice([.. choice.Pushed.Where(alert => alert.Urgent)], []);
        AlertPush[] made = [.. choice.Pushed.Select(alert => new AlertPush(AlertBudget.KeyOf(alert), now, alert.Urgent))];
        for (var i = 0; i < made.Length; i++) Push(choice.Pushed[i], made[i], sight.Owner, person, turn);
        AlertPush[] pushes = [.. sight.Pushes, .. made];
        var digested = Digest(state, sight with { Pushes = pushes }, choice, person, turn);
        var wake = Math.Min(OwnerDigest.Of(turn.Practice, sight.Owner)?.NextAfter(turn.Now) ?? long.MaxValue,
            choice.Listed.Count == 0 ? long.MaxValue
                : AlertBudget.NextRoom(pushes, turn.Practice.Guardrails, now)?.ToUnixTimeMilliseconds() ?? long.MaxValue);
        var changed = digested || made.Length > 0 || wake != state.WakeAt;
        state.WakeAt = wake;
        return changed;
    }

    /// <summary>
    /// The id of a push's delivery: the same whenever and wherever it is decided. The owner is in it, for who gets an alert from somebody
    /// else has not heard of it.
    /// </summary>
    public static string IdOf(string key, string owner)
    {
        var id = $"{key}:push:{Hash(owner):x8}";
        return Dispatch.IsValidId(id) ? id : $"push:{Hash(id):x8}{Hash(owner + id):x8}";
    }

    private static bool Digest(OwnerState state, OwnerSight sight, AlertChoice choice, TeamPerson? person, in OwnerTurn turn)
    {
        if (state.DigestAt is null)
        {
            state.DigestAt = turn.Now;
            return true;
        }
        if (person is null || DigestDue(state, sight.Owner, turn.Practice, turn.Now) is null) return false;
        var digest = OwnerDigest.Of(turn.Practice, sight.Owner)!;
        (state.DigestAt, state.DigestDay) = (turn.Now, digest.DayOf(turn.Now));
        if (digest.Write(sight, choice, person, turn) is { } dispatch) turn.Outbox.Dispatches.Add(dispatch);
        return true;
    }

    private static void Push(AlertView alert, AlertPush push, string owner, TeamPerson? person, in OwnerTurn turn)
    {
        turn.Outbox.Pushed.Add(new AlertPushed(owner, push, alert));
        var rule = alert.Urgent ? "urgent" : AlertBudget.BudgetsOf(turn.Practice.Guardrails) is [var budget, ..]
            ? Text($"{budget.Id} {budget.Version}") : "no budget";
        turn.Outbox.Audit.Add(new AuditView(push.At, Machine, "alert.pushed", alert.Account, $"{push.Key} ({rule})"));
        var whose = owner.Length > 0 ? "" : "nobody's account: ";
        var id = IdOf(push.Key, owner);
        turn.Outbox.Dispatches.Add(person is { By: TeamPerson.Mail, Email: { } address }
            ? Sent(ReceiverKeys.Email,
                new EmailBody(address, person.Name, null, $"{alert.AccountName}: {alert.Reason}", Letter(alert, whose)))
            : Sent(ReceiverKeys.Chat, new ChatBody(Line(alert, whose, person), $"/accounts/{Uri.EscapeDataString(alert.Account)}")));

        Dispatch Sent(string receiver, DeliveryBody body) =>
            new(id, alert.Account, owner.Length == 0 ? null : owner, receiver, push.At.ToUnixTimeMilliseconds(),
                push.At.ToUnixTimeMilliseconds(), body);
    }

    private static string Line(AlertView alert, string whose, TeamPerson? person) => person is null
        ? $"Nobody's account: {alert.AccountName}: {alert.Reason}. {alert.SuggestedApproach}"
        : $"{person.Name}: {whose}{alert.AccountName}: {alert.Reason}. {alert.SuggestedApproach}";

    private static string Letter(AlertView alert, string whose)
    {
        var drivers = alert.Drivers.Take(3).Select(driver => $"- {driver.Note}");
        var lines = string.Join('\n', drivers);
        return $"{whose}{alert.AccountName}: {alert.Reason}.\n{(lines.Length > 0 ? $"\n{lines}\n" : "")}\n{alert.SuggestedApproach}";
    }

    internal static uint Hash(string text)
    {
        var hash = new HashCode64();
        foreach (var letter in text) hash.Add(letter);
        return hash.ToUInt32();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
