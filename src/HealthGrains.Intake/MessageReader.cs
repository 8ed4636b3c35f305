using HealthGrains.Hosting;

namespace HealthGrains.Intake;

/// <summary>
/// Reads the messages of a log, one after another, into one batch: what is wrong with one message leaves the others alone. The
/// batch's errors grow message by message, so a caller takes them out after each. For one thread.
/// </summary>
public sealed class MessageReader
{
    private readonly BatchWriter _writer;
    private IntakeBatch? _aside;

    /// <summary>A reader into a batch.</summary>
    /// <param name="context">What intake must know.</param>
    /// <param name="batch">Takes what is read; what it holds already stays.</param>
    public MessageReader(IntakeContext context, IntakeBatch batch)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(batch);
        _writer = new BatchWriter(context.WithGroups(), batch);
    }

    /// <summary>
    /// Reads a message and adds what it holds. Throws <see cref="IntakeFormatException"/> when it cannot be read as a whole; the
    /// batch is then as it was.
    /// </summary>
    /// <param name="format">Its wire format.</param>
    /// <param name="body">UTF-8.</param>
    /// <param name="shape">How its events are put together.</param>
    /// <param name="account">The account of native signals that name none; null: they are refused.</param>
    /// <param name="at">
    /// When the log took it: the time of an event that gives none. Null, or a time that no event may have: the context's now.
    /// </param>
    public void Read(
        WireFormat format, ReadOnlyMemory<byte> body, BodyShape shape = BodyShape.Detect, string? account = null, DateTimeOffset? at = null)
    {
        var readOne = IntakeReader.ReaderOf(format);
        _writer.Account = account;
        _writer.ReceivedAt(at);
        var json = body.Span;
        // Nearly every message is one object; that is tried first and needs no room aside, for it is taken whole or not at all.
        if (shape != BodyShape.Lines)
        {
            var cursor = new JsonCursor(json);
            if (!cursor.AtEnd && json[cursor.Position] == '{' && readOne(json, ref cursor, true, 0, _writer)) return;
        }
        ReadAside(format, body, shape, readOne);
    }

    private void ReadAside(WireFormat format, ReadOnlyMemory<byte> body, BodyShape shape, ReadOne readOne)
    {
        var aside = _aside ??= new IntakeBatch();
        aside.Clear();
        var writer = _writer.Into(aside);
        JsonBody.Read(body.Span, shape, writer, readOne, format);

        var batch = _writer.Batch;
        foreach (ref readonly var signal in aside.Signals) batch.Add(signal.Account, signal.Signal);
        foreach (var name in aside.Names) _writer.Keep(name);
        batch.Evidence.AddRange(aside.Evidence);
        batch.Held.AddRange(aside.Held);
        batch.Links.AddRange(aside.Links);
        batch.TakenWithoutSignal += aside.TakenWithoutSignal;
        batch.ExtraSignals += aside.ExtraSignals;
        foreach (var error in aside.Errors) batch.Reject(error.Position, error.Field, error.Reason);
        for (var i = aside.Errors.Count; i < aside.Rejected; i++) batch.Reject(-1, "", "not spelled out: too many errors in one message");
    }
}
