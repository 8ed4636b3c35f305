using System.Collections.Concurrent;

namespace HealthGrains.Portfolio;

/// <summary>
/// Owners and segments as small numbers, so that a filter compares integers. Only grows: a company has few of either, and a
/// number must keep its meaning for snapshots taken earlier.
/// </summary>
internal sealed class LabelTable
{
    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, string> _labels = new();
    private int _last;

    /// <summary>The number of a label, given one if it is new; 0 for none. One caller at a time.</summary>
    public int NumberOf(string? label)
    {
        if (label is null) return 0;
        if (_numbers.TryGetValue(label, out var number)) return number;
        _labels[++_last] = label;
        _numbers[label] = _last;
        return _last;
    }

    /// <summary>The label of a number that <see cref="NumberOf"/> gave.</summary>
    public string Text(int number) => _labels[number];

    /// <summary>The number of a label; -1, which no row has, for one never seen.</summary>
    public int Find(string label) => _numbers.GetValueOrDefault(label, -1);
}
