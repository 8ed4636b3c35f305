using HealthGrains.Signals;

namespace HealthGrains.Accounts;

/// <summary>
/// An account's whole memory of behaviour. Signals of the last <see cref="OpenDays"/> days are taken, in any order, with the same
/// bytes in the end; as many days before them are kept, settled, so that the score of every open day can be computed with a full
/// window of history behind it (docs/decisions/0001-eighty-five-rows.md).
/// </summary>
public sealed class Calendar
{
    /// <summary>Days in which a signal still counts: older ones are late.</summary>
    public const int OpenDays = 42;

    /// <summary>
    /// Days kept: today, the 42 before it (the open days end within the last of these), and as many settled ones behind that one.
    /// </summary>
    public const int Rows = 85;

    /// <summary>Users told apart exactly; above it a sketch.</summary>
    public const int MaxUsers = 128;

    /// <summary>Features told apart exactly; above it a sketch.</summary>
    public const int MaxFeatures = 64;

    /// <summary>Tickets, payments, meetings, answers remembered one by one.</summary>
    public const int MaxEvents = 512;

    /// <summary>Contacts, milestones, integrations and plans remembered one by one.</summary>
    public const int MaxFacts = 256;

    /// <summary>Readings of seats and limits remembered, one a day and gauge.</summary>
    public const int MaxGauges = 256;

    internal DayCounters Counters;
    internal DaySets Users = new();
    internal DaySets Features = new();
    internal Happenings Events = new();
    internal Happenings Facts = new();
    internal Gauges Gauges = new();
    internal SourceTimes First = SourceTimes.None(long.MaxValue);
    internal SourceTimes Last = SourceTimes.None(long.MinValue);

    /// <summary>The newest day of the ring; <see cref="int.MinValue"/> before the first turn.</summary>
    internal int Today = int.MinValue;

    /// <summary>The earliest day that a signal touched since the closes were computed; <see cref="int.MaxValue"/> when none did.</summary>
    internal int TouchedFrom = int.MaxValue;

    /// <summary>
    /// When the account churned; <see cref="long.MinValue"/> while it is a customer. The ring goes on for as long as a signal from
    /// before the churn may still come, so that it does not matter when the churn itself is heard of; then it stands still.
    /// </summary>
    internal long ChurnedAt = long.MinValue;

    /// <summary>Whether it ever churned, back or not.</summary>
    internal bool HasChurned;

    /// <summary>When it had churned, by what was known at a moment; <see cref="long.MinValue"/> when it had not.</summary>
    internal long ChurnedBy(long known) => HasChurned ? Standing.ChurnedAt(Facts.Items, known) : long.MinValue;

    /// <summary>Signals taken that lie within the calendar.</summary>
    public long Taken { get; internal set; }

    /// <summary>Signals that were older than the calendar and changed nothing here.</summary>
    public long Late { get; internal set; }

    /// <summary>Whether a ticket carries its priority, which the first two formats have no place for.</summary>
    internal bool HasPriorities
    {
        get
        {
            foreach (ref readonly var item in Events.Items)
                if (item.Kind == SignalKind.TicketOpened && !float.IsNaN(item.Value)) return true;
            return false;
        }
    }

    /// <summary>Whether happenings gave way to a limit.</summary>
    public bool HasDropped => Events.HasDropped || Facts.HasDropped;

    /// <summary>Event time of the newest signal; <see cref="long.MinValue"/> before the first.</summary>
    public long LastAt
    {
        get
        {
            var last = long.MinValue;
            for (var source = 0; source < SourceTimes.Count; source++) last = Math.Max(last, Last[source]);
            return last;
        }
    }

    internal Calendar Clone() => new()
    {
        Counters = Counters.Clone(),
        Users = Users.Clone(),
        Features = Features.Clone(),
        Events = Events.Clone(),
        Facts = Facts.Clone(),
        Gauges = Gauges.Clone(),
        First = First,
        Last = Last,
        Today = Today,
        TouchedFrom = TouchedFrom,
        ChurnedAt = ChurnedAt,
        HasChurned = HasChurned,
        Taken = Taken,
        Late = Late,
    };

    /// <summary>Moves the ring on to a day: rows that leave it are forgotten, standing facts stay.</summary>
    /// <remarks>One step a day: <see cref="AccountState"/> settles closes between steps.</remarks>
    internal void Advance(int day)
    {
        if (day <= Today) return;
        if (Today != int.MinValue)
        {
            var steps = Math.Min(day - (long)Today, Rows);
            var left = default(DayMask);
            for (var k = 0; k < steps; k++)
            {
                var slot = Slot(day - k);
                Counters.Clear(slot);
                left |= DayMask.Slot(slot);
            }
            Users.Forget(left, MaxUsers);
            Features.Forget(left, MaxFeatures);
            var before = (uint)Math.Clamp(Days.Start(day - Rows + 1) / 1000, 0, uint.MaxValue);
            Events.Expire(before, Standing.KeepsEvent);
            Facts.Expire(before, Standing.KeepsFact);
            Gauges.Expire(day - Rows + 1);
        }
        Today = day;
    }

