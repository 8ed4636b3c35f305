using System.Text.Json.Serialization;
using HealthGrains.Measures;

namespace HealthGrains.Health;

/// <summary>How a model values one measure.</summary>
/// <param name="Key">The measure's key in <see cref="MeasureRegistry"/>.</param>
/// <param name="Weight">Share of the whole score, 0..1.</param>
/// <param name="Expected">The value 0..100 that stands in for what is not observed.</param>
/// <param name="Spread">Standard deviation of the observed value about <paramref name="Expected"/> over accounts, points.</param>
/// <param name="Absolute">Value of the figure against an absolute mark.</param>
/// <param name="Own">Value of the ratio to the account's own weeks 3 to 6; null where that says nothing.</param>
/// <param name="OwnShare">Share 0..1 of <paramref name="Own"/> in the value, where the account has such weeks.</param>
/// <param name="Segment">Value of the ratio to the segment's reference; null where that says nothing.</param>
/// <param name="SegmentShare">Share 0..1 of <paramref name="Segment"/> in the value, where the segment has a reference.</param>
/// <param name="References">The segments' references, fixed with this version of the model, never live.</param>
public sealed record MeasureModel(
    string Key, double Weight, double Expected, double Spread, Curve Absolute, Curve? Own = null, double OwnShare = 0,
    Curve? Segment = null, double SegmentShare = 0, IReadOnlyDictionary<string, double>? References = null);

/// <summary>A category: measures that are shown together.</summary>
/// <param name="Key">The model's key, such as <c>product</c>.</param>
/// <param name="Title">Its title.</param>
/// <param name="Measures">Its measures.</param>
public sealed record CategoryModel(string Key, string Title, IReadOnlyList<MeasureModel> Measures)
{
    /// <summary>0..1: the sum of its measures' weights.</summary>
    public double Weight => Measures.Sum(measure => measure.Weight);
}

/// <summary>
/// A health model: data, versioned. The score is additive: each measure gives weight x (c x observed + (1 - c) x expected) points,
/// c its coverage, so that missing data is not bad news and moves no other weight.
/// </summary>
public sealed class HealthModel
{
    /// <summary>A model. Throws <see cref="ArgumentException"/> where it is not one, saying what is wrong.</summary>
    public HealthModel(
        string version, string title, IReadOnlyList<CategoryModel> categories, RiskCurve risk, double correlation)
    {
        (Version, Title, Categories, Risk, Correlation) = (version, title, categories, risk, correlation);
        var entries = new List<Entry>();
        for (var category = 0; category < categories.Count; category++)
            foreach (var measure in categories[category].Measures)
            {
                var definition = MeasureRegistry.Find(measure.Key)
                    ?? throw new ArgumentException($"model {version}: there is no measure '{measure.Key}'", nameof(categories));
                if (entries.Exists(entry => entry.Definition == definition))
                    throw new ArgumentException($"model {version}: measure '{measure.Key}' is weighed twice", nameof(categories));
                if (measure is not { Weight: >= 0 and <= 1, Expected: >= 0 and <= 100, Spread: >= 0 and <= 100 })
                    throw new ArgumentException($"model {version}: measure '{measure.Key}' has a figure out of range", nameof(categories));
                entries.Add(new Entry(definition, measure, category));
            }
        var sum = entries.Sum(entry => entry.Model.Weight);
        if (Math.Abs(sum - 1) > 1e-9)
            throw new ArgumentException($"model {version}: the weights sum to {sum:R}, not to 1", nameof(categories));
        if (correlation is not (>= 0 and <= 1))
            throw new ArgumentException($"model {version}: the correlation of measures must be in 0..1", nameof(correlation));
        if (entries.Count > HealthEvaluator.MaxMeasures)
            throw new ArgumentException($"model {version}: more than {HealthEvaluator.MaxMeasures} measures", nameof(categories));
        Entries = [.. entries];
        Fingerprint = Signals.NameId.Of(version);
    }

    /// <summary>The name of this version.</summary>
    public string Version { get; }

    /// <summary>What it is, for people.</summary>
    public string Title { get; }

    /// <summary>The categories; their weights sum to 1.</summary>
    public IReadOnlyList<CategoryModel> Categories { get; }

    /// <summary>From score to churn probability.</summary>
    public RiskCurve Risk { get; }

    /// <summary>0..1: how much the measures of one account deviate from what is expected together. Widens the interval.</summary>
    public double Correlation { get; }

    /// <summary>The measures with their categories, flat, for evaluation.</summary>
    [JsonIgnore]
    internal Entry[] Entries { get; }

    /// <summary>Tells versions apart in stored states.</summary>
    internal uint Fingerprint { get; }

    /// <summary>A measure in the model.</summary>
    internal sealed record Entry(MeasureDefinition Definition, MeasureModel Model, int Category);
}
