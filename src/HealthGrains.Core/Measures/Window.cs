using HealthGrains.Accounts;
using HealthGrains.Tenants;

namespace HealthGrains.Measures;

/// <summary>
/// Sliding windows over the rows of a calendar: the last n days at a moment are today so far, n - 1 whole days and the rest of the
/// oldest in proportion, so that a sum moves smoothly through midnight. For a day that was lost to the whole tenant the same weekday of
/// the week before stands.
/// </summary>
internal readonly ref struct Window
{
    private readonly Calendar _calendar;
    private readonly int _day;
    private readonly double _oldest; // weight of the oldest day: what of it the window still holds
    private readonly int _knownDay;
    private readonly double _knownShare; // weight of the day that knowledge ends in

    private readonly ReadOnlySpan<Standin> _lost;

    public Window(Calendar calendar, long at, long known, LostDays lost)
    {
        _calendar = calendar;
        _lost = lost.Standins(calendar);
        _day = Days.Of(at);
        _oldest = 1 - Days.Fraction(at);
        _knownDay = Days.Of(known);
        // A day of which the row may hold later signals than are to be known counts in proportion.
        _knownShare = known >= calendar.LastAt ? 1 : Days.Fraction(known);
    }

    public double Sum(DayColumn column, int days)
    {
        ref readonly var counters = ref _calendar.Counters;
        var newest = Math.Min(_day, _knownDay - 1);
        var oldest = _day - days;
        var first = oldest + 1;
        double sum = newest >= first ? counters.Sum(column, Calendar.Slot(first), newest - first + 1) : 0;
        if (_knownDay <= _day && _knownDay >= oldest && _knownShare > 0)
            sum += counters.Get(column, Calendar.Slot(_knownDay)) * (_knownDay == oldest ? _knownShare * _oldest : _knownShare);
        if (oldest < _knownDay) sum += counters.Get(column, Calendar.Slot(oldest)) * _oldest;
        return _lost.IsEmpty ? sum : sum + Filled(column, oldest);
    }

    // What the days that stand for lost ones add, less what little came of the lost ones themselves.
    private double Filled(DayColumn column, int oldest)
    {
        ref readonly var counters = ref _calendar.Counters;
        var sum = 0.0;
        foreach (ref readonly var lost in _lost)
        {
            if (lost.Day < oldest || lost.Day > Math.Min(_day, _knownDay)) continue;
            var held = lost.Day == oldest ? _oldest : lost.Day == _knownDay ? _knownShare : 1;
            // Of today the part that is over.
            var weight = lost.Day == _day ? Math.Min(held, 1 - _oldest) : held;
            sum += weight * counters.Get(column, Calendar.Slot(lost.For)) - held * counters.Get(column, Calendar.Slot(lost.Day));
        }
        return sum;
    }

    /// <summary>Distinct users: in the last week, in the one before, on average in the four before these, and in all six.</summary>
    public (double Week, double WeekBefore, double EarlierWeeks, double SixWeeks) CountUsers(in DaySets users)
    {
        double earlier = 0;
        for (var back = 14; back < 42; back += 7) earlier += Distinct(users, back, 7);
        return (Distinct(users, 0, 7), Distinct(users, 7, 7), earlier / 4, Distinct(users, 0, 42));
    }

    /// <summary>Distinct features: in the last fortnight, and on average in the two before it.</summary>
    public (double Fortnight, double EarlierFortnights) CountFeatures(in DaySets features) =>
        (Distinct(features, 0, 14), (Distinct(features, 14, 14) + Distinct(features, 28, 14)) / 2);

    /// <summary>
    /// How many were seen in the n days that ended so many days back. Who was seen only on a day that the window holds in part
    /// counts in part.
    /// </summary>
    private double Distinct(in DaySets sets, int back, int days)
    {
        var items = sets.Items;
        if (items.IsEmpty) return 0;
        var newest = _day - back;
        var oldest = newest - days;
        // The newest day of a window that ended in the past is held up to the hour; today's row holds nothing later.
        var newestWeight = back == 0 ? 1 : 1 - _oldest;
        var lastWhole = Math.Min(newestWeight < 1 ? newest - 1 : newest, _knownShare < 1 ? _knownDay - 1 : _knownDay);
        var whole = DayMask.Run(Calendar.Slot(oldest + 1), Math.Max(0, lastWhole - oldest));
        var newestEdge = newestWeight < 1 && newest <= _knownDay ? DayMask.Slot(Calendar.Slot(newest)) : default;
        if (newest == _knownDay) newestWeight *= _knownShare;
        var knownEdge = _knownShare < 1 && _knownDay > oldest && (_knownDay < newest || back == 0 && _knownDay == newest)
            ? DayMask.Slot(Calendar.Slot(_knownDay)) : default;
        var oldestEdge = oldest <= _knownDay ? DayMask.Slot(Calendar.Slot(oldest)) : default;
        var oldestWeight = oldest == _knownDay ? _oldest * _knownShare : _oldest;
        // At the end of a day, as at every close, no day is held in part.
        if (oldestWeight == 1) (whole, oldestEdge) = (whole | oldestEdge, default);
        if (newestWeight == 0) newestEdge = default;
        var edges = newestEdge | knownEdge | oldestEdge;
        var all = 0;
        var parts = 0.0;
        foreach (ref readonly var item in items)
        {
            var seen = _lost.IsEmpty ? item.Days : LostDays.Fill(item.Days, _lost);
            var isWhole = seen.Overlaps(whole);
            all += isWhole ? 1 : 0;
            if (isWhole | !seen.Overlaps(edges)) continue;
            var share = 0.0;
            if (seen.Overlaps(newestEdge)) share += newestWeight;
            if (seen.Overlaps(knownEdge)) share += _knownShare;
            if (seen.Overlaps(oldestEdge)) share += oldestWeight;
            parts += Math.Min(1, share);
        }
        return (all + parts) * sets.Scale;
    }

    /// <summary>Weekdays since the end of the last day with a login or a feature used; without one, the calendar's span.</summary>
    public double WeekdaysSinceUse(Calendar calendar, long at, long known)
    {
        var newest = Math.Min(_day, _knownShare > 0 ? _knownDay : _knownDay - 1);
        for (var day = newest; day > _day - Calendar.OpenDays; day--)
        {
            var slot = Calendar.Slot(Told(day));
            if (calendar.Counters.Get(DayColumn.Logins, slot) != 0 || calendar.Counters.Get(DayColumn.FeatureUses, slot) != 0)
                return Days.WeekdaysBetween(Days.Start(day + 1), at);
        }
        return Days.WeekdaysBetween(Days.Start(_day - Calendar.OpenDays), at);
    }

    private int Told(int day)
    {
        foreach (ref readonly var lost in _lost)
            if (lost.Day == day) return lost.For;
        return day;
    }
}
