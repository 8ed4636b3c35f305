using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using HealthGrains.Accounts;

namespace HealthGrains.Simulation;

/// <summary>Writes profiles as NDJSON, in the form that the API takes a profile in, with the id.</summary>
public static class ProfileWriter
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Writes one profile as a line.</summary>
    public static void Write(AccountProfile profile, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write(JsonSerializer.SerializeToUtf8Bytes(profile, Options));
        output.Write("\n"u8);
    }
}
