using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Intake.Tests;

public class PackedSignalsTests
{
    private static readonly SignalKind[] Kinds = [.. SignalKinds.All.Select(rule => rule.Kind)];

    private static readonly Signal[] Two =
    [
        new(1, 1_795_255_530_000, SignalKind.Login, 7),
        new(ulong.MaxValue, 946_684_800_000, SignalKind.NoteAdded, 0, uint.MaxValue, -0f, -100),
    ];

    [Fact]
    public void Whatever_is_written_is_read_back_bit_for_bit()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(ulong Id, int Minute, int Kind, ulong Subject, uint Name, float Value, sbyte Sentiment)[]>(),
            parts =>
        {
            var signals = parts.Select(part => new Signal(
                part.Id, Fixture.Now.AddMinutes(part.Minute).ToUnixTimeMilliseconds(), Kinds[(int)((uint)part.Kind % Kinds.Length)],
                part.Subject, part.Name, float.IsInfinity(part.Value) ? float.NaN : part.Value,
                part.Sentiment < -100 || part.Sentiment > 100 ? Signal.NoSentiment : part.Sentiment)).ToArray();
            var buffer = new ArrayBufferWriter<byte>();
            PackedSignals.Write(signals, buffer);
            var read = new Signal[signals.Length];
            var batch = new IntakeBatch();
            PackedSignals.Read(buffer.WrittenSpan, "acme", batch);
            return buffer.WrittenCount == PackedSignals.SizeOf(signals.Length)
                && PackedSignals.Read(buffer.WrittenSpan, read) == signals.Length
                && Bits(read).SequenceEqual(Bits(signals))
                && batch.Signals.ToArray().Select(one => one.Account).All(account => account == "acme")
                && Bits(batch.Signals.ToArray().Select(one => one.Signal)).SequenceEqual(Bits(signals));
        }).Check(Config.QuickThrowOnFailure.WithReplay(20261122, 7).WithMaxTest(500));
    }

    [Fact]
    public void The_form_is_fixed_for_ever()
    {
        var packed = Pack(Two);
        Assert.Equal(
            "01020000006D41B83A0100000000000000107291FDA10100000700000000000000000000000000C0FF0180FFFFFFFFFFFFFFFF00ACCF6ADC00000000"
            + "00000000000000FFFFFFFF00000080479C",
            Convert.ToHexString(packed));
    }

    [Fact]
    public void Any_single_bit_that_differs_is_noticed()
    {
        var packed = Pack(Two);
        for (var bit = 0; bit < packed.Length * 8; bit++)
        {
            packed[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.NotNull(PackedSignals.WhyNot(packed));
            packed[bit / 8] ^= (byte)(1 << bit % 8);
        }

        Assert.Null(PackedSignals.WhyNot(packed));
    }

    [Fact]
    public void Mutated_bytes_are_read_or_refused_with_a_reason_and_leave_the_batch_as_it_was()
    {
        var random = new Random(29);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = random.Next(4) == 0 ? new byte[random.Next(100)] : Pack(Two[..random.Next(3)]);
            for (var change = random.Next(4); change > 0 && bytes.Length > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(3) == 0) bytes = bytes[..random.Next(bytes.Length + 1)];
            // A checksum made good, so that what lies behind it is looked at as well.
            var (records, rest) = Math.DivRem(bytes.Length - PackedSignals.HeaderBytes, PackedSignals.RecordBytes);
            if (random.Next(2) == 0 && records >= 0 && rest == 0) PackedSignals.Seal(bytes, records);
            var batch = new IntakeBatch();
            if (PackedSignals.WhyNot(bytes) is { } reason)
            {
                Assert.Equal($"no packed signals: {reason}", Assert.Throws<IntakeFormatException>(() => PackedSignals.Read(bytes, "a", batch)).Reason);
                Assert.Equal(0, batch.Count);
            }
            else
            {
                PackedSignals.Read(bytes, "a", batch);
                Assert.Equal(bytes, Pack([.. batch.Signals.ToArray().Select(one => one.Signal)]));
            }
        }
    }

    [Fact]
    public void What_is_refused_is_told_precisely()
    {
        Assert.Equal("empty: packed signals begin with a version", PackedSignals.WhyNot([]));
        Assert.Equal("version 123: this build reads version 1", PackedSignals.WhyNot("{}"u8));
        Assert.Equal("3 bytes: the header alone takes 9", PackedSignals.WhyNot([1, 0, 0]));
        var packed = Pack(Two);
        Assert.Equal("76 bytes: a header and 2 records take 77", PackedSignals.WhyNot(packed.AsSpan(..^1)));
        Assert.Equal("the checksum differs: the bytes were changed or cut on the way", PackedSignals.WhyNot([.. packed[..^1], 0x11]));
        Assert.Equal("record 1: kind 0xff is none that this build knows", Sealed(signal => signal with { Kind = (SignalKind)0xFF }));
        Assert.Equal("record 1: the value is infinite", Sealed(signal => signal with { Value = float.PositiveInfinity }));
        Assert.Equal("record 1: sentiment 101 is outside -100..100", Sealed(signal => signal with { Sentiment = 101 }));
        Assert.Equal($"record 1: time {long.MaxValue} is no date", Sealed(signal => signal with { At = long.MaxValue }));
        Assert.Throws<ArgumentException>(() => PackedSignals.Write([], new byte[8]));
        Assert.Throws<ArgumentException>(() => PackedSignals.Read(packed, new Signal[1]));

        static string? Sealed(Func<Signal, Signal> change) => PackedSignals.WhyNot(Pack([Two[0], change(Two[1])]));
    }

    [Fact]
    public void Writing_and_reading_allocate_nothing()
    {
        var signals = Enumerable.Range(0, 1_000).Select(i => Two[i % 2] with { Id = (ulong)i }).ToArray();
        var packed = new byte[PackedSignals.SizeOf(signals.Length)];
        PackedSignals.Write(signals, packed);
        PackedSignals.Read(packed, signals);
        var before = GC.GetAllocatedBytesForCurrentThread();
        PackedSignals.Write(signals, packed);
        PackedSignals.Read(packed, signals);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] Pack(Signal[] signals)
    {
        var packed = new byte[PackedSignals.SizeOf(signals.Length)];
        Assert.Equal(packed.Length, PackedSignals.Write(signals, packed));
        return packed;
    }

    // NaN is not equal to itself, and its bits are kept.
    private static IEnumerable<(Signal, int)> Bits(IEnumerable<Signal> signals) =>
        signals.Select(signal => (signal with { Value = 0 }, BitConverter.SingleToInt32Bits(signal.Value)));
}
