using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using HealthGrains.Signals;

namespace HealthGrains.Simulation;

/// <summary>
/// Writes events as NDJSON, one line each, in the shape in which they leave their system: HealthGrains' own, Segment's or Stripe's.
/// Not for use by several threads at once.
/// </summary>
/// <param name="nativeOnly">Whether to write every signal in the native shape, and leave out calls that are no signals.</param>
public sealed class WireWriter(bool nativeOnly = false) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(
        new ArrayBufferWriter<byte>(),
        new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <summary>Writes one event as a line. Returns false, having written nothing, where a call is left out.</summary>
    public bool Write(in SimulatedEvent happened, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (nativeOnly && !happened.IsSignal) return false;
        _json.Reset(output);
        switch (nativeOnly ? WireFormat.Native : happened.Format)
        {
            case WireFormat.Native: WriteNative(_json, happened); break;
            case WireFormat.Stripe: StripeShape.Write(_json, happened); break;
            default: SegmentShape.Write(_json, happened); break;
        }
        _json.Flush();
        output.Write("\n"u8);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    /// <summary>Writes a moment as RFC 3339 in UTC with milliseconds.</summary>
    internal static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, long at)
    {
        Span<byte> text = stackalloc byte[24];
        var time = DateTime.UnixEpoch.AddMilliseconds(at);
        if (!time.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture))
        {
            throw new InvalidOperationException("a year beyond 9999");
        }
        json.WriteString(name, text[..length]);
    }

    private static void WriteNative(Utf8JsonWriter json, in SimulatedEvent happened)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, happened.Id);
        json.WriteString("account"u8, happened.Account);
        json.WriteString("source"u8, happened.Kind.Source().WireName());
        json.WriteString("kind"u8, happened.Kind.Rule().WireName);
        WriteTime(json, "at"u8, happened.At);
        if (happened.Subject is not null) json.WriteString("subject"u8, happened.Subject);
        if (happened.Name is not null) json.WriteString("name"u8, happened.Name);
        if (!double.IsNaN(happened.Value)) json.WriteNumber("value"u8, happened.Value);
        if (happened.Text is not null) json.WriteString("text"u8, happened.Text);
        json.WriteEndObject();
    }
}
