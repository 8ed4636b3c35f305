namespace HealthGrains.Intake;

/// <summary>The form in which events arrive.</summary>
public enum WireFormat
{
    /// <summary>Our own signals.</summary>
    Native,
    /// <summary>Segment and RudderStack tracking calls.</summary>
    Segment,
    /// <summary>Stripe event objects.</summary>
    Stripe,
    /// <summary>Any of them, told apart event by event: for replay files.</summary>
    Any,
}

/// <summary>How the events of a body are put together.</summary>
public enum BodyShape
{
    /// <summary>Told by the body itself: an array, one object, or objects on lines of their own.</summary>
    Detect,
    /// <summary>One JSON value: an array or one object (<c>application/json</c>).</summary>
    Json,
    /// <summary>One object a line (<c>application/x-ndjson</c>).</summary>
    Lines,
}

/// <summary>The names of wire formats, as held events carry them, and of content types.</summary>
public static class WireFormats
{
    /// <summary>The format's name: native, segment, stripe, any.</summary>
    public static string WireName(this WireFormat format) => format switch
    {
        WireFormat.Native => "native",
        WireFormat.Segment => "segment",
        WireFormat.Stripe => "stripe",
        WireFormat.Any => "any",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "no such wire format"),
    };

    /// <summary>The format of that name, or null.</summary>
    public static WireFormat? Find(string name) => name switch
    {
        "native" => WireFormat.Native,
        "segment" => WireFormat.Segment,
        "stripe" => WireFormat.Stripe,
        "any" => WireFormat.Any,
        _ => null,
    };

    /// <summary>A small event of the format, to show in a message what would be right.</summary>
    public static string Example(this WireFormat format) => format switch
    {
        WireFormat.Segment => """{ "type": "track", "messageId": "m-1", "userId": "u-17", "event": "Feature Used", "properties": { "feature": "reports" }, "context": { "groupId": "acme" } }""",
        WireFormat.Stripe => """{ "id": "evt_1", "object": "event", "type": "invoice.paid", "created": 1795255530, "data": { "object": { "id": "in_1", "customer": "cus_1" } } }""",
        _ => """{ "id": "evt-1", "account": "acme", "source": "usage", "kind": "login", "at": "2026-11-21T10:15:30Z", "subject": "u-17" }""",
    };

    /// <summary>
    /// The shape that a content type promises: lines for NDJSON and JSON Lines, one value for JSON, and for anything else (curl
    /// sends a form's type unasked) what the body shows.
    /// </summary>
    public static BodyShape ShapeOf(string? contentType)
    {
        var type = contentType.AsSpan();
        var end = type.IndexOf(';');
        type = (end < 0 ? type : type[..end]).Trim();
        if (Is(type, "application/x-ndjson") || Is(type, "application/ndjson") || Is(type, "application/jsonl")
            || Is(type, "application/x-jsonlines") || Is(type, "application/jsonlines")) return BodyShape.Lines;
        return Is(type, "application/json") ? BodyShape.Json : BodyShape.Detect;
    }

    private static bool Is(ReadOnlySpan<char> type, string name) => type.Equals(name, StringComparison.OrdinalIgnoreCase);
}
