using HealthGrains.Signals;

namespace HealthGrains.Accounts;

/// <summary>The canonical bytes of a calendar: the same behaviour gives the same bytes, whatever the order of arrival.</summary>
internal static class CalendarFormat
{
    private const byte HasSubject = 1, HasName = 2, HasInteger = 4, HasFloat = 8, HasSentiment = 16;

    public static void Write(ref Writer writer, Calendar calendar)
    {
        writer.Zigzag(calendar.Today);
        writer.Zigzag(calendar.ChurnedAt);
        writer.Byte(calendar.HasChurned ? (byte)1 : (byte)0);
        writer.Varint((ulong)calendar.Taken);
        writer.Varint((ulong)calendar.Late);
        for (var source = 0; source < SourceTimes.Count; source++)
        {
            writer.Zigzag(calendar.First[source]);
            writer.Zigzag(calendar.Last[source]);
        }
        for (var column = DayColumn.Logins; (int)column < DayCounters.Columns; column++) WriteColumn(ref writer, calendar, column);
        WriteSets(ref writer, calendar.Users);
        WriteSets(ref writer, calendar.Features);
        WriteHappenings(ref writer, calendar.Events);
        WriteHappenings(ref writer, calendar.Facts);
        writer.Varint((ulong)calendar.Gauges.Items.Length);
        foreach (ref readonly var gauge in calendar.Gauges.Items)
        {
            writer.Zigzag(gauge.Day);
            writer.Byte((byte)gauge.Kind);
            writer.UInt32(gauge.Name);
            writer.Varint(gauge.SecondOfDay);
            writer.UInt32(BitConverter.SingleToUInt32Bits(gauge.Value));
        }
    }

    public static Calendar Read(ref Reader reader)
    {
        var calendar = new Calendar
        {
            Today = reader.Day(none: int.MinValue),
            ChurnedAt = reader.Moment(none: long.MinValue),
            HasChurned = reader.Byte() != 0,
            Taken = (long)reader.Varint(long.MaxValue / 4),
            Late = (long)reader.Varint(long.MaxValue / 4),
        };
        for (var source = 0; source < SourceTimes.Count; source++)
        {
            calendar.First[source] = reader.Moment(none: long.MaxValue);
            calendar.Last[source] = reader.Moment(none: long.MinValue);
        }
        for (var column = DayColumn.Logins; (int)column < DayCounters.Columns; column++) ReadColumn(ref reader, calendar, column);
        calendar.Users = ReadSets(ref reader, Calendar.MaxUsers);
        calendar.Features = ReadSets(ref reader, Calendar.MaxFeatures);
        calendar.Events = ReadHappenings(ref reader, Calendar.MaxEvents);
        calendar.Facts = ReadHappenings(ref reader, Calendar.MaxFacts);
        var gauges = new Gauge[reader.Varint(Calendar.MaxGauges)];
        for (var k = 0; k < gauges.Length; k++)
        {
            gauges[k] = new Gauge(reader.Day(none: 0), (SignalKind)reader.Byte(), reader.UInt32(), (uint)reader.Varint(86_399),
                BitConverter.UInt32BitsToSingle(reader.UInt32()));
            if (gauges[k].Kind is not (SignalKind.SeatsInUse or SignalKind.LimitUsed or SignalKind.SeatsChanged)
                || !IsValue(gauges[k].Kind, gauges[k].Value) || (k > 0 && gauges[k - 1].CompareKey(gauges[k]) >= 0))
                throw Reader.Damaged();
        }
        calendar.Gauges = Gauges.Restore(gauges);
        return calendar;
    }

    // From the oldest day to the newest; a zero is followed by how many zeros more there are.
    private static void WriteColumn(ref Writer writer, Calendar calendar, DayColumn column)
    {
        if (calendar.Today == int.MinValue) return;
        for (var k = 0; k < Calendar.Rows; k++)
        {
            var value = Cell(calendar, column, k);
            writer.Varint(value);
            if (value != 0) continue;
            var run = 0;
            while (k + 1 < Calendar.Rows && Cell(calendar, column, k + 1) == 0) { run++; k++; }
            writer.Varint((ulong)run);
        }
    }

    private static void ReadColumn(ref Reader reader, Calendar calendar, DayColumn column)
    {
        if (calendar.Today == int.MinValue) return;
        for (var k = 0; k < Calendar.Rows; k++)
        {
            var value = (uint)reader.Varint(uint.MaxValue);
            if (value == 0) k += (int)reader.Varint((ulong)(Calendar.Rows - 1 - k));
            else calendar.Counters.Add(column, Calendar.Slot(calendar.Today - Calendar.Rows + 1 + k), value);
        }
    }

