using HealthGrains.Accounts;
using HealthGrains.Signals;

namespace HealthGrains.Tenants;

/// <summary>A count over all accounts of a tenant: sums, so that their order leaves no trace. Not for several threads.</summary>
/// <param name="now">The host's clock, Unix milliseconds.</param>
public sealed class TenantCount(long now)
{
    private const int FewestUsers = 10;
    private const int PaceParts = 1_000;

    private readonly int _day = Days.Of(now);
    private readonly Source[] _sources = [new(), new(), new(), new(), new()];
    private readonly long[] _usual = new long[AccountPulse.Kept]; // [k]: 1 + k days ago
    private readonly long[] _seen = new long[AccountPulse.Kept];
    private int _accounts;

    /// <summary>Counts an account.</summary>
    public void Add(AccountPulse pulse)
    {
        if (!pulse.IsActive) return;
        _accounts++;
        for (var source = 0; source < _sources.Length; source++)
            _sources[source].Add(pulse.LastAt[source], pulse.SilentAt[source], pulse.HeardOn[source], _day - pulse.Day, now);
        // An account that was not looked at since has nothing to say of the days since.
        for (var k = 0; k < AccountPulse.Kept; k++)
        {
            var ago = k + _day - pulse.Day;
            if (ago is < 0 or >= AccountPulse.Kept) continue;
            _usual[ago] += pulse.Usual[k];
            _seen[ago] += pulse.Seen[k];
        }
    }

    /// <summary>What it comes to: sources that fall silent for all, and those that are back.</summary>
    /// <param name="before">The count before.</param>
    /// <param name="rule">When a source is thought dead; null for never.</param>
    public TenantPulse Close(TenantPulse before, ConnectorRule? rule)
    {
        var sources = new SourcePulse[_sources.Length];
        for (var source = 0; source < sources.Length; source++)
            sources[source] = _sources[source].Close(before.Of((SignalSource)source), rule, _day, now);
        return new TenantPulse(now, _accounts, sources, _day - 1, Pace(before.Pace));
    }

    private short[] Pace(TenantPace before)
    {
        var shares = new short[TenantPace.Kept];
        for (var ago = 0; ago < shares.Length; ago++)
        {
            var isCounted = ago < AccountPulse.Kept && _usual[ago] >= FewestUsers;
            var known = isCounted ? _seen[ago] / (double)_usual[ago] : before.On(_day - 1 - ago);
            shares[^(1 + ago)] = double.IsNaN(known) ? (short)-1 : (short)Math.Round(known * PaceParts);
        }
        return shares;
    }

    /// <summary>The sums of a source.</summary>
    private sealed class Source
    {
        private const long Day = Days.Millis;

        // The days that are not over, or may only just have been told of, are no usual ones.
        private const int Fresh = 2;

        private readonly int[] _heardOn = new int[AccountPulse.Kept]; // [k]: k days ago
        private int _usual, _silent, _heard;
        private long _lastAt = long.MinValue;
        private long _lastOfSilent = long.MinValue;

        public void Add(long lastAt, long silentAt, uint heardOn, int behind, long now)
        {
            if (lastAt == long.MinValue) return;
            _lastAt = Math.Max(_lastAt, lastAt);
            if (lastAt > now - Day) _heard++;
            for (var k = Math.Max(0, -behind); k + behind < AccountPulse.Kept && k < AccountPulse.Kept; k++)
                if ((heardOn & (1u << k)) != 0) _heardOn[k + behind]++;
            if (silentAt == long.MaxValue) return;
            _usual++;
            if (silentAt > now) return;
            _silent++;
            _lastOfSilent = Math.Max(_lastOfSilent, lastAt);
        }

        public SourcePulse Close(SourcePulse before, ConnectorRule? rule, int day, long now)
        {
            var open = before.Open is null ? null : Find(before.Open, rule, day);
            var past = before.Past.Where(outage => outage.LastDay > day - TenantPace.Kept)
                .Select(outage => Find(outage, rule, day)).ToList();
            var number = before.Outages;
            var weekday = Weekday(day, past);
            if (open is null && rule is not null && SilentSince(rule, weekday, now) is { } since)
            {
                open = new SourceOutage
                {
                    Number = ++number, Since = since, FoundAt = now, Accounts = _usual, Silent = _silent,
                    Weekday = (int)Math.Round(weekday),
                    // A day of which half was told is known.
                    FirstDay = Days.Of(since + Day / 2),
                };
            }
            else if (open is not null && (rule is null || _heard >= rule.BackShare * open.Weekday))
            {
                past.Add(open with { EndedAt = now, LastDay = Days.Of(now - Day / 2) });
                open = null;
            }
            return new SourcePulse(
                _usual, _silent, _heard, (int)Math.Round(weekday), _lastAt == long.MinValue ? null : _lastAt, number, open, past);
        }

        /// <summary>Since when the source is silent for all; null when it is not.</summary>
        private long? SilentSince(ConnectorRule rule, double weekday, long now)
        {
            if (_lastAt == long.MinValue) return null;
            var isQuiet = _heard <= rule.HeardShare * weekday;
            if (isQuiet && _usual >= rule.Accounts && _silent >= rule.SilentShare * _usual) return _lastOfSilent;
            var nobody = Days.WeekdaysBetween(_lastAt, now);
            // Two or three customers may all be on leave.
            if (weekday < rule.Accounts / 2.0) return null;
            return nobody >= rule.NobodyWeekdays && nobody * weekday >= rule.NobodyAccounts ? _lastAt : null;
        }

        /// <summary>Accounts heard on a usual weekday.</summary>
        private double Weekday(int day, List<SourceOutage> past)
        {
            double sum = 0, days = 0;
            for (var ago = Fresh; ago < AccountPulse.Kept; ago++)
            {
                if (Days.IsWeekend(day - ago) || past.Any(outage => Lost(outage, day - ago))) continue;
                sum += _heardOn[ago];
                days++;
            }
            return days == 0 ? 0 : sum / days;
        }

        private static bool Lost(SourceOutage outage, int day) =>
            day >= outage.FirstDay && day <= outage.LastDay && !outage.Found.Contains(day);

        // What was kept back while the connection was broken may come in the end, with its own times.
        private SourceOutage Find(SourceOutage outage, ConnectorRule? rule, int day)
        {
            if (rule is null) return outage;
            List<int>? found = null;
            for (var ago = 0; ago < AccountPulse.Kept && day - ago >= outage.FirstDay; ago++)
                if (day - ago <= (outage.LastDay ?? day - 1) && _heardOn[ago] >= rule.FoundShare * outage.Weekday
                    && !outage.Found.Contains(day - ago)) (found ??= []).Add(day - ago);
            return found is null ? outage : outage with { Found = [.. outage.Found.Concat(found).Order()] };
        }
    }
}
