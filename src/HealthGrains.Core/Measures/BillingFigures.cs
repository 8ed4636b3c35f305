using HealthGrains.Accounts;
using HealthGrains.Signals;

namespace HealthGrains.Measures;

/// <summary>What the payments and plans say at a moment.</summary>
internal struct BillingFigures
{
    private const double Day = Days.Millis;

    /// <summary>
    /// Failed payments: an unpaid one counts whole, a recovered one in part and fading over 42 days, a further attempt less.
    /// </summary>
    public double Failures;
    /// <summary>When the longest unpaid invoice first failed; <see cref="long.MaxValue"/> when nothing is unpaid.</summary>
    public long UnpaidSince;
    /// <summary>Downgrade requests, fading over 42 days.</summary>
    public double Downgrades;
    /// <summary>Plan and seat changes, larger less smaller, fading over 42 days.</summary>
    public double PlanDirection;

    public static BillingFigures Read(Calendar calendar, long at, long known)
    {
        var figures = new BillingFigures { UnpaidSince = long.MaxValue };
        var events = calendar.Events.Items;
        for (var k = 0; k < events.Length && events[k].At <= known; k++)
        {
            ref readonly var item = ref events[k];
            if (item.Kind == SignalKind.DowngradeRequested)
                figures.Downgrades += Observation.Fading((at - item.At) / Day, Calendar.OpenDays);
            if (item.Kind == SignalKind.PaymentFailed) figures.AddFailure(events, k, at, known);
        }
        figures.ReadPlans(calendar, at, known);
        return figures;
    }

    private void AddFailure(ReadOnlySpan<Happening> events, int k, long at, long known)
    {
        ref readonly var failure = ref events[k];
        var weight = 1.0;
        for (var before = 0; before < k; before++)
            if (events[before].Kind == SignalKind.PaymentFailed && events[before].Subject == failure.Subject) weight = 0.4;
        for (var after = k + 1; after < events.Length && events[after].At <= known; after++)
        {
            if (events[after].Kind != SignalKind.InvoicePaid || events[after].Subject != failure.Subject) continue;
            Failures += 0.6 * weight * Observation.Fading((at - failure.At) / Day, Calendar.OpenDays);
            return;
        }
        Failures += weight;
        UnpaidSince = Math.Min(UnpaidSince, failure.At);
    }

    private void ReadPlans(Calendar calendar, long at, long known)
    {
        foreach (ref readonly var item in calendar.Facts.Items)
        {
            if (item.At > known) break;
            if (item.Kind == SignalKind.PlanChanged && !float.IsNaN(item.Value))
                PlanDirection += Math.Sign(item.Value) * Observation.Fading((at - item.At) / Day, Calendar.OpenDays);
        }
        var seats = float.NaN;
        foreach (ref readonly var gauge in calendar.Gauges.Items)
        {
            if (gauge.Kind != SignalKind.SeatsChanged || float.IsNaN(gauge.Value) || gauge.At > known) continue;
            if (!float.IsNaN(seats))
                PlanDirection += Math.Sign(gauge.Value - seats) * Observation.Fading((at - gauge.At) / Day, Calendar.OpenDays);
            seats = gauge.Value;
        }
    }
}
