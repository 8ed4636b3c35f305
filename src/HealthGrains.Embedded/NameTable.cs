using System.Collections.Concurrent;
using System.Globalization;
using HealthGrains.Hosting;

namespace HealthGrains.Embedded;

/// <summary>Names by number, in memory and behind them in the file. Many threads read while the journal thread adds.</summary>
internal sealed class NameTable(int limit) : INames
{
    private readonly ConcurrentDictionary<uint, string> _names = new();
    private int _count;

    public int Count => _count;

    public bool Contains(uint id) => _names.ContainsKey(id);

    public string Text(uint id) => _names.TryGetValue(id, out var text) ? text : id.ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>Adds a name. False when the number has one, or when the table is full: the number is then shown in its place.</summary>
    public bool Add(uint id, string text)
    {
        if (_count >= limit || !_names.TryAdd(id, text)) return false;
        _count++;
        return true;
    }
}
