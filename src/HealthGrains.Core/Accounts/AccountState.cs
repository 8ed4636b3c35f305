using System.Buffers;
using HealthGrains.Alerts;
using HealthGrains.Signals;

namespace HealthGrains.Accounts;

/// <summary>Everything an account actor remembers.</summary>
public sealed class AccountState
{
    private const byte FormatVersion = 3;

    private AccountProfile _profile;

    /// <summary>Where it lies in memory.</summary>
    internal ref readonly AccountProfile Place => ref _profile;

    /// <summary>A new account.</summary>
    public AccountState(AccountProfile profile)
    {
        _profile = profile;
        ProfileFingerprint = Fingerprint(profile);
    }

    /// <summary>Who it is. Stored beside the state, not in it.</summary>
    public AccountProfile Profile
    {
        get => _profile;
        internal set
        {
            _profile = value;
            ProfileFingerprint = Fingerprint(value);
        }
    }

    /// <summary>Grows by one with every signal taken and every turn that changed something.</summary>
    public long Version => Calendar.Taken + Calendar.Late + Changes;

    /// <summary>The memory of behaviour.</summary>
    public Calendar Calendar { get; private init; } = new();

    internal Closes Closes { get; private init; } = new();

    /// <summary>The risk episode that is not over, or that was resolved by hand and waits for the account to recover.</summary>
    internal RiskEpisode? Episode { get; set; }

    /// <summary>How many risk episodes the account has had: their number in alert ids.</summary>
    internal int Episodes { get; set; }

    /// <summary>The last day whose close has left as an effect; <see cref="int.MinValue"/> before the first.</summary>
    internal int LastClosedDay { get; set; } = int.MinValue;

    /// <summary>Turns other than signals that changed something.</summary>
    internal long Changes { get; set; }

    /// <summary>What of the profile enters the score, hashed.</summary>
    internal uint ProfileFingerprint { get; private set; }

    /// <summary>Event time of the first signal; <see cref="long.MaxValue"/> before it.</summary>
    internal long FirstAt
    {
        get
        {
            var first = long.MaxValue;
            for (var source = 0; source < SourceTimes.Count; source++) first = Math.Min(first, Calendar.First[source]);
            return first;
        }
    }

    /// <summary>
    /// Moves the calendar on to now, a day at a time, so that closes settle in order. After a churn it stands still once all signals
    /// from before it have come or are late.
    /// </summary>
    internal void Advance(in Turn turn)
    {
        var day = Days.Of(turn.Now);
        if (Calendar.ChurnedAt != long.MinValue) day = Math.Min(day, Days.Of(Calendar.ChurnedAt) + Calendar.OpenDays);
        if (day <= Calendar.Today) return;
        // Before the first signal there is nothing to settle day by day.
        if (Calendar.Today == int.MinValue || FirstAt == long.MaxValue) Calendar.Advance(day);
        while (Calendar.Today < day)
        {
            Closes.Settle(this, turn);
            Calendar.Advance(Calendar.Today + 1);
        }
    }

    /// <summary>
    /// Writes the canonical form: the same behaviour, decided at the same time, gives the same bytes in whatever order it
    /// arrived.
    /// </summary>
    public void Write(IBufferWriter<byte> output)
    {
        var writer = new Writer(output);
        // A build that knows the first format alone can read all but the few that need more, so that both can run side by side.
        var version = Calendar.HasPriorities ? FormatVersion : Episode is { IsExtended: true } ? (byte)2 : (byte)1;
        writer.Byte(version);
        CalendarFormat.Write(ref writer, Calendar);
        Closes.Write(ref writer, Calendar);
        writer.Varint((ulong)Changes);
        writer.Varint((ulong)Episodes);
        writer.Zigzag(LastClosedDay);
        RiskEpisode.Write(ref writer, Episode, isExtended: version > 1);
        writer.Flush();
    }

    /// <summary>Writes the canonical form of the calendar alone, without anything decided or derived.</summary>
    public void WriteCalendar(IBufferWriter<byte> output)
    {
        var writer = new Writer(output);
        CalendarFormat.Write(ref writer, Calendar);
        writer.Flush();
    }

    /// <summary>Reads what <see cref="Write"/> wrote. Throws <see cref="InvalidDataException"/> for anything else.</summary>
    public static AccountState Read(ReadOnlySpan<byte> bytes, AccountProfile profile)
    {
        try
        {
            return ReadWhole(bytes, profile);
        }
        catch (ArgumentOutOfRangeException)
        {
            // A number that is no time.
            throw Reader.Damaged();
        }
    }

    private static AccountState ReadWhole(ReadOnlySpan<byte> bytes, AccountProfile profile)
    {
        var reader = new Reader(bytes);
        var version = reader.Byte();
        if (version is < 1 or > FormatVersion)
            throw new InvalidDataException($"the stored state of an account has format {version}; this build reads 1 to {FormatVersion}");
        var calendar = CalendarFormat.Read(ref reader);
        var state = new AccountState(profile) { Calendar = calendar, Closes = Closes.Read(ref reader, calendar) };
        state.Changes = (long)reader.Varint(long.MaxValue);
        state.Episodes = (int)reader.Varint(int.MaxValue);
        state.LastClosedDay = reader.Day(none: int.MinValue);
        state.Episode = RiskEpisode.Read(ref reader, version > 1);
        if (!reader.IsAtEnd || (state.Episode is { } episode && !IsSound(episode))) throw Reader.Damaged();
        return state;
    }

    /// <summary>A copy that shares nothing with this state but immutable parts; a memory copy, cheap enough for every reader.</summary>
    public AccountState Clone() => new(Profile)
    {
        Calendar = Calendar.Clone(),
        Closes = Closes.Clone(),
        Episode = Episode,
        Episodes = Episodes,
        LastClosedDay = LastClosedDay,
        Changes = Changes,
    };

    private static bool IsSound(RiskEpisode episode) =>
        double.IsFinite(episode.Score) && Reader.IsMoment(episode.RaisedAt) && Reader.IsMoment(episode.Since)
        && Reader.IsMoment(episode.EscalatedAt ?? 0) && Reader.IsMoment(episode.AcknowledgedAt ?? 0)
        && Reader.IsMoment(episode.ResolvedAt ?? 0) && Reader.IsMoment(episode.SnoozedUntil ?? 0)
        && Reader.IsMoment(episode.CalmSince ?? 0);

    private static uint Fingerprint(AccountProfile profile)
    {
        var hash = new HashCode64();
        hash.Add((ulong)(profile.Seats ?? -1));
        hash.Add((ulong)(profile.StartedAt?.ToUnixTimeMilliseconds() ?? long.MinValue));
        hash.Add(profile.Segment is null ? 0 : NameId.Of(profile.Segment));
        return hash.ToUInt32();
    }
}
