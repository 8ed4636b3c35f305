using HealthGrains.Accounts;

namespace HealthGrains.Plays;

/// <summary>
/// How long what is over stays in lists. Nothing is decided by it: what guardrails count, which plays were played before and what a
/// trigger has had are the desk's own, and the desk forgets them by their own rules.
/// </summary>
/// <param name="WorkDays">
/// Plays, drafts and tasks, from their end: long enough for a year's figures and to look up what was tried before.
/// </param>
/// <param name="DeliveryDays">
/// Deliveries, from when they arrived, were given up or called back. At least <see cref="LeastDeliveryDays"/>, the longest time for
/// which one is tried: what comes a second time, with the id of one that is forgotten, is then due for longer than anything is sent,
/// and becomes a dead letter.
/// </param>
public sealed record Retention(int WorkDays = 400, int DeliveryDays = 30)
{
    /// <summary>The least days that deliveries are kept, and the most that one is tried.</summary>
    public const int LeastDeliveryDays = 30;

    private const int LeastWorkDays = 42;
    private const int Most = 3_650;

    /// <summary>400 days, and 30 for deliveries.</summary>
    public static Retention Default { get; } = new();

    /// <summary>What was over before this moment is dropped, Unix milliseconds.</summary>
    public long WorkBefore(long now) => now - WorkDays * Days.Millis;

    /// <summary>Deliveries that were settled before this moment are dropped, Unix milliseconds.</summary>
    public long DeliveriesBefore(long now) => now - DeliveryDays * Days.Millis;

    /// <summary>Throws <see cref="ArgumentException"/> that says which is wrong, and what would be right.</summary>
    public void Validate()
    {
        Within(nameof(WorkDays), WorkDays, LeastWorkDays);
        Within(nameof(DeliveryDays), DeliveryDays, LeastDeliveryDays);
    }

    private static void Within(string name, int days, int least)
    {
        if (days < least || days > Most)
            throw new ArgumentException($"{nameof(Retention)}:{name} is {days}; it must be between {least} and {Most}");
    }
}
