using System.Text;
using HealthGrains.Signals;

namespace HealthGrains.Intake;

/// <summary>What a track, page or screen call says was done.</summary>
/// <param name="Kind">The kind of signal.</param>
/// <param name="Name">Its name, if it has one.</param>
/// <param name="Value">Its value; NaN when absent.</param>
internal readonly record struct SegmentUse(SignalKind Kind, string? Name, float Value)
{
    /// <summary>Reads it by the tenant's mapping, or rejects the call.</summary>
    public static bool TryRead(JsonView call, SegmentCall type, int position, BatchWriter writer, out SegmentUse use)
    {
        use = default;
        if (type != SegmentCall.Track) return TryPage(call, type, position, writer, out use);

        var named = call["event"u8];
        if (named.IsAbsent || named.Raw.IsEmpty)
        {
            writer.Reject(position, "event", "required: the name of the event");
            return false;
        }
        if (!TryName(named, "event", position, writer, out var eventName)) return false;
        if (writer.Context.Segment.Find(eventName) is { } rule) return TryRule(call["properties"u8], rule, position, writer, out use);
        use = new SegmentUse(SignalKind.FeatureUsed, eventName, float.NaN);
        return true;
    }

    private static bool TryPage(JsonView call, SegmentCall type, int position, BatchWriter writer, out SegmentUse use)
    {
        use = default;
        var named = call["name"u8];
        if (named.IsAbsent || named.Raw.IsEmpty) named = call["properties"u8]["name"u8];
        string? name = null;
        if (!named.IsAbsent && !named.Raw.IsEmpty && !TryName(named, "name", position, writer, out name)) return false;
        use = new SegmentUse(SignalKind.FeatureUsed, name ?? (type == SegmentCall.Page ? "page" : "screen"), float.NaN);
        return true;
    }

    private static bool TryRule(JsonView properties, SegmentRule mapped, int position, BatchWriter writer, out SegmentUse use)
    {
        use = default;
        var rule = mapped.Kind.Rule();
        string? name = null;
        foreach (var property in mapped.Names)
        {
            var found = properties.AnyCase(property);
            if (found.IsAbsent || found.Raw.IsEmpty) continue;
            if (!TryName(found, "properties." + property, position, writer, out name)) return false;
            break;
        }
        if (name is null && rule.NameRequired)
        {
            writer.Reject(position, "properties." + (mapped.Names is [var first, ..] ? first : "name"), $"required for {rule.WireName}");
            return false;
        }

        var field = "properties." + (mapped.Values is [var primary, ..] ? primary.Property : "value");
        var number = double.NaN;
        foreach (var (property, factor) in mapped.Values)
        {
            var found = properties.AnyCase(property);
            if (found.IsAbsent) continue;
            field = "properties." + property;
            number = found.Number * factor;
            if (!double.IsNaN(number)) break;
            writer.Reject(position, field, $"not a number: {JsonText.Echo(found.Raw)}");
            return false;
        }
        if (SignalCheck.Value(rule, number, default, out var value) is { } badValue)
        {
            writer.Reject(position, field, badValue);
            return false;
        }
        use = new SegmentUse(mapped.Kind, name, value);
        return true;
    }

    private static bool TryName(JsonView written, string field, int position, BatchWriter writer, out string name)
    {
        name = written.Text(NameId.MaxBytes) ?? "";
        if (name.Length > 0 && Encoding.UTF8.GetByteCount(name) <= NameId.MaxBytes) return true;
        writer.Reject(position, field, $"not a string of 1 to {NameId.MaxBytes} bytes: {JsonText.Echo(written.Raw)}");
        return false;
    }
}
