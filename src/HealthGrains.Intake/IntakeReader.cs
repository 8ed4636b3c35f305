using HealthGrains.Hosting;

namespace HealthGrains.Intake;

/// <summary>The way in: a body of any format, read into a batch.</summary>
public static class IntakeReader
{
    /// <summary>
    /// Reads a body into an empty batch. Throws <see cref="IntakeFormatException"/> when it cannot be read as a whole; the batch is
    /// then empty.
    /// </summary>
    /// <param name="format">Its wire format.</param>
    /// <param name="body">UTF-8, unpacked.</param>
    /// <param name="context">What intake must know.</param>
    /// <param name="batch">Takes what is read.</param>
    /// <param name="shape">How the events are put together.</param>
    public static void Read(
        WireFormat format, ReadOnlyMemory<byte> body, IntakeContext context, IntakeBatch batch, BodyShape shape = BodyShape.Detect)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(batch);
        JsonBody.Read(body.Span, shape, new BatchWriter(context, batch), ReaderOf(format), format);
    }

    /// <summary>
    /// Reads events again that waited for an identity, into an empty batch. Those whose account is still not known are held
    /// again; an event that cannot be read is rejected at its index.
    /// </summary>
    /// <param name="held">The events, as <see cref="IHealthGrains.LinkAsync"/> returns them.</param>
    /// <param name="context">What intake must know; the link among it.</param>
    /// <param name="batch">Takes what is read.</param>
    public static void ReadHeld(IReadOnlyList<HeldEvent> held, IntakeContext context, IntakeBatch batch)
    {
        ArgumentNullException.ThrowIfNull(held);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(batch);
        var writer = new BatchWriter(context, batch);
        for (var i = 0; i < held.Count; i++)
        {
            if (WireFormats.Find(held[i].Format) is { } format) JsonBody.ReadLine(held[i].Body, i, writer, ReaderOf(format));
            else batch.Reject(i, "format", $"unknown wire format '{held[i].Format}' of a held event");
        }
    }

    internal static ReadOne ReaderOf(WireFormat format) => format switch
    {
        WireFormat.Native => NativeReader.ReadOne,
        WireFormat.Segment => SegmentReader.ReadOne,
        WireFormat.Stripe => StripeReader.ReadOne,
        WireFormat.Any => AnyReader.ReadOne,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "no such wire format"),
    };
}
