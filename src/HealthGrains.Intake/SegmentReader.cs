using HealthGrains.Hosting;

namespace HealthGrains.Intake;

/// <summary>The calls of the Segment spec.</summary>
public enum SegmentCall
{
    /// <summary>A user did something.</summary>
    Track,
    /// <summary>Who a user is.</summary>
    Identify,
    /// <summary>Which group (account) a user belongs to.</summary>
    Group,
    /// <summary>A user saw a page.</summary>
    Page,
    /// <summary>A user saw a screen of an app.</summary>
    Screen,
    /// <summary>Two ids are one user. Accepted and not used.</summary>
    Alias,
}

/// <summary>
/// Reads what Segment and RudderStack SDKs send, unchanged: one call, a batch (<c>{"batch": [...], "sentAt": ...}</c>), an array or
/// lines. Source: Segment's "HTTP Tracking API" and "Spec: Common Fields".
/// </summary>
public static class SegmentReader
{
    /// <summary>The source of groups' ids in <see cref="IIdentities"/>. A group that bears an account's id needs no link.</summary>
    public const string Groups = "segment";

    /// <summary>The largest event, in bytes.</summary>
    public const int MaxEventBytes = 32 * 1024;

    /// <summary>The largest batch, in bytes.</summary>
    public const int MaxBatchBytes = 500 * 1024;

    /// <summary>
    /// Reads a body into an empty batch. Throws <see cref="IntakeFormatException"/> when it cannot be read as a whole; the batch is
    /// then empty.
    /// </summary>
    /// <param name="body">UTF-8.</param>
    /// <param name="context">What intake must know.</param>
    /// <param name="batch">Takes what is read.</param>
    /// <param name="call">The call that the address names (<c>/v1/track</c>), for bodies that do not say their type; null for none.</param>
    /// <param name="shape">How the events are put together.</param>
    public static void Read(
        ReadOnlySpan<byte> body, IntakeContext context, IntakeBatch batch, SegmentCall? call = null, BodyShape shape = BodyShape.Detect)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(batch);
        var writer = new BatchWriter(context, batch);
        ReadOne readOne = call is null ? ReadOne : (json, ref cursor, alone, position, to) =>
            ReadOne(json, ref cursor, alone, position, to, call);
        JsonBody.Read(body, shape, writer, readOne, WireFormat.Segment);
    }

    /// <summary>Reads the call or batch at the cursor. False on broken JSON: nothing was taken or counted then.</summary>
    internal static bool ReadOne(ReadOnlySpan<byte> json, ref JsonCursor cursor, bool alone, int position, BatchWriter writer) =>
        ReadOne(json, ref cursor, alone, position, writer, null);

    private static bool ReadOne(
        ReadOnlySpan<byte> json, ref JsonCursor cursor, bool alone, int position, BatchWriter writer, SegmentCall? call)
    {
        if (!cursor.ReadValue(out var span, alone ? 0 : 1) || (alone && !cursor.TakeEnd())) return false;
        Take(new JsonView(json, span), position, writer, call);
        return true;
    }

    /// <summary>Takes a call or a batch.</summary>
    internal static void Take(JsonView body, int position, BatchWriter writer, SegmentCall? call)
    {
        var calls = body["batch"u8];
        if (calls.IsAbsent)
        {
            SegmentEvent.Take(body, default, position, writer, call);
            return;
        }
        if (body.Raw.Length > MaxBatchBytes)
        {
            writer.Reject(position, "batch", $"{body.Raw.Length} bytes; a batch has at most {MaxBatchBytes}: send it in parts");
            return;
        }
        if (calls.Type != JsonType.Array)
        {
            writer.Reject(position, "batch", $"not an array: {JsonText.Echo(calls.Raw)}");
            return;
        }
        var sentAt = body["sentAt"u8];
        var index = 0;
        foreach (var item in calls.Items)
        {
            // On a line of its own a batch's events share the line's number.
            SegmentEvent.Take(item, sentAt, writer.Batch.CountsLines ? position : index, writer, null);
            index++;
        }
    }
}
