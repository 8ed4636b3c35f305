using HealthGrains.Decline;
using HealthGrains.Health;

namespace HealthGrains.Accounts;

/// <summary>
/// The uncapped score at the end of each of the last 42 days, and the weekly means of the year before them. A cache: the closes are
/// recomputed from the earliest day that a late signal touched, and a weekly mean is taken only from days that nothing can touch
/// any more, so that both are functions of the calendar.
/// </summary>
internal sealed class Closes
{
    public const int Count = Calendar.OpenDays;
    public const int MaxWeeks = 52;

    private const short None = short.MinValue;
    private const double PerPoint = 100;

    // In hundredths of a point and of coverage, by day modulo 42.
    private readonly short[] _scores = new short[Count];
    private readonly byte[] _coverages = new byte[Count];
    private List<short> _weeks = [];
    private int _cleanTo = int.MinValue;
    private uint _computedUnder;
    private int _week = int.MinValue;
    private int _weekSum, _weekDays;

    /// <summary>Weekly means in hundredths of a point, oldest first; <see cref="short.MinValue"/> for a week not observed.</summary>
    public IReadOnlyList<short> Weeks => _weeks;

    public Closes Clone()
    {
        var copy = new Closes
        {
            _weeks = [.. _weeks], _cleanTo = _cleanTo, _computedUnder = _computedUnder, _week = _week, _weekSum = _weekSum,
            _weekDays = _weekDays,
        };
        _scores.CopyTo(copy._scores, 0);
        _coverages.CopyTo(copy._coverages, 0);
        return copy;
    }

    /// <summary>Brings the closes of the 42 days before the calendar's newest up to date.</summary>
    public void Refresh(AccountState state, in Turn turn)
    {
        var today = state.Calendar.Today;
        Invalidate(state, turn);
        if (_cleanTo >= today) return;
        Span<double> points = stackalloc double[HealthEvaluator.MaxMeasures];
        for (var day = Math.Max(_cleanTo, today - Count); day < today; day++) Set(state, turn, day, points);
        _cleanTo = today;
    }

    private void Invalidate(AccountState state, in Turn turn)
    {
        var under = Under(state, turn);
        if (under != _computedUnder) (_cleanTo, _computedUnder) = (int.MinValue, under);
        if (state.Calendar.TouchedFrom < _cleanTo) _cleanTo = state.Calendar.TouchedFrom;
        state.Calendar.TouchedFrom = int.MaxValue;
    }

    /// <summary>The oldest close is about to leave: it goes into the mean of its week.</summary>
    public void Settle(AccountState state, in Turn turn)
    {
        var day = state.Calendar.Today - Count;
        // The score of an account that was gone for a while is read from the churn's own rows, which leave before it is asked for.
        if (state.Calendar.HasChurned) Refresh(state, turn);
        else Invalidate(state, turn);
        // The others can wait until they are asked for, or leave too: their rows are there till then.
        if (_cleanTo <= day) Set(state, turn, day, stackalloc double[HealthEvaluator.MaxMeasures]);
        var week = (day + 3) / 7;
        if (week != _week)
        {
            if (_week != int.MinValue)
            {
                if (_weeks.Count == MaxWeeks) _weeks.RemoveAt(0);
                _weeks.Add(_weekDays >= 4 ? (short)Math.Round(_weekSum / (double)_weekDays) : None);
            }
            (_week, _weekSum, _weekDays) = (week, 0, 0);
        }
        var score = _scores[Index(day)];
        if (score == None) return;
        _weekSum += score;
        _weekDays++;
    }

    /// <summary>
    /// The 42 closes before a day, oldest first; NaN where not observed, or observed by so much less or more than now that the
    /// difference would
    /// speak of the data rather than of the account.
    /// </summary>
    public void Read(int today, int before, double coverageNow, Span<double> scores)
    {
        const double comparable = 0.15;
        for (var k = 0; k < Count; k++)
        {
            var day = before - Count + k;
            var index = Index(day);
            var observed = day >= today - Count && _scores[index] != None
                && Math.Abs(_coverages[index] / PerPoint - coverageNow) <= comparable;
            scores[k] = observed ? _scores[index] / PerPoint : double.NaN;
        }
    }

    /// <summary>The close of a day within the last 42; NaN when not observed.</summary>
    public double Of(int day) => _scores[Index(day)] is var score && score == None ? double.NaN : score / PerPoint;

