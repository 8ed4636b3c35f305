using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace HealthGrains.Delivery;

/// <summary>A dispatch and its body as JSON: as hosts store them and pass them between silos.</summary>
public static class DeliveryJson
{
    /// <summary>The body.</summary>
    public static byte[] Write(DeliveryBody body) => JsonSerializer.SerializeToUtf8Bytes(body, DeliveryJsonContext.Default.DeliveryBody);

    /// <summary>The whole dispatch.</summary>
    public static byte[] Write(Dispatch dispatch) => JsonSerializer.SerializeToUtf8Bytes(dispatch, DeliveryJsonContext.Default.Dispatch);

    /// <summary>Reads a body; its properties may come in any order. Throws <see cref="InvalidDataException"/> for what is none.</summary>
    public static DeliveryBody ReadBody(ReadOnlySpan<byte> json) => Read(json, DeliveryJsonContext.Default.DeliveryBody);

    /// <summary>Reads a dispatch. Throws <see cref="InvalidDataException"/> for what is none.</summary>
    public static Dispatch ReadDispatch(ReadOnlySpan<byte> json) => Read(json, DeliveryJsonContext.Default.Dispatch);

    private static T Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new InvalidDataException("a delivery cannot be read: it is null");
        }
        catch (Exception wrong) when (wrong is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"a delivery cannot be read: {wrong.Message}", wrong);
        }
    }
}

// A database may keep JSON with its properties in an order of its own.
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, AllowOutOfOrderMetadataProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeliveryBody))]
[JsonSerializable(typeof(Dispatch))]
internal sealed partial class DeliveryJsonContext : JsonSerializerContext;
