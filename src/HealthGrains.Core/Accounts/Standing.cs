using HealthGrains.Signals;

namespace HealthGrains.Accounts;

/// <summary>
/// What outlives the calendar: an open ticket, an unpaid invoice, a milestone, a connected integration, who is there, the last
/// plan. Only settled happenings (past any late arrival) are judged, so the order of arrival leaves no trace.
/// </summary>
internal static class Standing
{
    private const uint SecondsPerDay = 86400;
    private const uint AnswerDays = 365;

    /// <summary>Days that events of tickets stay longer than others.</summary>
    public const uint TicketDaysMore = 18;

    /// <summary>Whether the k-th happening, one of the first so many that have left the calendar, is kept.</summary>
    /// <param name="items">All happenings.</param>
    /// <param name="gone">How many of them have left.</param>
    /// <param name="before">Where the calendar begins, Unix seconds.</param>
    /// <param name="k">The one in question.</param>
    public static bool KeepsEvent(ReadOnlySpan<Happening> items, int gone, uint before, int k)
    {
        ref readonly var item = ref items[k];
        var left = items[..gone];
        return item.Kind switch
        {
            SignalKind.TicketOpened or SignalKind.TicketSolved or SignalKind.TicketReopened => KeepsTicket(items, before, k),
            // Every attempt counts until the invoice is paid.
            SignalKind.PaymentFailed => !LaterExists(left, k, static (a, b) => b.Kind == SignalKind.InvoicePaid && b.Subject == a.Subject),
            // An answer is kept for a year, counted from the newest that has left, which moves with the calendar.
            SignalKind.NpsAnswered => left[^1].Second - item.Second < AnswerDays * SecondsPerDay,
            _ => false,
        };
    }

    /// <summary>
    /// Of a ticket that is open what opened it, however long ago; of a solved one the solving, while an opening that belongs to it
    /// is still to leave.
    /// </summary>
    private static bool KeepsTicket(ReadOnlySpan<Happening> items, uint before, int k)
    {
        // A ticket counts for another of its category over 30 days, and that one for 30 more: longer than the calendar looks back.
        if (before - items[k].Second < TicketDaysMore * SecondsPerDay) return true;
        var subject = items[k].Subject;
        var life = default(TicketLife);
        int opening = -1, solving = -1, next = 0;
        for (; next < items.Length && before - (long)items[next].Second >= TicketDaysMore * SecondsPerDay; next++)
        {
            if (items[next].Subject != subject || !IsTicketState(items[next].Kind)) continue;
            if (life.Take(items[next].Kind, items[next].At)) opening = next;
            if (items[next].Kind == SignalKind.TicketSolved) solving = next;
        }
        if (life.IsOpen) return k == opening;
        if (k != solving) return false;
        for (; next < items.Length && items[next].At - items[k].At <= TicketLife.SameTicketMillis; next++)
            if (items[next].Kind == SignalKind.TicketOpened && items[next].Subject == subject) return true;
        return false;
    }

    /// <summary>The same of facts.</summary>
    public static bool KeepsFact(ReadOnlySpan<Happening> items, int gone, uint before, int k)
    {
        var left = items[..gone];
        ref readonly var item = ref left[k];
        return item.Kind switch
        {
            SignalKind.MilestoneReached => !EarlierExists(left, k, static (a, b) => b.Kind == a.Kind && b.Name == a.Name),
            // Of one that was removed too: that none is connected any more is known, and stays known.
            SignalKind.IntegrationConnected or SignalKind.IntegrationRemoved =>
                !LaterExists(left, k, static (a, b) => IsIntegration(b.Kind) && b.Name == a.Name),
            SignalKind.ContactJoined or SignalKind.ContactLeft =>
                !LaterExists(left, k, static (a, b) => IsContact(b.Kind) && b.Subject == a.Subject && b.Name == a.Name),
            _ => !LaterExists(left, k, static (a, b) => b.Kind == a.Kind),
        };
    }

    /// <summary>
    /// When the account churned for the last time, by what is known at a moment, unless it came back since;
    /// <see cref="long.MinValue"/> if it did not churn.
    /// </summary>
    public static long ChurnedAt(ReadOnlySpan<Happening> facts, long known = long.MaxValue)
    {
        var churned = long.MinValue;
        foreach (ref readonly var item in facts)
        {
            if (item.At > known) break;
            if (item.Kind is SignalKind.Renewed or SignalKind.DealClosed) churned = long.MinValue;
            else if (item.Kind is (SignalKind.SubscriptionCancelled or SignalKind.Churned) && churned == long.MinValue) churned = item.At;
        }
        return churned;
    }

    /// <summary>
    /// Whether, when a contact left a role, somebody else had it: who joined in it and did not leave it since. Of those who were there
    /// before anything was told nobody knows.
    /// </summary>
    /// <param name="before">The facts before it.</param>
    /// <param name="left">The leaving.</param>
    public static bool IsHeldByAnother(ReadOnlySpan<Happening> before, in Happening left)
    {
        for (var k = before.Length - 1; k >= 0; k--)
        {
            ref readonly var item = ref before[k];
            if (item.Kind == SignalKind.ContactJoined && item.Name == left.Name && item.Subject != left.Subject
                && !LaterExists(before, k, static (a, b) => b.Kind == SignalKind.ContactLeft && b.Subject == a.Subject && b.Name == a.Name))
                return true;
        }
        return false;
    }

    public static bool IsTicketState(SignalKind kind) =>
        kind is SignalKind.TicketOpened or SignalKind.TicketSolved or SignalKind.TicketReopened;

    private static bool IsIntegration(SignalKind kind) => kind is SignalKind.IntegrationConnected or SignalKind.IntegrationRemoved;

    private static bool IsContact(SignalKind kind) => kind is SignalKind.ContactJoined or SignalKind.ContactLeft;

    private static bool LaterExists(ReadOnlySpan<Happening> items, int k, Func<Happening, Happening, bool> supersedes)
    {
        for (var later = k + 1; later < items.Length; later++)
            if (supersedes(items[k], items[later])) return true;
        return false;
    }

    private static bool EarlierExists(ReadOnlySpan<Happening> items, int k, Func<Happening, Happening, bool> supersedes)
    {
        for (var earlier = 0; earlier < k; earlier++)
            if (supersedes(items[k], items[earlier])) return true;
        return false;
    }
}
