using System.Buffers;
using System.Buffers.Binary;

namespace HealthGrains.Accounts;

/// <summary>Writes the stored form: little-endian numbers and LEB128 variable-length integers.</summary>
internal ref struct Writer(IBufferWriter<byte> output)
{
    private Span<byte> _span = output.GetSpan(4096);
    private int _used;

    public void Byte(byte value)
    {
        Reserve(1);
        _span[_used++] = value;
    }

    public void UInt32(uint value)
    {
        Reserve(4);
        BinaryPrimitives.WriteUInt32LittleEndian(_span[_used..], value);
        _used += 4;
    }

    public void UInt64(ulong value)
    {
        Reserve(8);
        BinaryPrimitives.WriteUInt64LittleEndian(_span[_used..], value);
        _used += 8;
    }

    public void Double(double value) => UInt64(BitConverter.DoubleToUInt64Bits(value));

    public void Varint(ulong value)
    {
        Reserve(10);
        while (value >= 0x80)
        {
            _span[_used++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _span[_used++] = (byte)value;
    }

    public void Zigzag(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    public void Text(string? text)
    {
        if (text is null)
        {
            Varint(0);
            return;
        }
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        Varint((ulong)bytes.Length + 1);
        Reserve(bytes.Length);
        bytes.CopyTo(_span[_used..]);
        _used += bytes.Length;
    }

    public readonly void Flush() => output.Advance(_used);

    private void Reserve(int size)
    {
        if (_span.Length - _used >= size) return;
        output.Advance(_used);
        _span = output.GetSpan(Math.Max(4096, size));
        _used = 0;
    }
}

/// <summary>
/// Reads the stored form; throws <see cref="InvalidDataException"/> for anything that <see cref="Writer"/> did not write.
/// </summary>
internal ref struct Reader(ReadOnlySpan<byte> bytes)
{
    private const int MaxDay = 120_000;

    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public double Double() => BitConverter.UInt64BitsToDouble(UInt64());

    public ulong Varint(ulong max = ulong.MaxValue)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value <= max ? value : throw Damaged();
        }
        throw Damaged();
    }

    public long Zigzag()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A day from 1970 to 2298, or the number that stands for none.</summary>
    public int Day(int none)
    {
        var day = Zigzag();
        return day == none || day is >= 0 and < MaxDay ? (int)day : throw Damaged();
    }

    /// <summary>A moment from 1970 to 2298, or the number that stands for none.</summary>
    public long Moment(long none)
    {
        var at = Zigzag();
        return at == none || IsMoment(at) ? at : throw Damaged();
    }

    /// <summary>Whether Unix milliseconds lie between 1970 and 2298: within it every sum of times and every date can be had.</summary>
    public static bool IsMoment(long at) => at >= 0 && at < MaxDay * Days.Millis;

    public string? Text()
    {
        var length = Varint(1 << 20);
        return length == 0 ? null : System.Text.Encoding.UTF8.GetString(Take((int)length - 1));
    }

    public static InvalidDataException Damaged() => new("the stored state of an account is damaged");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_rest.Length < count) throw Damaged();
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
