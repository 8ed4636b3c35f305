using System.Collections.Frozen;
using HealthGrains.Signals;

namespace HealthGrains.Intake;

/// <summary>A property of an event that gives a signal's value.</summary>
/// <param name="Property">Its name under <c>properties</c>, in any case.</param>
/// <param name="Factor">What turns its unit into the signal's: 1/60 for seconds where the signal counts minutes.</param>
public readonly record struct SegmentValue(string Property, double Factor = 1);

/// <summary>What a track event means.</summary>
/// <param name="Kind">The signal that it becomes.</param>
public sealed record SegmentRule(SignalKind Kind)
{
    /// <summary>Properties that give the signal's name; the first that is there counts.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Properties that give the signal's value; the first that is there counts.</summary>
    public IReadOnlyList<SegmentValue> Values { get; init; } = [];
}

/// <summary>
/// What a tenant's track events mean, by the event's name in any case. An event that is not listed is the use of a feature of
/// that name.
/// </summary>
public sealed record SegmentMapping
{
    private static readonly SegmentRule Login = new(SignalKind.Login);

    /// <summary>The names that most products use.</summary>
    public static SegmentMapping Default { get; } = new()
    {
        Events = new Dictionary<string, SegmentRule>
        {
            ["Logged In"] = Login,
            ["Signed In"] = Login,
            ["User Logged In"] = Login,
            ["Login"] = Login,
            ["Feature Used"] = new(SignalKind.FeatureUsed) { Names = ["feature", "name"], Values = [new("count")] },
            ["Session Ended"] = new(SignalKind.SessionEnded) { Values = [new("minutes"), new("duration", 1 / 60.0)] },
            ["Workflow Completed"] = new(SignalKind.WorkflowCompleted) { Names = ["workflow", "name"] },
            ["Integration Connected"] = new(SignalKind.IntegrationConnected) { Names = ["integration", "name"] },
            ["Integration Removed"] = new(SignalKind.IntegrationRemoved) { Names = ["integration", "name"] },
        },
    };

    private readonly FrozenDictionary<string, SegmentRule> _events = FrozenDictionary<string, SegmentRule>.Empty;

    /// <summary>The rules, by the event's name; names that differ in case alone are one.</summary>
    public IReadOnlyDictionary<string, SegmentRule> Events
    {
        get => _events;
        init => _events = value.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The rule of an event, or null: then it is the use of a feature.</summary>
    public SegmentRule? Find(string eventName) => _events.GetValueOrDefault(eventName);

    /// <summary>The mapping with one rule more, or another one in its place.</summary>
    public SegmentMapping With(string eventName, SegmentRule rule) =>
        this with { Events = new Dictionary<string, SegmentRule>(_events, StringComparer.OrdinalIgnoreCase) { [eventName] = rule } };
}
