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

    /// <summary>Whether the k-th of the happenings that have left the calendar is kept.</summary>
    public static bool KeepsEvent(ReadOnlySpan<Happening> left, int k)
    {
        var item = left[k];
        return item.Kind switch
        {
            // A ticket that is still open is as old as its opening, opened again or not.
            SignalKind.TicketOpened => !LaterExists(left, k, static (a, b) => b.Kind == SignalKind.TicketSolved && b.Subject == a.Subject)
                && !EarlierExists(left, k, static (a, b) => b.Kind == a.Kind && b.Subject == a.Subject),
            SignalKind.TicketReopened => !LaterExists(left, k, static (a, b) => IsTicketState(b.Kind) && b.Subject == a.Subject),
            // Every attempt counts until the invoice is paid.
            SignalKind.PaymentFailed => !LaterExists(left, k, static (a, b) => b.Kind == SignalKind.InvoicePaid && b.Subject == a.Subject),
            // An answer is kept for a year, counted from the newest that has left, which moves with the calendar.
            SignalKind.NpsAnswered => left[^1].Second - item.Second < AnswerDays * SecondsPerDay,
            _ => false,
        };
    }

    /// <summary>Whether the k-th of the facts that have left the calendar is kept.</summary>
    public static bool KeepsFact(ReadOnlySpan<Happening> left, int k)
    {
        var item = left[k];
        return item.Kind switch
        {
            SignalKind.MilestoneReached => !EarlierExists(left, k, static (a, b) => b.Kind == a.Kind && b.Name == a.Name),
            SignalKind.IntegrationConnected => !LaterExists(left, k, static (a, b) => IsIntegration(b.Kind) && b.Name == a.Name),
            SignalKind.IntegrationRemoved => false,
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
