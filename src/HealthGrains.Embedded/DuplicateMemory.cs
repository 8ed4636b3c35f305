using System.Numerics;
using HealthGrains.Accounts;

namespace HealthGrains.Embedded;

/// <summary>
/// Remembers signal ids: at least the last <see cref="Capacity"/> that were new, at most twice as many. Two generations of
/// open-addressing tables: a new id goes to the young one; when that holds <see cref="Capacity"/> ids it becomes the old one, and
/// what was old is forgotten. Tables grow on demand and are used again, so that in steady state nothing is allocated.
/// One thread at a time.
/// </summary>
public sealed class DuplicateMemory
{
    private const int LeastSlots = 1024;

    private Generation _young;
    private Generation _old;

    /// <summary>An empty memory.</summary>
    /// <param name="capacity">How many ids it remembers at least, 1 to 100 million.</param>
    public DuplicateMemory(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 100_000_000);
        Capacity = capacity;
        _young = new Generation();
        _old = new Generation();
    }

    /// <summary>How many ids it remembers at least.</summary>
    public int Capacity { get; }

    /// <summary>How many ids it remembers now.</summary>
    public int Count => _young.Count + _old.Count;

    /// <summary>Remembers an id. False when it is remembered already.</summary>
    public bool Add(ulong id)
    {
        if (_old.Count > 0 && _old.Contains(id)) return false;
        if (!_young.Add(id)) return false;
        if (_young.Count >= Capacity)
        {
            (_young, _old) = (_old, _young);
            _young.Clear();
        }

        return true;
    }

    /// <summary>
    /// Says that this id will be added soon. Changes nothing: it asks for where the id belongs in both tables. A few ids one after the
    /// other, before the first is added, and the waits for memory overlap instead of following one another.
    /// </summary>
    public void Warm(ulong id)
    {
        _young.Warm(id);
        _old.Warm(id);
    }

    /// <summary>Whether an id is remembered.</summary>
    public bool Contains(ulong id) => _young.Contains(id) || _old.Contains(id);

    private sealed class Generation
    {
        // Zero marks an empty slot, so the id zero has a flag of its own.
        private ulong[] _slots = new ulong[LeastSlots];
        private int _shift = 64 - BitOperations.Log2(LeastSlots);
        private bool _hasZero;

        public int Count { get; private set; }

        public void Warm(ulong id) => Prefetch.Line(ref _slots[(int)((id * 0x9E3779B97F4A7C15UL) >> _shift)]);

        public bool Contains(ulong id)
        {
            if (id == 0) return _hasZero;
            var slots = _slots;
            // Ids are keyed hashes already; the multiplication guards against those that are not.
            for (var i = (int)((id * 0x9E3779B97F4A7C15UL) >> _shift); ; i = (i + 1) & (slots.Length - 1))
            {
                var there = slots[i];
                if (there == id) return true;
                if (there == 0) return false;
            }
        }

        public bool Add(ulong id)
        {
            if (id == 0)
            {
                if (_hasZero) return false;
                _hasZero = true;
                Count++;
                return true;
            }

            // At most 7 of 10 slots are taken: probes stay short.
            if ((long)Count * 10 >= (long)_slots.Length * 7) Grow();
            var slots = _slots;
            for (var i = (int)((id * 0x9E3779B97F4A7C15UL) >> _shift); ; i = (i + 1) & (slots.Length - 1))
            {
                var there = slots[i];
                if (there == id) return false;
                if (there != 0) continue;
                slots[i] = id;
                Count++;
                return true;
            }
        }

        public void Clear()
        {
            Array.Clear(_slots);
            _hasZero = false;
            Count = 0;
        }

        private void Grow()
        {
            var before = _slots;
            _slots = new ulong[before.Length * 2];
            _shift--;
            var slots = _slots;
            foreach (var id in before)
            {
                if (id == 0) continue;
                var i = (int)((id * 0x9E3779B97F4A7C15UL) >> _shift);
                while (slots[i] != 0) i = (i + 1) & (slots.Length - 1);
                slots[i] = id;
            }
        }
    }
}
