using System.Text.Json;
using System.Text.Json.Serialization;

namespace HealthGrains.Embedded.Storage;

/// <summary>JSON as it is stored: profiles, alerts and commands, which people may want to read with other tools.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Stored = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Stored);

    public static byte[] WriteBytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Stored);

    /// <summary>Reads what was stored; <paramref name="what"/> names it should it be damaged.</summary>
    public static T Read<T>(string json, string what)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Stored) ?? throw StorageException.Damaged(what);
        }
        catch (JsonException)
        {
            throw StorageException.Damaged(what);
        }
    }

    /// <summary>Reads what was stored; <paramref name="what"/> names it should it be damaged.</summary>
    public static T Read<T>(ReadOnlySpan<byte> json, string what)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Stored) ?? throw StorageException.Damaged(what);
        }
        catch (JsonException)
        {
            throw StorageException.Damaged(what);
        }
    }
}
