using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HealthGrains.Delivery;

/// <summary>
/// A CRM with HubSpot's REST API: companies, tasks and notes below <c>/crm/v3/objects</c>. Tasks and notes have a unique property of
/// ours, by
/// which they are found again; whoever sets this up makes it once (docs/delivery.md).
/// </summary>
/// <remarks>
/// Source: developers.hubspot.com, CRM objects, tasks and notes; associations of a task (192) and a note (190) with a company.
/// </remarks>
internal sealed class HubSpot : ICrm
{
    public const string Source = "hubspot";
    private const string Objects = "/crm/v3/objects";

    private static readonly CrmMapping.Usual Usual = new(
        new()
        {
            ["subject"] = "hs_task_subject", ["dueAt"] = "hs_timestamp", ["status"] = "hs_task_status", ["priority"] = "hs_task_priority",
            ["owner"] = "hubspot_owner_id",
        },
        new() { ["at"] = "hs_timestamp", ["owner"] = "hubspot_owner_id" },
        new()
        {
            ["status"] = new() { ["open"] = "NOT_STARTED", ["done"] = "COMPLETED" },
            ["priority"] = new() { ["low"] = "LOW", ["medium"] = "MEDIUM", ["high"] = "HIGH" },
        });

    private readonly CrmDoor _door;
    private readonly CrmMapping _mapping;
    private readonly string _source;
    private readonly string? _accountIdField;
    private readonly string _referenceField;

    public HubSpot(CrmDoor door, ReceiverSettings settings)
    {
        _door = door;
        _mapping = new CrmMapping(settings, Usual);
        _source = settings.ExternalIdSource ?? Source;
        _accountIdField = settings.AccountIdField;
        _referenceField = settings.ReferenceField ?? "healthgrains_id";
    }

    /// <inheritdoc/>
    public string Name => $"hubspot {_door.Machine}";

    /// <inheritdoc/>
    public async Task<DeliveryOutcome> SetAccountAsync(CrmEntry entry, CancellationToken cancellationToken)
    {
        var properties = Properties(entry.Body);
        if (properties.Count == 0) return new DeliveryOutcome.Refused("it has no field that AccountFields names; name one, and retry it");
        var path = CompanyPath(entry.Body);
        if (path is null) return NoId(entry.Body);
        var answer = await _door.SendAsync(HttpMethod.Patch, path, new JsonObject { ["properties"] = properties }, cancellationToken);
        return answer.Status == HttpStatusCode.NotFound ? NoCompany(entry.Body) : Outcome(answer, "companies");
    }

    /// <inheritdoc/>
    public Task<DeliveryOutcome> PutTaskAsync(CrmEntry entry, CancellationToken cancellationToken)
    {
        var properties = Properties(entry.Body);
        // Without a time there is no task.
        if (properties["hs_timestamp"] is null) properties["hs_timestamp"] = Time(entry.At);
        properties["hs_task_body"] ??= CrmMapping.Words(entry.Body);
        return PutAsync("tasks", 192, properties, entry, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<DeliveryOutcome> PutOutcomeAsync(CrmEntry entry, CancellationToken cancellationToken)
    {
        var properties = Properties(entry.Body);
        if (properties["hs_timestamp"] is null) properties["hs_timestamp"] = Time(entry.At);
        properties["hs_note_body"] ??= $"{CrmMapping.Text(entry.Body, "subject")}\n{CrmMapping.Words(entry.Body)}".Trim();
        return PutAsync("notes", 190, properties, entry, cancellationToken);
    }

    private async Task<DeliveryOutcome> PutAsync(
        string kind, int association, JsonObject properties, CrmEntry entry, CancellationToken cancellationToken)
    {
        var known = $"{Objects}/{kind}/{Uri.EscapeDataString(entry.Reference)}?idProperty={Uri.EscapeDataString(_referenceField)}";
        var change = new JsonObject { ["properties"] = properties };
        var answer = await _door.SendAsync(HttpMethod.Patch, known, change, cancellationToken);
        if (answer.Status != HttpStatusCode.NotFound) return Outcome(answer, kind);

        var (company, failure) = await CompanyAsync(entry.Body, cancellationToken);
        if (failure is not null) return failure;
        var made = properties.DeepClone().AsObject();
        made[_referenceField] = entry.Reference;
        answer = await _door.SendAsync(HttpMethod.Post, $"{Objects}/{kind}", new JsonObject
        {
            ["properties"] = made,
            ["associations"] = new JsonArray(new JsonObject
            {
                ["to"] = new JsonObject { ["id"] = company },
                ["types"] = new JsonArray(
                    new JsonObject { ["associationCategory"] = "HUBSPOT_DEFINED", ["associationTypeId"] = association }),
            }),
        }, cancellationToken);
        // Made in between, by an attempt whose answer was lost.
        if (answer.Status == HttpStatusCode.Conflict) answer = await _door.SendAsync(HttpMethod.Patch, known, change, cancellationToken);
        return Outcome(answer, kind);
    }

    // HubSpot's own id of the company, which associations need.
    private async Task<(string? Id, DeliveryOutcome? Failure)> CompanyAsync(CrmBody body, CancellationToken cancellationToken)
    {
        if (body.ExternalIds.GetValueOrDefault(_source) is { } id) return (id, null);
        var path = CompanyPath(body);
        if (path is null) return (null, NoId(body));
        var answer = await _door.SendAsync(HttpMethod.Get, path, null, cancellationToken);
        if (answer.Status == HttpStatusCode.NotFound) return (null, NoCompany(body));
        if (!answer.IsDone) return (null, Outcome(answer, "companies"));
        return answer.Field("id") is { } found ? (found, null) : (null, new DeliveryOutcome.Later($"{Name} answered without the company's id"));
    }

    private string? CompanyPath(CrmBody body)
    {
        if (body.ExternalIds.GetValueOrDefault(_source) is { } id) return $"{Objects}/companies/{Uri.EscapeDataString(id)}";
        return _accountIdField is null ? null
            : $"{Objects}/companies/{Uri.EscapeDataString(body.AccountId)}?idProperty={Uri.EscapeDataString(_accountIdField)}";
    }

    private JsonObject Properties(CrmBody body)
    {
        var properties = new JsonObject();
        foreach (var (name, value) in _mapping.Fields(body)) properties[name] = Word(value);
        return properties;
    }

    // HubSpot's properties are texts; an empty one clears.
    private static string Word(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "",
        JsonValueKind.String => value.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    private DeliveryOutcome Outcome(HttpAnswer answer, string kind) =>
        answer.Outcome($"{Name}: {kind} {answer.Field("id")}".TrimEnd(), _door.Credentials);

    private DeliveryOutcome.Refused NoId(CrmBody body) => new(
        $"{Name}: account {body.AccountId} has no external id '{_source}'; give it one, or name the property that holds our id in AccountIdField");

    private DeliveryOutcome.Refused NoCompany(CrmBody body) =>
        new($"{Name} has no company for account {body.AccountId}; make it there, or correct the account's external id '{_source}'");

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
