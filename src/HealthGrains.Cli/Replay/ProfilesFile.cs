using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using HealthGrains.Accounts;

namespace HealthGrains.Cli.Replay;

/// <summary>Reads profiles: one JSON object a line, with the fields that <c>PUT /v1/accounts/{id}</c> takes, and the id.</summary>
internal static class ProfilesFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new UniversalTime() },
    };

    public static List<AccountProfile> Read(string path, Stream input)
    {
        var profiles = new List<AccountProfile>();
        using var file = SignalFile.Open(path, input);
        if (file.IsArray) throw new Refusal($"{path} is a JSON array; write one profile a line");
        using var lines = new StreamReader(file.Unpacked);
        for (var number = 1; lines.ReadLine() is { } line; number++)
            if (!string.IsNullOrWhiteSpace(line)) profiles.Add(Parse(path, number, line));
        return profiles;
    }

    private static AccountProfile Parse(string path, int line, string text)
    {
        try
        {
            if (JsonNode.Parse(text) is not JsonObject fields) throw new JsonException("not an object");
            if (fields["id"]?.GetValueKind() != JsonValueKind.String) throw new JsonException("id is required, as a string");
            fields["name"] ??= fields["id"]!.DeepClone();
            var profile = fields.Deserialize<AccountProfile>(Options)!;
            return AccountId.IsValid(profile.Id) ? profile : throw new JsonException($"'{profile.Id}': {AccountId.Rule}");
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            throw new Refusal($"{path}, line {line}: not a profile ({error.Message.TrimEnd('.')}); see PUT /v1/accounts/{{id}} for its fields");
        }
    }

    /// <summary>A date alone is midnight in UTC and not wherever this machine stands.</summary>
    private sealed class UniversalTime : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            DateTimeOffset.Parse(reader.GetString() ?? "", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime);
    }
}
