using System.Collections.Concurrent;

namespace HealthGrains.Embedded;

/// <summary>
/// The short number of each account, which the journal and the turns use in place of its id. Numbers are given in order and never
/// again, not even after an erasure. Many threads read while the journal thread adds.
/// </summary>
internal sealed class AccountNumbers
{
    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private int _count;

    public AccountNumbers() => _bySpan = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => _count;

    /// <summary>The number that the next new account gets.</summary>
    public int Next { get; private set; } = 1;

    public bool TryFind(string id, out int number) => _numbers.TryGetValue(id, out number);

    public bool Contains(ReadOnlySpan<char> id) => _bySpan.ContainsKey(id);

    /// <summary>Gives a new account its number.</summary>
    public int Add(string id)
    {
        var number = Next;
        Restore(id, number);
        return number;
    }

    /// <summary>Takes an account over from the file.</summary>
    public void Restore(string id, int number)
    {
        if (_numbers.TryAdd(id, number)) _count++;
        Reserve(number);
    }

    /// <summary>Sees to it that a number is not given again.</summary>
    public void Reserve(int number) => Next = Math.Max(Next, number + 1);

    public void Remove(string id)
    {
        if (_numbers.TryRemove(id, out _)) _count--;
    }
}
