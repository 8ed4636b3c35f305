using System.Diagnostics.Metrics;
using HealthGrains.Hosting;

namespace HealthGrains.Silo.Watching;

/// <summary>What a node says of itself as a whole.</summary>
internal sealed class NodeFigures : IDisposable
{
    public const string MeterName = "HealthGrains.Silo";

    private readonly Meter _meter = new(MeterName);
    private double _clockOffset = double.NaN;

    public NodeFigures(IHealthGrains host)
    {
        _meter.CreateObservableGauge("healthgrains.node.ready", () => host.Status.Ready ? 1 : 0, "{node}",
            "1 when this node takes signals and answers questions, else 0.");
        _meter.CreateObservableGauge("healthgrains.clock.offset", Offset, "s",
            "The database server's clock less this node's, as last measured.");
    }

    public void Clock(TimeSpan offset) => Volatile.Write(ref _clockOffset, offset.TotalSeconds);

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<double>> Offset()
    {
        var offset = Volatile.Read(ref _clockOffset);
        return double.IsNaN(offset) ? [] : [new Measurement<double>(offset)];
    }
}
