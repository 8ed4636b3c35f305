namespace HealthGrains.Intake;

/// <summary>
/// When a Segment call happened. The client's clock may be wrong, but by the same amount when the event was made and when it was
/// sent: so timestamp = receivedAt - (sentAt - originalTimestamp) when all three are given; else <c>timestamp</c>, else
/// <c>originalTimestamp</c>, else now.
/// </summary>
internal static class SegmentTime
{
    public static bool TryRead(JsonView call, JsonView batchSentAt, int position, BatchWriter writer, out long at)
    {
        at = writer.Now;
        var timestamp = call["timestamp"u8];
        var original = call["originalTimestamp"u8];
        var received = call["receivedAt"u8];
        var sent = call["sentAt"u8];
        if (sent.IsAbsent) sent = batchSentAt;

        var shown = timestamp.IsAbsent ? original : timestamp;
        if (!received.IsAbsent && !sent.IsAbsent && !original.IsAbsent)
        {
            if (!TryTime(received, "receivedAt", position, writer, out var receivedAt)
                || !TryTime(sent, "sentAt", position, writer, out var sentAt)
                || !TryTime(original, "originalTimestamp", position, writer, out var originalAt)) return false;
            at = receivedAt - (sentAt - originalAt);
            shown = received;
        }
        else if (shown.IsAbsent) return true;
        else if (!TryTime(shown, timestamp.IsAbsent ? "originalTimestamp" : "timestamp", position, writer, out at)) return false;

        if (writer.WhyNot(at, shown.Raw) is not { } reason) return true;
        writer.Reject(position, "timestamp", reason);
        return false;
    }

    private static bool TryTime(JsonView written, string field, int position, BatchWriter writer, out long at)
    {
        at = 0;
        if (written.Type == JsonType.String && Rfc3339.TryParse(written.Raw, out at)) return true;
        writer.Reject(position, field, $"not an RFC 3339 time: {JsonText.Echo(written.Raw)}");
        return false;
    }
}
