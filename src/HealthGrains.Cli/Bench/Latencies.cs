namespace HealthGrains.Cli.Bench;

/// <summary>Milliseconds, from many threads.</summary>
internal sealed class Latencies
{
    private readonly Lock _gate = new();
    private readonly List<double> _all = [];

    public int Count
    {
        get
        {
            lock (_gate) return _all.Count;
        }
    }

    public void Add(TimeSpan latency)
    {
        lock (_gate) _all.Add(latency.TotalMilliseconds);
    }

    /// <summary>The nearest-rank percentile.</summary>
    public double Percentile(double share)
    {
        lock (_gate)
        {
            _all.Sort();
            return Figure.Percentile(_all, share);
        }
    }

    /// <summary>Median and 99th percentile, as two figures.</summary>
    public IEnumerable<Figure> Figures(string key, string title, string note, double? target = null) =>
    [
        new Figure(key + "P50", title + ", p50", Percentile(0.5), "ms", $"{Count:N0} {note}"),
        new Figure(key + "P99", title + ", p99", Percentile(0.99), "ms", $"{Count:N0} {note}") { AtMost = target },
    ];
}
