using System.Buffers;
using System.Text.Json;
using HealthGrains.Hosting;
using Microsoft.AspNetCore.Http;

namespace HealthGrains.Api.Json;

/// <summary>What a request held, counted before the host takes and reuses its batch.</summary>
internal readonly record struct Sent(int Events, int ExtraSignals, int WithoutSignal, bool CountsLines)
{
    public static Sent Of(IntakeBatch batch) => new(batch.Sent, batch.ExtraSignals, batch.TakenWithoutSignal, batch.CountsLines);
}

/// <summary>Writes receipts.</summary>
internal static class Receipt
{
    /// <param name="receipt">What the host did with the signals.</param>
    /// <param name="sent">What was sent, as counted before the host had it.</param>
    public static Answer Of(IntakeReceipt receipt, Sent sent)
    {
        var (accepted, duplicates) = Balance(receipt, sent);
        var body = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(body, Wire.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("accepted"u8, accepted);
            writer.WriteNumber("late"u8, receipt.Late);
            writer.WriteNumber("duplicates"u8, duplicates);
            writer.WriteNumber("held"u8, receipt.Held);
            writer.WriteNumber("rejected"u8, receipt.Rejected);
            writer.WriteStartArray("errors"u8);
            foreach (var error in receipt.Errors) ProblemWriter.Write(writer, ErrorOf(error, sent.CountsLines));
            writer.WriteEndArray();
            if (receipt.Pending > 0) writer.WriteNumber("pending"u8, receipt.Pending);
            writer.WriteEndObject();
        }
        // 202: taken, and what was asked for is not done.
        var status = receipt.Pending > 0 ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
        return new Answer { Body = body.WrittenMemory, Status = status };
    }

    /// <summary>
    /// A receipt counts events, where a host counts signals: an event without a signal (an identify call) is accepted, and the
    /// second signal of one event is no second event. Only these two are put right; any other gap is the host's to answer for
    /// and stays visible.
    /// </summary>
    private static (int Accepted, int Duplicates) Balance(IntakeReceipt receipt, Sent sent)
    {
        var gap = sent.Events - receipt.Accepted - receipt.Duplicates - receipt.Held - receipt.Rejected;
        var accepted = receipt.Accepted + Math.Clamp(gap, -sent.ExtraSignals, sent.WithoutSignal);
        return accepted >= 0 ? (accepted, receipt.Duplicates) : (0, Math.Max(0, receipt.Duplicates + accepted));
    }

    public static FieldError ErrorOf(in IntakeError error, bool countsLines) =>
        countsLines ? new(error.Field, error.Reason, Line: error.Position) : new(error.Field, error.Reason, Index: error.Position);
}
