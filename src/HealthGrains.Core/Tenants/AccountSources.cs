using HealthGrains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Tenants;

/// <summary>Which of an account's sources is silent, and whether that is the account's own silence or everybody's.</summary>
internal static class AccountSources
{
    public static IReadOnlyList<AccountSourceView> Of(AccountState state, long at, TenantFacts tenant)
    {
        var calendar = state.Calendar;
        Span<DayMask> heard = stackalloc DayMask[SourceTimes.Count];
        SourceRhythm.DaysHeard(calendar, heard);
        var views = new AccountSourceView[SourceTimes.Count];
        for (var source = SignalSource.Usage; source <= SignalSource.Crm; source++)
        {
            var last = calendar.Last[(int)source];
            var quietAt = SourceRhythm.SilentAt(calendar, heard[(int)source], last, tenant.Lost(source));
            views[(int)source] = Of(source, last, quietAt, at, tenant.Pulse.Of(source).Open);
        }
        return views;
    }

    private static AccountSourceView Of(SignalSource source, long last, long quietAt, long at, SourceOutage? open)
    {
        DateTimeOffset? lastAt = last == long.MinValue ? null : Days.Time(last);
        DateTimeOffset? quiet = quietAt == long.MaxValue ? null : Days.Time(quietAt);
        if (open is not null && at >= open.Since)
            return new AccountSourceView(source.WireName(), AccountSourceState.SilentForAll, lastAt, quiet,
                $"silent for all accounts since {SourceWords.Time(open.Since)}: its figures stand as they were");
        if (last == long.MinValue)
            return new AccountSourceView(source.WireName(), AccountSourceState.Never, null, null, "never heard of");
        return quietAt <= at
            ? new AccountSourceView(source.WireName(), AccountSourceState.Quiet, lastAt, quiet,
                "silent for longer than is usual for this account, and not for all accounts")
            : new AccountSourceView(source.WireName(), AccountSourceState.Heard, lastAt, quiet,
                quiet is null ? "heard; too seldom to say what silence is unusual" : "heard as usual");
    }
}
