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
        if (format == WireFormat.Native) NativeReader.Read(body.Span, context, batch, shape);
        else throw new ArgumentOutOfRangeException(nameof(format), format, "no such wire format");
    }
}
