using System.Text.Json.Nodes;

namespace HealthGrains.Delivery;

/// <summary>How dispatches look outside.</summary>
internal static class Wire
{
    /// <summary>What a body is, for sentences.</summary>
    public static string Kind(DeliveryBody body) => body switch
    {
        EmailBody => "a letter",
        ChatBody => "a text for a chat",
        NoticeBody => "a notice",
        CrmBody => "an entry for the CRM",
        _ => body.GetType().Name,
    };

    /// <summary>
    /// What a webhook is sent: id, type, timestamp, account and data. A notice's type is its event; what was meant for another kind of
    /// receiver goes with all it says.
    /// </summary>
    public static byte[] Envelope(Dispatch dispatch)
    {
        var data = JsonNode.Parse(DeliveryJson.Write(dispatch.Body))!.AsObject();
        var type = data["type"]!.GetValue<string>();
        data.Remove("type");
        if (dispatch.Body is NoticeBody notice) (type, data) = (notice.Event, notice.Data.DeepClone().AsObject());
        var envelope = new JsonObject
        {
            ["id"] = dispatch.Id,
            ["type"] = type,
            ["timestamp"] = DateTimeOffset.FromUnixTimeMilliseconds(dispatch.At).UtcDateTime,
            ["account"] = dispatch.Account,
            ["data"] = data,
        };
        return System.Text.Encoding.UTF8.GetBytes(envelope.ToJsonString());
    }

    /// <summary>
    /// The id for the header of a webhook. It is signed with dots between, so it has none itself; each id has one spelling and keeps it.
    /// </summary>
    public static string HeaderId(string id) => id.Replace(".", "%2E", StringComparison.Ordinal);
}
