using System.Text.Json.Serialization;
using HealthGrains.Accounts;
using HealthGrains.Signals;

namespace HealthGrains.Tenants;

/// <summary>A time in which nothing of a source came for the whole tenant.</summary>
public sealed record SourceOutage
{
    /// <summary>Counts the outages of the source from 1.</summary>
    public required int Number { get; init; }
    /// <summary>When the last was heard before it, Unix milliseconds.</summary>
    public required long Since { get; init; }
    /// <summary>When it was found, and told.</summary>
    public required long FoundAt { get; init; }
    /// <summary>When it was over; null while it is not.</summary>
    public long? EndedAt { get; init; }
    /// <summary>How many accounts were heard on a usual weekday before.</summary>
    public required int Weekday { get; init; }
    /// <summary>How many accounts usually sent from the source then ...</summary>
    public required int Accounts { get; init; }
    /// <summary>... and how many of them had been silent for longer than is usual for them.</summary>
    public required int Silent { get; init; }
    /// <summary>The first day that counts as lost.</summary>
    public required int FirstDay { get; init; }
    /// <summary>The last one, once it is over; before <see cref="FirstDay"/> when no whole day was lost.</summary>
    public int? LastDay { get; init; }
    /// <summary>Days of these that are known after all, since what was missing was sent later.</summary>
    public IReadOnlyList<int> Found { get; init; } = [];
}

/// <summary>How a source does over all accounts of a tenant.</summary>
/// <param name="Usual">Accounts that usually send from it: whose own rhythm says what silence is unusual.</param>
/// <param name="Silent">How many of them have been silent for longer than is usual for them.</param>
/// <param name="Heard">Accounts heard in the last 24 hours, whether they usually send or not.</param>
/// <param name="Weekday">Accounts heard on a usual weekday: the mean of the last four weeks.</param>
/// <param name="LastAt">When the last account was heard, Unix milliseconds; null for never.</param>
/// <param name="Outages">How many outages there have been.</param>
/// <param name="Open">The one that is not over.</param>
/// <param name="Past">Those of the last 90 days that are over, the latest last.</param>
public sealed record SourcePulse(
    int Usual, int Silent, int Heard, int Weekday, long? LastAt, int Outages, SourceOutage? Open, IReadOnlyList<SourceOutage> Past)
{
    /// <summary>Nothing is known.</summary>
    public static SourcePulse Unknown { get; } = new(0, 0, 0, 0, null, 0, null, []);
}

/// <summary>
/// What was last counted over all accounts of a tenant. An input to turns as time is: who counts it stores it, and a replay goes by what
/// was stored. Immutable.
/// </summary>
/// <param name="CountedAt">When, Unix milliseconds; 0 for never.</param>
/// <param name="Accounts">How many customers were counted.</param>
/// <param name="Sources">By source, in the order of <see cref="SignalSource"/>.</param>
/// <param name="PaceDay">The last day of the pace.</param>
/// <param name="PaceShares">The pace, see <see cref="TenantPace.Thousandths"/>.</param>
public sealed record TenantPulse(
    long CountedAt, int Accounts, IReadOnlyList<SourcePulse> Sources, int PaceDay, IReadOnlyList<short> PaceShares)
{
    /// <summary>How often it is counted at least.</summary>
    public const long Every = 3_600_000;

    private TenantPace? _pace;

    /// <summary>Nothing was counted yet.</summary>
    public static TenantPulse Unknown { get; } = new(0, 0, [], 0, []);

    /// <summary>How many of the tenant's usual users were seen on each day.</summary>
    [JsonIgnore]
    public TenantPace Pace => _pace ??= TenantPace.Of(PaceDay, PaceShares);

    /// <summary>How a source does.</summary>
    public SourcePulse Of(SignalSource source) => (int)source < Sources.Count ? Sources[(int)source] : SourcePulse.Unknown;

    /// <summary>
    /// When it is next to be counted: an hour after, and so within the first hour of each day, before what days end is decided upon.
    /// </summary>
    [JsonIgnore]
    public long DueAt => CountedAt == 0 ? 0 : Math.Min(CountedAt + Every, Days.Start(Days.Of(CountedAt) + 1));

    /// <summary>The days on which nothing of a source was told.</summary>
    public LostDays Lost(SignalSource source)
    {
        var pulse = Of(source);
        if (pulse.Open is null && pulse.Past.Count == 0) return LostDays.None;
        var days = new List<int>();
        foreach (var outage in pulse.Past)
            for (var day = outage.FirstDay; day <= outage.LastDay; day++)
                if (!outage.Found.Contains(day)) days.Add(day);
        if (pulse.Open is not { } open) return LostDays.Of(days);
        // Of one that is not over all is lost that was not found, and what comes.
        var openFrom = open.Found.Count == 0 ? open.FirstDay : open.Found[^1] + 1;
        for (var day = open.FirstDay; day < openFrom; day++)
            if (!open.Found.Contains(day)) days.Add(day);
        return LostDays.Of(days, openFrom);
    }
}
