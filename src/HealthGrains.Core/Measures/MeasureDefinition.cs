using HealthGrains.Signals;

namespace HealthGrains.Measures;

/// <summary>One thing that is measured about an account, whatever a model makes of it.</summary>
public sealed class MeasureDefinition
{
    internal delegate Reading Reader(in Observation observation);

    internal MeasureDefinition(int index, string key, string title, string unit, SignalSource source, string format, Reader read)
    {
        (Index, Key, Title, Unit, Source, Format, Read) = (index, key, title, unit, source, format, read);
    }

    /// <summary>Place in <see cref="MeasureRegistry.All"/>.</summary>
    public int Index { get; }

    /// <summary>Stable key, such as <c>loginFrequency</c>.</summary>
    public string Key { get; }

    /// <summary>What it is, for people.</summary>
    public string Title { get; }

    /// <summary>Unit of its figure.</summary>
    public string Unit { get; }

    /// <summary>The source it is read from.</summary>
    public SignalSource Source { get; }

    /// <summary>How its figure is written in a note: a composite format of the figure.</summary>
    internal string Format { get; }

    internal Reader Read { get; }
}