    /// <summary>Asks for the fields that most signals touch.</summary>
    internal void WarmFields()
    {
        Prefetch.Line(ref Counters);
        Prefetch.Line(ref Users);
        Prefetch.Line(ref Features);
        Prefetch.Line(ref First);
        Prefetch.Line(ref Last);
        Prefetch.Line(ref Today);
    }

    /// <summary>Asks for the rows that most signals touch.</summary>
    internal void WarmRows()
    {
        Counters.Warm(Slot(Today));
        Users.Warm();
        Features.Warm();
    }

    /// <summary>Whether something that happened then is older than a calendar at that moment; both Unix milliseconds.</summary>
    public static bool IsLate(long at, long now) => at < now - OpenDays * Days.Millis;

    /// <summary>Takes a signal; false when it is late. A time ahead of the clock counts as now.</summary>
    internal bool Take(in Signal signal, long now)
    {
        var at = Math.Min(signal.At, now);
        var day = Days.Of(at);
        if (IsLate(at, now) || day <= Today - Rows)
        {
            Late++;
            return false;
        }
        Taken++;
        // Once the ring of a churned account stands still, what happens after its last day is counted, and only a fact (it may be
        // the renewal that brings the account back) is remembered.
        if (day > Today && !IsFact(signal.Kind)) return true;
        var source = (int)signal.Kind.Source();
        if (at < First[source]) First[source] = at;
        if (at > Last[source]) Last[source] = at;
        if (day < TouchedFrom) TouchedFrom = day;
        var slot = Slot(day);
        switch (signal.Kind)
        {
            case SignalKind.Login:
                Counters.Add(DayColumn.Logins, slot, 1);
                MarkUser(signal.Subject, slot);
                break;
            case SignalKind.FeatureUsed:
                Counters.Add(DayColumn.FeatureUses, slot, Times(signal));
                if (signal.Name != 0) Features.Mark(signal.Name, DayMask.Slot(slot), MaxFeatures);
                MarkUser(signal.Subject, slot);
                break;
            case SignalKind.SessionEnded:
                Counters.Add(DayColumn.Sessions, slot, 1);
                Counters.Add(DayColumn.Minutes, slot, Times(signal));
                MarkUser(signal.Subject, slot);
                break;
            case SignalKind.WorkflowCompleted:
                Counters.Add(DayColumn.Workflows, slot, Times(signal));
                MarkUser(signal.Subject, slot);
                break;
            case SignalKind.EmailSent:
                Counters.Add(DayColumn.EmailsSent, slot, 1);
                break;
            case SignalKind.EmailOpened:
                Counters.Add(DayColumn.EmailsOpened, slot, 1);
                break;
            case SignalKind.SeatsInUse or SignalKind.LimitUsed or SignalKind.SeatsChanged:
                Gauges.Put(Gauge.Of(signal, at), MaxGauges);
                break;
            case var kind when IsFact(kind):
                Facts.Add(Happening.Of(signal, at), MaxFacts);
                if (signal.Kind is SignalKind.SubscriptionCancelled or SignalKind.DealClosed or SignalKind.Renewed or SignalKind.Churned)
                {
                    ChurnedAt = Standing.ChurnedAt(Facts.Items);
                    HasChurned |= signal.Kind is SignalKind.SubscriptionCancelled or SignalKind.Churned;
                }
                break;
            default:
                Events.Add(Happening.Of(signal, at), MaxEvents);
                break;
        }
        return true;
    }

    private static bool IsFact(SignalKind kind) => kind is
        SignalKind.IntegrationConnected or SignalKind.IntegrationRemoved or SignalKind.PlanChanged or SignalKind.SeatsChanged
        or SignalKind.SeatsInUse or SignalKind.LimitUsed or SignalKind.CancelRequested or SignalKind.SubscriptionCancelled
        or SignalKind.ContactJoined or SignalKind.ContactLeft or SignalKind.MilestoneReached or SignalKind.DealClosed
        or SignalKind.Renewed or SignalKind.Churned;

    internal static int Slot(int day)
    {
        var slot = day % Rows;
        return slot < 0 ? slot + Rows : slot;
    }

    private void MarkUser(ulong subject, int slot)
    {
        if (subject != 0) Users.Mark(Happening.Fold(subject), DayMask.Slot(slot), MaxUsers);
    }

    // Integers, so that sums do not depend on the order of arrival.
    private static uint Times(in Signal signal) =>
        !signal.HasValue ? 1u : (uint)Math.Clamp(Math.Round((double)signal.Value), 0, uint.MaxValue);
}

/// <summary>A time for each source.</summary>
internal struct SourceTimes
{
    public const int Count = 5;

    private Five _times;

    public long this[int source]
    {
        readonly get => _times[source];
        set => _times[source] = value;
    }

    public static SourceTimes None(long none)
    {
        var times = default(SourceTimes);
        for (var source = 0; source < Count; source++) times._times[source] = none;
        return times;
    }

    [System.Runtime.CompilerServices.InlineArray(Count)]
    private struct Five
    {
        private long _first;
    }
}
