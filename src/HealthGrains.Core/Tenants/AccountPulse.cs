using System.Buffers;
using System.Numerics;
using HealthGrains.Accounts;

namespace HealthGrains.Tenants;

/// <summary>
/// What an account says about its tenant as a whole: when each source was last heard and how long it may be silent, on which days, and
/// how many of its usual users were seen on each. About 100 bytes when stored. An object may be used again.
/// </summary>
public sealed class AccountPulse
{
    /// <summary>How many days back it tells of: longer than a backlog takes to come.</summary>
    public const int Kept = 28;

    private const byte Format = 1;
    private const long Hour = 3_600_000;

    // Who is usual on a day was seen on so many of so many days before it.
    private const int UsualWithin = 28;
    private const int UsualDays = 2;

    internal readonly long[] LastAt = new long[SourceTimes.Count];
    internal readonly long[] SilentAt = new long[SourceTimes.Count];
    internal readonly uint[] HeardOn = new uint[SourceTimes.Count]; // bit k: k days before Day
    internal readonly int[] Usual = new int[Kept]; // [k]: 1 + k days before Day
    internal readonly int[] Seen = new int[Kept];

    /// <summary>The day it is of; that day itself is not over.</summary>
    internal int Day { get; private set; }

    /// <summary>Whether it is a customer.</summary>
    internal bool IsActive { get; private set; }

    /// <summary>Takes it from an account. Changes nothing there.</summary>
    public void Take(AccountState state, TenantFacts tenant, long now)
    {
        var calendar = state.Calendar;
        Day = Days.Of(now);
        IsActive = calendar.ChurnedAt == long.MinValue;
        Span<DayMask> heard = stackalloc DayMask[SourceTimes.Count];
        SourceRhythm.DaysHeard(calendar, heard);
        for (var source = 0; source < SourceTimes.Count; source++)
        {
            LastAt[source] = calendar.Last[source];
            SilentAt[source] = SourceRhythm.SilentAt(calendar, heard[source], LastAt[source], tenant.Lost((Signals.SignalSource)source));
            HeardOn[source] = 0;
            for (var k = 0; k < Kept; k++)
                if (IsInRing(calendar, Day - k) && heard[source].Overlaps(DayMask.Slot(Calendar.Slot(Day - k)))) HeardOn[source] |= 1u << k;
        }
        TakeUsers(calendar);
    }

    /// <summary>Writes the stored form.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        var writer = new Writer(output);
        writer.Byte(Format);
        writer.Byte(IsActive ? (byte)1 : (byte)0);
        writer.Zigzag(Day);
        for (var source = 0; source < SourceTimes.Count; source++)
        {
            writer.Varint(HeardOn[source]);
            writer.Zigzag(LastAt[source] == long.MinValue ? -1 : LastAt[source]);
            if (LastAt[source] != long.MinValue)
                writer.Varint(SilentAt[source] == long.MaxValue ? 0 : (ulong)((SilentAt[source] - LastAt[source]) / Hour) + 1);
        }
        for (var k = 0; k < Kept; k++)
        {
            writer.Varint((ulong)Usual[k]);
            if (Usual[k] > 0) writer.Varint((ulong)Seen[k]);
        }
        writer.Flush();
    }

    /// <summary>Reads what <see cref="Write"/> wrote. Throws <see cref="InvalidDataException"/> for anything else.</summary>
    public void Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new Reader(bytes);
        if (reader.Byte() is var format && format != Format)
            throw new InvalidDataException($"the stored pulse of an account has format {format}; this build reads {Format}");
        IsActive = reader.Byte() != 0;
        Day = reader.Day(none: 0);
        for (var source = 0; source < SourceTimes.Count; source++)
        {
            HeardOn[source] = (uint)reader.Varint((1ul << Kept) - 1);
            LastAt[source] = reader.Moment(none: -1) is var last && last == -1 ? long.MinValue : last;
            SilentAt[source] = long.MaxValue;
            if (LastAt[source] != long.MinValue && reader.Varint(24 * 366) is var hours && hours > 0)
                SilentAt[source] = LastAt[source] + (long)(hours - 1) * Hour;
        }
        for (var k = 0; k < Kept; k++)
        {
            Usual[k] = (int)reader.Varint(int.MaxValue);
            Seen[k] = Usual[k] > 0 ? (int)reader.Varint((ulong)Usual[k]) : 0;
        }
        if (!reader.IsAtEnd) throw Reader.Damaged();
    }

    private void TakeUsers(Calendar calendar)
    {
        Array.Clear(Usual);
        Array.Clear(Seen);
        if (calendar.Today == int.MinValue) return;
        var users = calendar.Users.Items;
        for (var k = 0; k < Kept && !users.IsEmpty; k++)
        {
            var day = Day - 1 - k;
            var (first, last) = (Math.Max(day - UsualWithin, calendar.Today - Calendar.Rows + 1), Math.Min(day - 1, calendar.Today));
            if (last < first) continue;
            var before = DayMask.Run(Calendar.Slot(first), last - first + 1);
            var itself = IsInRing(calendar, day) ? DayMask.Slot(Calendar.Slot(day)) : default;
            var (usual, seen) = (0, 0);
            foreach (ref readonly var user in users)
            {
                var days = user.Days & before;
                if (BitOperations.PopCount(days.Low) + BitOperations.PopCount(days.High) < UsualDays) continue;
                usual++;
                if (user.Days.Overlaps(itself)) seen++;
            }
            (Usual[k], Seen[k]) = (Scaled(usual), Scaled(seen));
        }

        int Scaled(int count) => (int)Math.Round(count * calendar.Users.Scale);
    }

    private static bool IsInRing(Calendar calendar, int day) => day <= calendar.Today && day > calendar.Today - Calendar.Rows;
}
