using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HealthGrains.Accounts;

/// <summary>What is counted a day. The order is part of the stored form and never changes.</summary>
public enum DayColumn : byte
{
    /// <summary>Logins.</summary>
    Logins,
    /// <summary>Sessions that ended.</summary>
    Sessions,
    /// <summary>Minutes of those sessions.</summary>
    Minutes,
    /// <summary>Uses of features.</summary>
    FeatureUses,
    /// <summary>Workflows completed.</summary>
    Workflows,
    /// <summary>E-mails sent to contacts.</summary>
    EmailsSent,
    /// <summary>E-mails opened by contacts.</summary>
    EmailsOpened,
}

/// <summary>
/// A ring of days by columns of small integers. A column begins at one byte a day and is widened (to two, then four) when a day
/// outgrows it, so that a typical account costs a byte a cell; a cell stops at <see cref="uint.MaxValue"/>.
/// </summary>
internal struct DayCounters
{
    public const int Columns = 7;
    public const int Slots = Calendar.Rows;

    private byte[] _cells;
    private ulong _widths; // a byte a column: 0 (never used), 1, 2 or 4

    public readonly DayCounters Clone() => new() { _cells = _cells is null ? null! : (byte[])_cells.Clone(), _widths = _widths };

    public void Add(DayColumn column, int slot, uint amount)
    {
        var width = Width(column);
        if (width == 0) { Widen(column, 1); width = 1; }
        while (true)
        {
            ref var cell = ref _cells[Offset(column) + slot * width];
            var sum = (ulong)ReadCell(ref cell, width) + amount;
            if (width == 4 || sum < 1ul << (8 * width))
            {
                WriteCell(ref cell, width, (uint)Math.Min(sum, uint.MaxValue));
                return;
            }
            Widen(column, width * 2);
            width *= 2;
        }
    }

    /// <summary>Asks for a slot's cells of the busiest columns.</summary>
    public readonly void Warm(int slot)
    {
        if (_cells is not { } cells) return;
        for (var at = slot; at < cells.Length; at += 2 * Slots) Prefetch.Line(ref cells[at]);
    }

    public readonly uint Get(DayColumn column, int slot)
    {
        var width = Width(column);
        return width == 0 ? 0 : ReadCell(ref _cells[Offset(column) + slot * width], width);
    }

    public readonly void Clear(int slot)
    {
        for (var column = DayColumn.Logins; (int)column < Columns; column++)
        {
            var width = Width(column);
            if (width != 0) WriteCell(ref _cells[Offset(column) + slot * width], width, 0);
        }
    }

    /// <summary>The sum of a run of slots, going on from slot 0 after the last.</summary>
    public readonly ulong Sum(DayColumn column, int firstSlot, int count)
    {
        var width = Width(column);
        if (width == 0 || count <= 0) return 0;
        var cells = _cells.AsSpan(Offset(column), Slots * width);
        var head = Math.Min(count, Slots - firstSlot);
        return Sum(cells.Slice(firstSlot * width, head * width), width) + Sum(cells[..((count - head) * width)], width);
    }

    private static ulong Sum(ReadOnlySpan<byte> cells, int width)
    {
        ulong sum = 0;
        switch (width)
        {
            case 1:
                // Eight cells at a time: pairs are added into sixteen bits each, and one multiplication adds these up.
                const ulong evens = 0x00FF00FF00FF00FF, ones = 0x0001000100010001;
                var eights = MemoryMarshal.Cast<byte, ulong>(cells);
                foreach (var eight in eights) sum += (((eight & evens) + ((eight >> 8) & evens)) * ones) >> 48;
                foreach (var cell in cells[(eights.Length * sizeof(ulong))..]) sum += cell;
                break;
            case 2:
                foreach (var cell in MemoryMarshal.Cast<byte, ushort>(cells)) sum += cell;
                break;
            default:
                foreach (var cell in MemoryMarshal.Cast<byte, uint>(cells)) sum += cell;
                break;
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int Width(DayColumn column) => (byte)(_widths >> (8 * (int)column));

    // A byte-wise prefix sum of the widths by one multiplication: byte k of the product is the sum of widths 0..k.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int Offset(DayColumn column) =>
        column == 0 ? 0 : (byte)((_widths * 0x0101010101010101ul) >> (8 * ((int)column - 1))) * Slots;

    private void Widen(DayColumn column, int width)
    {
        var wider = new DayCounters { _widths = (_widths & ~(0xFFul << (8 * (int)column))) | (ulong)width << (8 * (int)column) };
        wider._cells = new byte[wider.Offset((DayColumn)Columns)];
        for (var other = DayColumn.Logins; (int)other < Columns; other++)
            for (var slot = 0; slot < Slots && Width(other) != 0; slot++)
                WriteCell(ref wider._cells[wider.Offset(other) + slot * wider.Width(other)], wider.Width(other), Get(other, slot));
        this = wider;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint ReadCell(ref byte cell, int width) => width switch
    {
        1 => cell,
        2 => Unsafe.ReadUnaligned<ushort>(ref cell),
        _ => Unsafe.ReadUnaligned<uint>(ref cell),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteCell(ref byte cell, int width, uint value)
    {
        switch (width)
        {
            case 1: cell = (byte)value; break;
            case 2: Unsafe.WriteUnaligned(ref cell, (ushort)value); break;
            default: Unsafe.WriteUnaligned(ref cell, value); break;
        }
    }
}
