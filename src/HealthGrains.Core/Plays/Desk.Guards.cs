using HealthGrains.Accounts;
using HealthGrains.Delivery;

namespace HealthGrains.Plays;

/// <summary>What guardrails say. Every refusal and delay names its rule and version.</summary>
internal sealed partial class Desk
{
    private static string Named(Guardrail rule) => Text($"{rule.Title} ({rule.Id} {rule.Version})");

    private IEnumerable<Guardrail> Rules(GuardrailKind kind)
    {
        foreach (var rule in _turn.Practice.Guardrails)
            if (rule.Kind == kind && rule.When?.Holds(Situation) != false) yield return rule;
    }

    /// <summary>Why no play may begin on this account now.</summary>
    private string? StartRefusal(Playbook book)
    {
        if (HoldoutRefusal() is { } held) return held;
        var running = state.Plays.Count(play => play.State != PlayState.Ended && !book.Replaces.Contains(play.Playbook));
        foreach (var rule in Rules(GuardrailKind.PlaysAtOnce))
            if (running >= rule.Most) return Named(rule);
        return null;
    }

    private string? HoldoutRefusal()
    {
        foreach (var rule in Rules(GuardrailKind.Holdout))
            if (IsHeldOut(Account.Id, rule)) return Named(rule);
        return null;
    }

    /// <summary>Whether an account is among those left alone: the same ones always, so long as the rule keeps its id.</summary>
    internal static bool IsHeldOut(string account, Guardrail rule)
    {
        var hash = new HashCode64();
        foreach (var letter in rule.Id) hash.Add(letter);
        foreach (var letter in account) hash.Add(letter);
        return hash.ToUInt32() / (double)uint.MaxValue * 100 < rule.Percent;
    }

    /// <summary>Why nothing may be sent to a contact.</summary>
    private string? ContactRefusal(Contact contact)
    {
        foreach (var rule in Rules(GuardrailKind.Consent))
            if (contact.Consent == false || (contact.Consent is null && rule.Most == 0)) return Named(rule);
        foreach (var rule in Rules(GuardrailKind.Suppression))
            if (rule.Names.Any(name => IsSuppressed(contact, name))) return Named(rule);
        foreach (var rule in _turn.Practice.Guardrails)
            if (IsLimit(rule) && rule.Most < 1 && rule.When?.Holds(Situation) != false) return Named(rule);
        return null;
    }

    private bool IsSuppressed(Contact contact, string name) =>
        string.Equals(name, contact.Email, StringComparison.OrdinalIgnoreCase) || name == Account.Id
        || (name.StartsWith('@') && contact.Email?.EndsWith(name, StringComparison.OrdinalIgnoreCase) == true);

    private Guardrail? ApprovalFor(PlayStep step)
    {
        if (step.Kind == StepKind.Approval) return null;
        foreach (var rule in Rules(GuardrailKind.Approval))
            if (rule.Marks.Count == 0 || rule.Marks.Any(step.Marks.Contains)) return rule;
        return null;
    }

    private static bool IsLimit(Guardrail rule) => rule.Kind is GuardrailKind.MessagesPerContact or GuardrailKind.MessagesPerAccount;

    /// <summary>When all guardrails let a message leave, and the one that puts it off longest; null when it may leave now.</summary>
    private (Guardrail? Rule, long Until) Delay(Contact contact)
    {
        (Guardrail? Rule, long Until) latest = (null, Now);
        // A week that ends at night, a night that ends on a Saturday: each may end within another.
        for (var (again, k) = (true, 0); again && k < 8; k++)
        {
            again = false;
            foreach (var rule in _turn.Practice.Guardrails)
            {
                if (rule.When?.Holds(Situation) == false) continue;
                var until = FreeAt(rule, contact, latest.Until);
                if (until <= latest.Until) continue;
                latest = (rule, until);
                again = true;
            }
        }
        return latest;
    }

    private QuietTime[]? Quiet(Contact contact)
    {
        QuietTime[] times = [.. Rules(GuardrailKind.QuietHours).Select(rule => QuietHours.Of(rule, contact.TimeZone))];
        return times.Length > 0 ? times : null;
    }

    private long FreeAt(Guardrail rule, Contact contact, long at) => rule.Kind switch
    {
        GuardrailKind.MessagesPerContact => FreeAt(rule, state.Sent.Where(sent => sent.Contact == contact.Id), at),
        GuardrailKind.MessagesPerAccount => FreeAt(rule, state.Sent, at),
        GuardrailKind.QuietHours => QuietHours.EndAt(rule, contact.TimeZone, at),
        _ => at,
    };

    // The window is open again when the oldest of the last so many has left it.
    private static long FreeAt(Guardrail rule, IEnumerable<SentMessage> sent, long at)
    {
        var recent = sent.Where(message => message.At > at - rule.Days * Days.Millis).ToArray();
        return recent.Length < rule.Most ? at : recent[^rule.Most].At + rule.Days * Days.Millis;
    }
}
