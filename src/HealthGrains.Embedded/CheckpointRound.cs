using System.Buffers;
using System.Diagnostics;
using HealthGrains.Accounts;
using HealthGrains.Hosting;

namespace HealthGrains.Embedded;

/// <summary>
/// A checkpoint in the making. A round begins with the accounts that changed since they were last written; each is written as it
/// is when its slice comes, with its own position, while signals go on being taken. When all are written, recovery may begin where
/// the round began: what changed later is in the journal after it.
/// </summary>
internal sealed class CheckpointRound(EmbeddedOptions options, AccountBook book)
{
    private readonly Queue<AccountSlot> _left = new();
    private long _lastStart = Stopwatch.GetTimestamp();
    private long _lastTotal = -1;
    private Position _begin;
    private Ruling? _ruling;

    /// <summary>Whether a round is under way.</summary>
    public bool Running => _ruling is not null;

    /// <summary>Whether the round before the end has been made.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Begins a round when it is time for one and something has changed.</summary>
    public bool BeginWhenDue(long sequence, long turn, Ruling ruling, long total)
    {
        if (_lastTotal < 0) _lastTotal = total;
        var early = Stopwatch.GetElapsedTime(_lastStart) < options.CheckpointInterval;
        if (early && total - _lastTotal < options.CheckpointSignals) return false;
        _lastStart = Stopwatch.GetTimestamp();
        _lastTotal = total;
        if (sequence == _begin.Sequence && turn == _begin.Turn) return false;
        Begin(sequence, turn, ruling);
        return true;
    }

    /// <summary>Begins the round that ends the host's work: a start after it has nothing to replay.</summary>
    public void BeginLast(long sequence, long turn, Ruling ruling)
    {
        IsLast = true;
        Begin(sequence, turn, ruling);
    }

    /// <summary>Writes states for one slice of time, or until the output is full.</summary>
    public void Write(TurnOutput output, long sequence, long turn, long now, long ticks)
    {
        var start = Stopwatch.GetTimestamp();
        while (!output.IsFull && Stopwatch.GetTimestamp() - start < ticks)
        {
            if (!_left.TryDequeue(out var slot))
            {
                output.Round = new RoundEnd(_begin.Sequence, _begin.Turn, _ruling!.Facts, _ruling.Model.Version, now);
                _ruling = null;
                return;
            }

            if (slot.Gone) continue;
            var offset = output.States.WrittenCount;
            slot.State.Write(output.States);
            var crc = Checksum.Of(output.States.WrittenSpan[offset..]);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(output.States.GetSpan(Checksum.Length), crc);
            output.States.Advance(Checksum.Length);
            output.Rows.Add(new StateRow(
                slot.Number, sequence, turn, offset, output.States.WrittenCount - offset,
                slot.ProfileDirty ? Json.Write(slot.State.Profile) : null,
                slot.DeskDirty ? Json.Write(slot.Desk) : null));
            slot.Dirty = false;
            slot.ProfileDirty = false;
            slot.DeskDirty = false;
        }
    }

    private void Begin(long sequence, long turn, Ruling ruling)
    {
        _begin = new Position(sequence, turn);
        _ruling = ruling;
        foreach (var slot in book.All())
            if (slot.Dirty) _left.Enqueue(slot);
    }
}
