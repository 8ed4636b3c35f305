using System.Buffers;
using System.Text.Json;
using HealthGrains.Hosting;

namespace HealthGrains.Api;

/// <summary>Writes receipts.</summary>
internal static class Receipt
{
    /// <param name="receipt">What the host did with the signals.</param>
    /// <param name="withoutSignal">Events taken though they carry no signal: the host counts signals, so they are added here.</param>
    /// <param name="countsLines">Whether positions are lines.</param>
    public static Answer Of(IntakeReceipt receipt, int withoutSignal, bool countsLines)
    {
        var body = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(body, Wire.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("accepted"u8, receipt.Accepted + withoutSignal);
            writer.WriteNumber("late"u8, receipt.Late);
            writer.WriteNumber("duplicates"u8, receipt.Duplicates);
            writer.WriteNumber("held"u8, receipt.Held);
            writer.WriteNumber("rejected"u8, receipt.Rejected);
            writer.WriteStartArray("errors"u8);
            foreach (var error in receipt.Errors) ProblemWriter.Write(writer, ErrorOf(error, countsLines));
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return new Answer { Body = body.WrittenMemory };
    }

    public static FieldError ErrorOf(in IntakeError error, bool countsLines) =>
        countsLines ? new(error.Field, error.Reason, Line: error.Position) : new(error.Field, error.Reason, Index: error.Position);
}
