using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Decline;
using HealthGrains.Health;
using HealthGrains.Measures;
using HealthGrains.Signals;

namespace HealthGrains.Situations;

/// <summary>Everything that facts are read from, taken from the account once.</summary>
internal readonly struct FactSource
{
    public required AccountState State { get; init; }
    public required long At { get; init; }
    public required Observation Observed { get; init; }
    public required Score Score { get; init; }
    public required Band Band { get; init; }
    public required Trend Trend { get; init; }
    public required double Change7Days { get; init; }
    public required double ChurnProbability { get; init; }
    public required UsageEvidence Usage { get; init; }
    public required TenantFacts Tenant { get; init; }

    public AccountProfile Profile => State.Profile;

    public static FactSource Take(AccountState state, in Turn turn)
    {
        state.Advance(turn);
        state.Closes.Refresh(state, turn);
        var now = turn.Now;
        Span<double> points = stackalloc double[HealthEvaluator.MaxMeasures];
        var weekAgo = now - 7 * Days.Millis;
        var before = HealthEvaluator.Evaluate(state, turn, weekAgo, weekAgo, points);
        var score = HealthEvaluator.Evaluate(state, turn, now, now, points);
        var seen = score.Coverage >= turn.Policy.AlertCoverage;
        return new FactSource
        {
            State = state, At = now, Tenant = turn.Tenant, Observed = Observation.Take(state, turn.Tenant, now, now), Score = score,
            Band = turn.Policy.BandOf(score.Value, state.Profile, now),
            Trend = seen ? state.Closes.Assess(state, turn, score.Uncapped, score.Coverage, now) : default,
            Change7Days = before.Coverage >= turn.Policy.AlertCoverage ? score.Value - before.Value : 0,
            ChurnProbability = turn.Model.Risk.At(score.Value),
            Usage = turn.Policy.Usage is { } rule ? UsageEvidence.Of(state.Calendar, rule, turn.Tenant.Lost(SignalSource.Usage)) : default,
        };
    }

    /// <summary>Days from a moment to now; NaN for a moment that is none.</summary>
    public double DaysSince(long at) => at is long.MinValue or long.MaxValue ? double.NaN : (At - at) / (double)Days.Millis;

    /// <summary>
    /// Days since the last signal of any source. A day on which a source that the account was heard from was lost for the whole tenant
    /// is no day of silence; NaN before the first signal.
    /// </summary>
    public double SilentDays()
    {
        if (State.Calendar.LastAt is var last && last == long.MinValue) return double.NaN;
        var days = DaysSince(last);
        // Lost days of two sources are often the same ones: the most of any source is taken.
        var lost = 0.0;
        for (var source = 0; source < SourceTimes.Count; source++)
            if (State.Calendar.Last[source] != long.MinValue) lost = Math.Max(lost, LostSince((SignalSource)source, last));
        return Math.Max(0, days - lost);
    }

    /// <summary>How much of the time since a moment was lost for a source, in days.</summary>
    private double LostSince(SignalSource source, long since)
    {
        var lost = Tenant.Lost(source);
        if (lost.IsEmpty) return 0;
        var days = 0.0;
        for (var day = Days.Of(since); day <= Days.Of(At); day++)
            if (lost.Contains(day)) days += (Math.Min(At, Days.Start(day + 1)) - Math.Max(since, Days.Start(day))) / (double)Days.Millis;
        return days;
    }

    /// <summary>When something of a kind last happened, of what the calendar holds one by one.</summary>
    public long Last(SignalKind kind, uint name = 0) => Last(State.Calendar.Facts.Items, kind, name) is var fact and not long.MinValue
        ? fact : Last(State.Calendar.Events.Items, kind, name);

    /// <summary>The newest event of a kind that carries a number.</summary>
    public Happening? LastValue(SignalKind kind)
    {
        var events = State.Calendar.Events.Items;
        for (var k = events.Length - 1; k >= 0; k--)
            if (events[k].Kind == kind && !float.IsNaN(events[k].Value)) return events[k];
        return null;
    }

    /// <summary>When the last of a role left, and nobody of that role has come since; MinValue while somebody is there.</summary>
    public long Gone(uint role)
    {
        var left = long.MinValue;
        var facts = State.Calendar.Facts.Items;
        for (var k = 0; k < facts.Length; k++)
        {
            ref readonly var item = ref facts[k];
            if (item.Name != role) continue;
            if (item.Kind == SignalKind.ContactLeft && !Standing.IsHeldByAnother(facts[..k], item)) left = item.At;
            else if (item.Kind == SignalKind.ContactJoined) left = long.MinValue;
        }
        return left;
    }

    /// <summary>When the newest ticket or review came whose text is at most so friendly (-100..100).</summary>
    public long LastUnfriendly(sbyte most)
    {
        var events = State.Calendar.Events.Items;
        for (var k = events.Length - 1; k >= 0; k--)
            if (events[k].Sentiment != Signal.NoSentiment && events[k].Sentiment <= most
                && events[k].Kind is SignalKind.TicketOpened or SignalKind.TicketReplied or SignalKind.TicketReopened
                    or SignalKind.ReviewPosted) return events[k].At;
        return long.MinValue;
    }

    /// <summary>The latest reading of a gauge; of any name when none is given, the highest.</summary>
    public double Gauge(SignalKind kind, uint name = 0)
    {
        var value = double.NaN;
        var gauges = State.Calendar.Gauges.Items;
        for (var k = gauges.Length - 1; k >= 0; k--)
        {
            ref readonly var gauge = ref gauges[k];
            if (gauge.Kind != kind || (name != 0 && gauge.Name != name) || float.IsNaN(gauge.Value) || IsSuperseded(gauges, k)) continue;
            value = double.IsNaN(value) ? gauge.Value : Math.Max(value, gauge.Value);
        }
        return value;
    }

    private static bool IsSuperseded(ReadOnlySpan<Gauge> gauges, int k)
    {
        for (var later = k + 1; later < gauges.Length; later++)
            if (gauges[later].Kind == gauges[k].Kind && gauges[later].Name == gauges[k].Name && !float.IsNaN(gauges[later].Value))
                return true;
        return false;
    }

    private static long Last(ReadOnlySpan<Happening> items, SignalKind kind, uint name)
    {
        for (var k = items.Length - 1; k >= 0; k--)
            if (items[k].Kind == kind && (name == 0 || items[k].Name == name)) return items[k].At;
        return long.MinValue;
    }
}