    private static bool IsValue(SignalKind kind, float value) =>
        float.IsNaN(value) || (float.IsFinite(value) && kind.Rule() is { Unit: not null } rule && value >= rule.Min && value <= rule.Max);

    private static uint Cell(Calendar calendar, DayColumn column, int k) =>
        calendar.Counters.Get(column, Calendar.Slot(calendar.Today - Calendar.Rows + 1 + k));

    private static void WriteSets(ref Writer writer, in DaySets sets)
    {
        writer.UInt32(sets.HighestCounted);
        if (sets.HighestCounted != uint.MaxValue)
        {
            writer.UInt32(sets.HighestAdmitted);
            WriteDays(ref writer, sets.Missed);
        }
        writer.Varint((ulong)sets.Kept.Length);
        foreach (ref readonly var item in sets.Kept)
        {
            writer.UInt32(item.Id);
            WriteDays(ref writer, item.Days);
        }
    }

    private static void WriteDays(ref Writer writer, DayMask days)
    {
        writer.UInt64(days.Low);
        writer.Varint(days.High);
    }

    private static DayMask ReadDays(ref Reader reader)
    {
        var days = new DayMask(reader.UInt64(), (uint)reader.Varint(uint.MaxValue));
        return (days & ~DayMask.All).IsEmpty ? days : throw Reader.Damaged();
    }

    private static DaySets ReadSets(ref Reader reader, int limit)
    {
        var counted = reader.UInt32();
        var (admitted, missed) = counted == uint.MaxValue ? (uint.MaxValue, default) : (reader.UInt32(), ReadDays(ref reader));
        if (admitted < counted) throw Reader.Damaged();
        var items = new DaySet[reader.Varint((ulong)limit)];
        for (var k = 0; k < items.Length; k++)
        {
            var id = reader.UInt32();
            items[k] = new DaySet(id, ReadDays(ref reader));
            if (id > admitted || items[k].Days.IsEmpty || (k > 0 && items[k - 1].Id >= id)) throw Reader.Damaged();
        }
        return DaySets.Restore(items, counted, admitted, missed);
    }

    private static void WriteHappenings(ref Writer writer, in Happenings happenings)
    {
        writer.Byte(happenings.HasDropped ? (byte)1 : (byte)0);
        writer.Varint((ulong)happenings.Items.Length);
        uint second = 0;
        foreach (ref readonly var item in happenings.Items)
        {
            writer.Varint(item.Second - second);
            second = item.Second;
            writer.Byte((byte)item.Kind);
            var integer = item.Value is >= 0 and < 1 << 24 && item.Value == Math.Floor(item.Value);
            writer.Byte((byte)((item.Subject != 0 ? HasSubject : 0) | (item.Name != 0 ? HasName : 0)
                | (integer ? HasInteger : float.IsNaN(item.Value) ? 0 : HasFloat)
                | (item.Sentiment != Signal.NoSentiment ? HasSentiment : 0)));
            if (item.Subject != 0) writer.UInt32(item.Subject);
            if (item.Name != 0) writer.UInt32(item.Name);
            if (integer) writer.Varint((ulong)item.Value);
            else if (!float.IsNaN(item.Value)) writer.UInt32(BitConverter.SingleToUInt32Bits(item.Value));
            if (item.Sentiment != Signal.NoSentiment) writer.Byte((byte)item.Sentiment);
        }
    }

    private static Happenings ReadHappenings(ref Reader reader, int limit)
    {
        var dropped = reader.Byte() != 0;
        var items = new Happening[reader.Varint((ulong)limit)];
        ulong second = 0;
        for (var k = 0; k < items.Length; k++)
        {
            second += reader.Varint(uint.MaxValue);
            var kind = (SignalKind)reader.Byte();
            if (!SignalKinds.IsDefined(kind) || second > uint.MaxValue) throw Reader.Damaged();
            var flags = reader.Byte();
            var subject = (flags & HasSubject) != 0 ? reader.UInt32() : 0;
            var name = (flags & HasName) != 0 ? reader.UInt32() : 0;
            var value = (flags & HasInteger) != 0 ? reader.Varint(1 << 24)
                : (flags & HasFloat) != 0 ? BitConverter.UInt32BitsToSingle(reader.UInt32()) : float.NaN;
            var sentiment = (flags & HasSentiment) != 0 ? (sbyte)reader.Byte() : Signal.NoSentiment;
            items[k] = new Happening((uint)second, subject, name, value, kind, sentiment);
            if (!IsValue(kind, value) || sentiment is (< -100 or > 100) and not Signal.NoSentiment
                || (k > 0 && items[k - 1].CompareTo(items[k]) >= 0))
                throw Reader.Damaged();
        }
        return Happenings.Restore(items, dropped);
    }
}
