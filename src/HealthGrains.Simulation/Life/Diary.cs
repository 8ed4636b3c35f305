using HealthGrains.Signals;

namespace HealthGrains.Simulation;

/// <summary>
/// Where an account's life is written down: the events of the day at hand, and those already known to happen on a later day (a
/// ticket's solution, a mail's opening).
/// </summary>
internal sealed class Diary(CompanyAccount account)
{
    /// <summary>Milliseconds of a day.</summary>
    public const long DayLength = 86_400_000;

    private readonly List<SimulatedEvent> _later = [];
    private List<SimulatedEvent> _page = [];
    private long _number;

    /// <summary>Midnight of the day at hand in Unix milliseconds.</summary>
    public long DayStart { get; private set; }

    /// <summary>Opens the page of the last day. What was still to come does not happen: nobody answers for a customer gone.</summary>
    public void OpenLast(int day, List<SimulatedEvent> page)
    {
        _later.Clear();
        Open(day, page);
    }

    /// <summary>Opens the page of a day and moves to it what was known to happen then.</summary>
    public void Open(int day, List<SimulatedEvent> page)
    {
        DayStart = account.Settings.StartMilliseconds + day * DayLength;
        _page = page;
        var kept = 0;
        for (var i = 0; i < _later.Count; i++)
        {
            var later = _later[i];
            if (later.At < DayStart + DayLength) page.Add(later);
            else _later[kept++] = later;
        }
        _later.RemoveRange(kept, _later.Count - kept);
    }

    /// <summary>Writes down an event of today or of a later day. A moment before today is moved to the first of today.</summary>
    public void Add(
        long at, SignalKind kind, string? subject = null, string? name = null, double value = double.NaN, string? text = null,
        int attempt = 0, double before = double.NaN)
    {
        at = Math.Max(at, DayStart);
        var written = new SimulatedEvent(account, ++_number, at, kind, Shape(kind), subject, name, value, text, attempt, before);
        if (at < DayStart + DayLength) _page.Add(written);
        else _later.Add(written);
    }

    /// <summary>Writes down a call that is no signal.</summary>
    public void AddCall(long at, WireFormat format, string subject, string? name = null) =>
        _page.Add(new SimulatedEvent(account, ++_number, Math.Clamp(at, DayStart, DayStart + DayLength - 1), 0, format, subject, name));

    /// <summary>A moment of today within working hours, most likely before or after lunch.</summary>
    public long WorkTime(Rng rng)
    {
        var hour = rng.Chance(0.9) ? 8.25 + 9 * (rng.Unit() + rng.Unit()) / 2 : rng.Between(6.5, 17.8);
        return DayStart + (long)((hour - account.Traits.UtcOffset) * 3_600_000);
    }

    private WireFormat Shape(SignalKind kind) => kind switch
    {
        SignalKind.Login or SignalKind.FeatureUsed or SignalKind.SessionEnded or SignalKind.WorkflowCompleted
            when account.SegmentId is not null => WireFormat.SegmentTrack,
        SignalKind.InvoicePaid or SignalKind.PaymentFailed or SignalKind.PlanChanged or SignalKind.SeatsChanged
            or SignalKind.CancelRequested or SignalKind.SubscriptionCancelled when account.StripeId is not null => WireFormat.Stripe,
        _ => WireFormat.Native,
    };
}
