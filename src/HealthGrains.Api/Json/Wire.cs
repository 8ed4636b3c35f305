using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace HealthGrains.Api.Json;

/// <summary>How things look on the wire: camelCase, enums as words, times in UTC, no number that JSON does not have.</summary>
internal static class Wire
{
    /// <summary>
    /// Only what JSON itself needs is escaped, so that people can read it. Answers are application/json and never sniffed
    /// (nosniff), so nothing in them is taken for HTML.
    /// </summary>
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = Encoder };

    public static readonly JsonSerializerOptions Options = Make();

    public static JsonTypeInfo<T> InfoOf<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    /// <summary>
    /// Gives the framework's own options the same look. They serve the API's description alone, which knows times and numbers by
    /// their types and would not recognise them behind our converters.
    /// </summary>
    public static void Apply(JsonSerializerOptions options)
    {
        options.NumberHandling = JsonNumberHandling.Strict;
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.Encoder = Encoder;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        // A model's or an event's data may hold types that this project does not name: the second resolver serves those.
        options.TypeInfoResolver = JsonTypeInfoResolver.Combine(ApiJson.Default, new DefaultJsonTypeInfoResolver());
    }

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions();
        Apply(options);
        options.Converters.Add(new UtcTimeConverter());
        options.Converters.Add(new FiniteNumberConverter());
        options.MakeReadOnly();
        return options;
    }

    private sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Moments.TryParse(reader.GetString() ?? "", out var moment) ? moment : throw new JsonException($"not {Moments.Rule}");

        // Milliseconds, as states hold them; what a clock has beyond that is noise.
        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(new DateTime(value.UtcTicks - value.UtcTicks % TimeSpan.TicksPerMillisecond, DateTimeKind.Utc));
    }

    /// <summary>A figure that cannot be given (no data, a division by nothing) is null, and never breaks the whole answer.</summary>
    private sealed class FiniteNumberConverter : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value)) writer.WriteNumberValue(value);
            else writer.WriteNullValue();
        }
    }
}
