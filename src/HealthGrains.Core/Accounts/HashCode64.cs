namespace HealthGrains.Accounts;

/// <summary>
/// A small hash that is the same in every process, unlike <see cref="HashCode"/>: SplitMix64's finaliser over a running sum.
/// </summary>
internal struct HashCode64
{
    private ulong _state;

    public void Add(ulong value)
    {
        var z = _state + value + 0x9e3779b97f4a7c15ul;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ul;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebul;
        _state = z ^ (z >> 31);
    }

    public readonly uint ToUInt32() => (uint)(_state >> 32);

    public readonly ulong ToUInt64() => _state;
}
