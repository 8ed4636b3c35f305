using HealthGrains.Accounts;
using HealthGrains.Signals;
using HealthGrains.Tenants;

namespace HealthGrains.Hosting;

/// <summary>How a source does over all accounts.</summary>
public enum SourceState : byte
{
    /// <summary>Too few accounts usually send from it to say.</summary>
    Unknown,
    /// <summary>It is heard, or not silent for longer than is usual: on a weekend there may be nothing to hear.</summary>
    Flowing,
    /// <summary>It is silent for all accounts: its connection is thought dead.</summary>
    Silent,
}

/// <summary>The alert about a source that is silent for all accounts; one a silence.</summary>
/// <param name="Id">Stable, such as <c>tenant:usage:1</c>.</param>
/// <param name="Since">When the last was heard before it.</param>
/// <param name="RaisedAt">When it was found.</param>
/// <param name="EndedAt">When it was over; null while it is not.</param>
/// <param name="Reason">What was found, in words.</param>
/// <param name="SuggestedApproach">What to do about it.</param>
/// <param name="LostDays">The days of it that count as not known, so far.</param>
public sealed record SourceAlertView(
    string Id, DateTimeOffset Since, DateTimeOffset RaisedAt, DateTimeOffset? EndedAt, string Reason, string SuggestedApproach,
    int LostDays);

/// <summary>A source over all accounts.</summary>
/// <param name="Source">usage, ticket, billing, engagement or crm.</param>
/// <param name="State">How it does.</param>
/// <param name="Accounts">Accounts that usually send from it.</param>
/// <param name="Silent">How many of them have been silent for longer than is usual for them.</param>
/// <param name="SilentShare">The same as a share 0..1; null without any that usually send.</param>
/// <param name="Heard">Accounts heard in the last 24 hours, whether they usually send or not.</param>
/// <param name="Weekday">Accounts heard on a usual weekday.</param>
/// <param name="LastAt">When any account was last heard; null for never.</param>
/// <param name="Alert">The silence of all that is not over.</param>
/// <param name="Past">Those of the last 90 days that are over, the latest last.</param>
public sealed record SourceView(
    string Source, SourceState State, int Accounts, int Silent, double? SilentShare, int Heard, int Weekday, DateTimeOffset? LastAt,
    SourceAlertView? Alert, IReadOnlyList<SourceAlertView> Past)
{
    /// <summary>A source, as it was last counted.</summary>
    public static SourceView Of(TenantPulse pulse, SignalSource source)
    {
        var one = pulse.Of(source);
        var state = one.Open is not null ? SourceState.Silent : one.Usual > 0 || one.Heard > 0 ? SourceState.Flowing : SourceState.Unknown;
        return new SourceView(
            source.WireName(), state, one.Usual, one.Silent, one.Usual > 0 ? one.Silent / (double)one.Usual : null, one.Heard, one.Weekday,
            one.LastAt is { } last ? Days.Time(last) : null, one.Open is { } open ? AlertOf(pulse, source, open) : null,
            [.. one.Past.Select(outage => AlertOf(pulse, source, outage))]);
    }

    private static SourceAlertView AlertOf(TenantPulse pulse, SignalSource source, SourceOutage outage)
    {
        var last = outage.LastDay ?? Days.Of(pulse.CountedAt);
        return new SourceAlertView(
            $"tenant:{source.WireName()}:{outage.Number}", Days.Time(outage.Since), Days.Time(outage.FoundAt),
            outage.EndedAt is { } ended ? Days.Time(ended) : null, SourceWords.Silent(source, outage), SourceWords.Approach,
            Math.Max(0, last - outage.FirstDay + 1 - outage.Found.Count(day => day <= last)));
    }
}

/// <summary>The share of the usual users who were seen on a day.</summary>
/// <param name="Day">The UTC day.</param>
/// <param name="Share">0..1 of them.</param>
/// <param name="Against">The same against the usual share of its weekday: 1 as usual or not known, less for a holiday.</param>
public sealed record PaceView(DateOnly Day, double Share, double Against);

/// <summary>The sources of a tenant.</summary>
/// <param name="AsOf">When they were counted; null before the first count.</param>
/// <param name="Accounts">How many customers were counted.</param>
/// <param name="Items">The sources.</param>
/// <param name="Pace">How much all accounts used the product, oldest day first, days that are known.</param>
public sealed record SourcesView(
    DateTimeOffset? AsOf, int Accounts, IReadOnlyList<SourceView> Items, IReadOnlyList<PaceView> Pace)
{
    /// <summary>As they were last counted.</summary>
    public static SourcesView Of(TenantPulse pulse)
    {
        var pace = new List<PaceView>();
        for (var day = pulse.Pace.LastDay - TenantPace.Kept + 1; day <= pulse.Pace.LastDay; day++)
            if (pulse.Pace.On(day) is var share && !double.IsNaN(share))
                pace.Add(new PaceView(Days.Date(day), share, pulse.Pace.Against(day)));
        return new SourcesView(
            pulse.CountedAt == 0 ? null : Days.Time(pulse.CountedAt), pulse.Accounts,
            [.. Enum.GetValues<SignalSource>().Select(source => SourceView.Of(pulse, source))], pace);
    }

    /// <summary>A sentence for each source that is silent for all accounts, for operators.</summary>
    public static IReadOnlyList<string> Degraded(TenantPulse pulse) =>
    [
        .. Enum.GetValues<SignalSource>().Select(source => (Source: source, pulse.Of(source).Open))
            .Where(one => one.Open is not null).Select(one => SourceWords.Silent(one.Source, one.Open!)),
    ];
}

/// <summary>How an account's own source does.</summary>
public enum AccountSourceState : byte
{
    /// <summary>Never heard of.</summary>
    Never,
    /// <summary>Heard, or not silent for longer than is usual.</summary>
    Heard,
    /// <summary>Silent for longer than is usual for this account, while others are heard.</summary>
    Quiet,
    /// <summary>Silent for all accounts.</summary>
    SilentForAll,
}

/// <summary>A source of one account.</summary>
/// <param name="Source">usage, ticket, billing, engagement or crm.</param>
/// <param name="State">How it does.</param>
/// <param name="LastAt">When it was last heard; null for never.</param>
/// <param name="QuietAt">From when on its silence is longer than is usual for this account; null when it does not usually send.</param>
/// <param name="Note">The same in words.</param>
public sealed record AccountSourceView(
    string Source, AccountSourceState State, DateTimeOffset? LastAt, DateTimeOffset? QuietAt, string Note);
