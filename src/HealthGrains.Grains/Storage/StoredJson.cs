using System.Text.Json;
using System.Text.Json.Serialization;

namespace HealthGrains.Grains.Storage;

/// <summary>JSON as it is stored: profiles and alerts, which people may want to read with other tools.</summary>
public static class StoredJson
{
    private static readonly JsonSerializerOptions Stored = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Writes UTF-8 JSON.</summary>
    public static byte[] WriteBytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Stored);

    /// <summary>
    /// Reads what was stored. Throws <see cref="InvalidDataException"/> that names <paramref name="what"/> should it be damaged.
    /// </summary>
    public static T Read<T>(ReadOnlySpan<byte> json, string what)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Stored) ?? throw new InvalidDataException($"{what} is damaged");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{what} is damaged: {fault.Message}", fault);
        }
    }
}
