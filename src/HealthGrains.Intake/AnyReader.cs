using HealthGrains.Hosting;

namespace HealthGrains.Intake;

/// <summary>
/// Reads events of mixed formats, as replay files hold them: each is native (it has <c>kind</c> or <c>account</c>), Stripe's
/// (<c>"object": "event"</c>, or a type with a dot and <c>data.object</c>) or Segment's (<c>batch</c>, or one of its types, or a
/// <c>messageId</c>).
/// </summary>
public static class AnyReader
{
    /// <summary>
    /// Reads a body into an empty batch. Throws <see cref="IntakeFormatException"/> when it cannot be read as a whole; the batch is
    /// then empty.
    /// </summary>
    /// <param name="body">UTF-8.</param>
    /// <param name="context">What intake must know.</param>
    /// <param name="batch">Takes what is read.</param>
    /// <param name="shape">How the events are put together.</param>
    public static void Read(ReadOnlySpan<byte> body, IntakeContext context, IntakeBatch batch, BodyShape shape = BodyShape.Detect)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(batch);
        JsonBody.Read(body, shape, new BatchWriter(context, batch), ReadOne, WireFormat.Any);
    }

    /// <summary>Reads the event at the cursor. False on broken JSON: nothing was taken or counted then.</summary>
    internal static bool ReadOne(ReadOnlySpan<byte> json, ref JsonCursor cursor, bool alone, int position, BatchWriter writer)
    {
        var start = cursor.Position;
        if (!NativeSignal.TryFind(json, ref cursor, alone ? 1 : 2, out var native) || (alone && !cursor.TakeEnd())) return false;
        var found = new JsonView(json, new JsonSpan(start, cursor.Position - start, JsonType.Object));
        if (NativeSignal.WhyNotUtf8(found.Raw) is { } notUtf8)
        {
            writer.Reject(position, "", notUtf8);
            return true;
        }
        switch (FormatOf(native, found))
        {
            case WireFormat.Native:
                NativeReader.Take(json, native, position, writer);
                break;
            case WireFormat.Stripe:
                StripeEvent.Take(found, position, writer);
                break;
            case WireFormat.Segment:
                SegmentReader.Take(found, position, writer, null);
                break;
            default:
                writer.Reject(position, "", "not recognised: a native signal has account and kind, a Segment call type and messageId, "
                    + "a Stripe event \"object\": \"event\"");
                break;
        }
        return true;
    }

    private static WireFormat FormatOf(in NativeSignal native, JsonView found)
    {
        if (!native.Kind.IsAbsent || !native.Account.IsAbsent) return WireFormat.Native;
        var type = found["type"u8];
        if (found["object"u8].Is("event"u8)) return WireFormat.Stripe;
        if (type.Raw.Contains((byte)'.') && found["data"u8]["object"u8].Type == JsonType.Object) return WireFormat.Stripe;
        if (!found["batch"u8].IsAbsent || !found["messageId"u8].IsAbsent) return WireFormat.Segment;
        return type.Is("track"u8) || type.Is("identify"u8) || type.Is("group"u8) || type.Is("page"u8) || type.Is("screen"u8)
            || type.Is("alias"u8)
            ? WireFormat.Segment
            : WireFormat.Any;
    }
}
