using System.Text.Json.Nodes;

namespace HealthGrains.Delivery.Tests;

/// <summary>Dispatches to test with.</summary>
internal static class Made
{
    public static Dispatch Chat(string account, int number, long at, string receiver = ReceiverKeys.Chat) =>
        new($"{account}:{number}", account, "jo", receiver, at, at, new ChatBody($"text {number} about {account}", null));

    public static Dispatch Mail(string id, long at, string to = "pat@customer.example", string subject = "Hello", string text = "Dear Pat,\n\nhello.\n") =>
        new(id, id.Split(':')[0], "jo", ReceiverKeys.Email, at, at, new EmailBody(to, "Pat Doe", "jo@us.example", subject, text));

    public static Dispatch Notice(string id, long at, JsonObject? data = null) =>
        new(id, id.Split(':')[0], "jo", "hook", at, at, new NoticeBody("play.step.completed", data ?? new JsonObject { ["step"] = 2 }));

    public static Dispatch Crm(string id, long at, CrmKind kind, JsonObject fields, string? reference = null, string source = "hubspot", string? externalId = "9001") =>
        new(id, "acme", "jo", ReceiverKeys.Crm, at, at, new CrmBody(
            kind, "acme", externalId is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [source] = externalId },
            fields, reference));
}
