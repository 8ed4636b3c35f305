using HealthGrains.Delivery;

namespace HealthGrains.Plays;

/// <summary>Quiet hours in a contact's own time zone. A zone that is not known here counts as UTC.</summary>
internal static class QuietHours
{
    /// <summary>A guardrail's quiet hours for somebody in a time zone.</summary>
    public static QuietTime Of(Guardrail rule, string? timeZone) => new(rule.From, rule.To, rule.Weekends, timeZone);

    /// <summary>When the quiet hours that hold at a moment are over; the moment itself when none hold.</summary>
    public static long EndAt(Guardrail rule, string? timeZone, long now) => Of(rule, timeZone).EndAt(now);
}
