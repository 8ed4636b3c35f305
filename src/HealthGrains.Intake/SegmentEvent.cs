using System.Globalization;
using System.Text;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Intake;

/// <summary>One Segment call on its way to a signal, a learned link, or the waiting room.</summary>
internal static class SegmentEvent
{
    public const string Groups = SegmentReader.Groups;
    public const string Users = "segment:user";

    private const int MaxGroupBytes = 256;

    public static void Take(JsonView call, JsonView batchSentAt, int position, BatchWriter writer, SegmentCall? fromAddress)
    {
        if (call.Type != JsonType.Object)
            writer.Reject(position, "", $"not an object: {JsonText.Echo(call.Raw)}");
        else if (call.Raw.Length > SegmentReader.MaxEventBytes)
            writer.Reject(position, "", $"{call.Raw.Length} bytes; an event has at most {SegmentReader.MaxEventBytes}");
        else if (NativeSignal.WhyNotUtf8(call.Raw) is { } notUtf8)
            writer.Reject(position, "", notUtf8);
        else if (TypeOf(call["type"u8], fromAddress) is not { } type)
            writer.Reject(position, "type", call["type"u8].IsAbsent
                ? "required: track, identify, group, page, screen or alias"
                : $"unknown type {JsonText.Echo(call["type"u8].Raw)}; known: track, identify, group, page, screen, alias");
        else if (call["messageId"u8].Text(Pseudonyms.MaxIdBytes) is not { } messageId)
            writer.Reject(position, "messageId", "required: 1 to 128 bytes by which a repeated delivery is recognised");
        else if (!SegmentTime.TryRead(call, batchSentAt, position, writer, out var at))
            return;
        else if (UserOf(call, out var user) is { } badUser)
            writer.Reject(position, call["userId"u8].IsAbsent ? "anonymousId" : "userId", badUser);
        else if (type is SegmentCall.Track or SegmentCall.Page or SegmentCall.Screen)
            TakeUse(call, type, messageId, at, user, position, writer);
        else
            TakeIdentity(call, type, user, position, writer);
    }

    private static SegmentCall? TypeOf(JsonView type, SegmentCall? fromAddress)
    {
        if (type.IsAbsent) return fromAddress;
        return type.Text(16) switch
        {
            "track" => SegmentCall.Track,
            "identify" => SegmentCall.Identify,
            "group" => SegmentCall.Group,
            "page" => SegmentCall.Page,
            "screen" => SegmentCall.Screen,
            "alias" => SegmentCall.Alias,
            _ => null,
        };
    }

    // The user, or the anonymous one before they are known; null when the call names neither.
    private static string? UserOf(JsonView call, out string? user)
    {
        var id = call["userId"u8];
        if (id.IsAbsent || id.Raw.IsEmpty) id = call["anonymousId"u8];
        user = id.Text(Pseudonyms.MaxSubjectBytes);
        if (user is not null || id.IsAbsent || id.Raw.IsEmpty) return null;
        return $"not a string of 1 to {Pseudonyms.MaxSubjectBytes} bytes: {JsonText.Echo(id.Raw)}";
    }

    private static void TakeIdentity(JsonView call, SegmentCall type, string? user, int position, BatchWriter writer)
    {
        string? group = null;
        if (type == SegmentCall.Group)
        {
            group = call["groupId"u8].Text(MaxGroupBytes);
            if (group is null)
            {
                writer.Reject(position, "groupId", $"required: the group's id, 1 to {MaxGroupBytes} bytes");
                return;
            }
        }
        else if (type == SegmentCall.Identify)
        {
            group = call["context"u8]["groupId"u8].Text(MaxGroupBytes)
                ?? call["traits"u8].AnyCase("company").AnyCase("id").Text(MaxGroupBytes);
        }
        if (group is not null && user is not null && GroupOf(user, writer) != group)
        {
            writer.Groups.Learn(user, group);
            writer.Batch.Links.Add(new IdentityLink(Users, user, group));
        }
        writer.Batch.TakenWithoutSignal++;
    }

    private static string? GroupOf(string user, BatchWriter writer) =>
        writer.Groups.Find(user) ?? writer.Context.Identities.Find(Users, user);

    private static void TakeUse(
        JsonView call, SegmentCall type, string messageId, long at, string? user, int position, BatchWriter writer)
    {
        if (!SegmentUse.TryRead(call, type, position, writer, out var use)) return;

        var group = call["context"u8]["groupId"u8].Text(MaxGroupBytes) ?? (user is null ? null : GroupOf(user, writer));
        if (group is null && user is null)
        {
            writer.Reject(position, "userId", "required: userId or anonymousId, or context.groupId");
            return;
        }
        if (group is null || AccountOf(group, writer) is not { } account)
        {
            writer.Batch.Held.Add(new HeldEvent(
                group is null ? Users : Groups, group ?? user!, messageId, WireFormat.Segment.WireName(), Complete(call, type, at)));
            return;
        }
        writer.Add(account, new Signal(
            writer.SignalId(use.Kind.Source(), Encoding.UTF8.GetBytes(messageId)), at, use.Kind,
            user is null ? 0 : writer.Subject(Encoding.UTF8.GetBytes(user)),
            use.Name is null ? 0 : writer.Name(Encoding.UTF8.GetBytes(use.Name)), use.Value));
    }

    private static string? AccountOf(string group, BatchWriter writer)
    {
        if (writer.Context.Identities.Find(Groups, group) is { } linked) return linked;
        return writer.Context.Identities.AccountExists(group) ? writer.AccountOf(Encoding.UTF8.GetBytes(group)) : null;
    }

    // The event with what only its delivery told (the address's type, the time of receipt): it will be read again without that. Of
    // a property given twice the last counts, so these go to the end.
    private static byte[] Complete(JsonView call, SegmentCall type, long at)
    {
        var wireType = type.ToString().ToLowerInvariant();
        var time = DateTimeOffset.FromUnixTimeMilliseconds(at)
            .UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        return [.. call.Raw[..^1], .. Encoding.UTF8.GetBytes($",\"type\":\"{wireType}\",\"timestamp\":\"{time}\"}}")];
    }
}