    /// <summary>The trend at a moment of the calendar.</summary>
    public Trend Assess(AccountState state, in Turn turn, double scoreNow, double coverageNow, long at)
    {
        Span<double> closes = stackalloc double[Count];
        Read(state.Calendar.Today, Math.Min(Days.Of(at), state.Calendar.Today), coverageNow, closes);
        Span<double> weeks = stackalloc double[MaxWeeks];
        for (var k = 0; k < _weeks.Count; k++) weeks[k] = _weeks[k] == None ? double.NaN : _weeks[k] / PerPoint;
        // Days of the unfinished week lie between the newest weekly mean and the calendar.
        var gap = _week == int.MinValue ? 0 : Math.Clamp(state.Calendar.Today - Count - (_week * 7 - 3), 0, 6);
        return DeclineDetector.Assess(closes, weeks[.._weeks.Count], scoreNow, Days.Fraction(at), turn.Policy.Decline, gap);
    }

    /// <summary>Moves the weekly means by what a new model or profile changes at the closes, so that it is a shift and no slope.</summary>
    public void Rebase(AccountState state, in Turn before, in Turn after, AccountProfile profileAfter)
    {
        Refresh(state, before);
        var old = (short[])_scores.Clone();
        state.Profile = profileAfter;
        Refresh(state, after);
        double shift = 0;
        var days = 0;
        for (var k = 0; k < Count; k++)
        {
            if (old[k] == None || _scores[k] == None) continue;
            shift += _scores[k] - old[k];
            days++;
        }
        if (days == 0) return;
        var mean = (int)Math.Round(shift / days);
        for (var k = 0; k < _weeks.Count; k++)
            if (_weeks[k] != None) _weeks[k] = (short)Math.Clamp(_weeks[k] + mean, -30000, 30000);
        _weekSum += mean * _weekDays;
    }

    /// <summary>Writes the closes that are up to date; the others are computed again when they are next asked for.</summary>
    public void Write(ref Writer writer, Calendar calendar)
    {
        var cleanTo = Math.Min(_cleanTo, calendar.TouchedFrom);
        var oldest = calendar.Today == int.MinValue ? int.MaxValue : calendar.Today - Count;
        if (cleanTo <= oldest) cleanTo = int.MinValue;
        writer.Zigzag(cleanTo);
        writer.UInt32(cleanTo == int.MinValue ? 0 : _computedUnder);
        for (var day = oldest; day < cleanTo; day++)
        {
            writer.Zigzag(_scores[Index(day)]);
            writer.Byte(_coverages[Index(day)]);
        }
        writer.Zigzag(_week);
        writer.Zigzag(_weekSum);
        writer.Varint((ulong)_weekDays);
        writer.Varint((ulong)_weeks.Count);
        foreach (var week in _weeks) writer.Zigzag(week);
    }

    public static Closes Read(ref Reader reader, Calendar calendar)
    {
        var closes = new Closes { _cleanTo = reader.Day(none: int.MinValue), _computedUnder = reader.UInt32() };
        if (closes._cleanTo != int.MinValue && (closes._cleanTo > calendar.Today || closes._cleanTo <= calendar.Today - Count))
            throw Reader.Damaged();
        for (var day = calendar.Today - Count; day < closes._cleanTo; day++)
        {
            closes._scores[Index(day)] = (short)reader.Zigzag();
            closes._coverages[Index(day)] = reader.Byte();
        }
        closes._week = reader.Day(none: int.MinValue);
        closes._weekSum = (int)reader.Zigzag();
        closes._weekDays = (int)reader.Varint(7);
        var weeks = (int)reader.Varint(MaxWeeks);
        for (var k = 0; k < weeks; k++) closes._weeks.Add((short)reader.Zigzag());
        return closes;
    }

    private void Set(AccountState state, in Turn turn, int day, Span<double> points)
    {
        var index = Index(day);
        var end = Days.Start(day + 1);
        if (state.FirstAt >= end)
        {
            (_scores[index], _coverages[index]) = (None, 0);
            return;
        }
        // What happens at midnight belongs to the day that begins, and may come when this one has been closed.
        var score = HealthEvaluator.Evaluate(state, turn, end, end - 1, points);
        var observed = score.Coverage >= turn.Policy.AlertCoverage;
        _scores[index] = observed ? (short)Math.Round(score.Uncapped * PerPoint) : None;
        _coverages[index] = (byte)Math.Round(score.Coverage * PerPoint);
    }

    private static uint Under(AccountState state, in Turn turn)
    {
        var hash = new HashCode64();
        hash.Add(turn.Model.Fingerprint);
        hash.Add(turn.Tenant.Fingerprint);
        hash.Add(state.ProfileFingerprint);
        hash.Add((ulong)BitConverter.DoubleToInt64Bits(turn.Policy.AlertCoverage));
        return hash.ToUInt32();
    }

    private static int Index(int day) => (day % Count + Count) % Count;
}
