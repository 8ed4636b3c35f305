using System.Net;
using System.Text.Json.Nodes;

namespace HealthGrains.Delivery;

/// <summary>
/// A CRM with Salesforce's REST API: accounts and tasks below <c>/services/data/vXX.0/sobjects</c>. A task is written by an external id
/// field
/// of ours, which makes it the first time and changes it afterwards; whoever sets this up makes that field once (docs/delivery.md).
/// </summary>
/// <remarks>Source: developer.salesforce.com, REST API, sObject Rows by External ID (PATCH, updateOnly).</remarks>
internal sealed class Salesforce : ICrm
{
    public const string Source = "salesforce";

    private static readonly CrmMapping.Usual Usual = new(
        new()
        {
            ["subject"] = "Subject", ["dueAt"] = "ActivityDate", ["status"] = "Status", ["priority"] = "Priority", ["owner"] = "OwnerId",
        },
        new() { ["subject"] = "Subject", ["at"] = "ActivityDate", ["owner"] = "OwnerId" },
        new()
        {
            ["status"] = new() { ["open"] = "Not Started", ["done"] = "Completed" },
            ["priority"] = new() { ["low"] = "Low", ["medium"] = "Normal", ["high"] = "High" },
        });

    private readonly CrmDoor _door;
    private readonly CrmMapping _mapping;
    private readonly string _objects;
    private readonly string _source;
    private readonly string? _accountIdField;
    private readonly string _referenceField;

    public Salesforce(CrmDoor door, ReceiverSettings settings)
    {
        _door = door;
        _mapping = new CrmMapping(settings, Usual);
        _objects = $"/services/data/v{settings.Version ?? "62.0"}/sobjects";
        _source = settings.ExternalIdSource ?? Source;
        _accountIdField = settings.AccountIdField;
        _referenceField = settings.ReferenceField ?? "HealthGrains_Id__c";
    }

    /// <inheritdoc/>
    public string Name => $"salesforce {_door.Machine}";

    /// <inheritdoc/>
    public async Task<DeliveryOutcome> SetAccountAsync(CrmEntry entry, CancellationToken cancellationToken)
    {
        var fields = Fields(entry.Body);
        if (fields.Count == 0) return new DeliveryOutcome.Refused("it has no field that AccountFields names; name one, and retry it");
        var path = AccountPath(entry.Body);
        if (path is null) return NoId(entry.Body);
        // By a field of ours it would make an account that is not there; accounts are made by people.
        if (entry.Body.ExternalIds.GetValueOrDefault(_source) is null) path += "?updateOnly=true";
        var answer = await _door.SendAsync(HttpMethod.Patch, path, fields, cancellationToken);
        return answer.Status == HttpStatusCode.NotFound ? NoAccount(entry.Body) : Outcome(answer, "Account");
    }

    /// <inheritdoc/>
    public Task<DeliveryOutcome> PutTaskAsync(CrmEntry entry, CancellationToken cancellationToken)
    {
        var fields = Fields(entry.Body);
        fields["Description"] ??= CrmMapping.Words(entry.Body);
        return PutAsync(fields, entry, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<DeliveryOutcome> PutOutcomeAsync(CrmEntry entry, CancellationToken cancellationToken)
    {
        var fields = Fields(entry.Body);
        fields["Description"] ??= CrmMapping.Words(entry.Body);
        fields["Status"] ??= "Completed";
        if (fields["ActivityDate"] is null) fields["ActivityDate"] = Date(entry.At.UtcDateTime.ToString("O"));
        return PutAsync(fields, entry, cancellationToken);
    }

    private async Task<DeliveryOutcome> PutAsync(JsonObject fields, CrmEntry entry, CancellationToken cancellationToken)
    {
        var (account, failure) = await AccountAsync(entry.Body, cancellationToken);
        if (failure is not null) return failure;
        fields["WhatId"] = account;
        var path = $"{_objects}/Task/{Uri.EscapeDataString(_referenceField)}/{Uri.EscapeDataString(entry.Reference)}";
        return Outcome(await _door.SendAsync(HttpMethod.Patch, path, fields, cancellationToken), "Task");
    }

    // Salesforce's own id of the account, which a task needs.
    private async Task<(string? Id, DeliveryOutcome? Failure)> AccountAsync(CrmBody body, CancellationToken cancellationToken)
    {
        if (body.ExternalIds.GetValueOrDefault(_source) is { } id) return (id, null);
        var path = AccountPath(body);
        if (path is null) return (null, NoId(body));
        var answer = await _door.SendAsync(HttpMethod.Get, path + "?fields=Id", null, cancellationToken);
        if (answer.Status == HttpStatusCode.NotFound) return (null, NoAccount(body));
        if (!answer.IsDone) return (null, Outcome(answer, "Account"));
        return answer.Field("Id") is { } found ? (found, null) : (null, new DeliveryOutcome.Later($"{Name} answered without the account's id"));
    }

    private string? AccountPath(CrmBody body)
    {
        if (body.ExternalIds.GetValueOrDefault(_source) is { } id) return $"{_objects}/Account/{Uri.EscapeDataString(id)}";
        return _accountIdField is null ? null
            : $"{_objects}/Account/{Uri.EscapeDataString(_accountIdField)}/{Uri.EscapeDataString(body.AccountId)}";
    }

    private JsonObject Fields(CrmBody body)
    {
        var fields = new JsonObject();
        foreach (var (name, value) in _mapping.Fields(body))
            fields[name] = name == "ActivityDate" && value is JsonValue time ? Date(time.ToString()) : value;
        return fields;
    }

    // The day of a time; that field has no hour.
    private static string Date(string time) => time.Length > 10 ? time[..10] : time;

    private DeliveryOutcome Outcome(HttpAnswer answer, string kind)
    {
        // Another writes the same account at this moment.
        if (answer.Status == HttpStatusCode.BadRequest && answer.Text.Contains("UNABLE_TO_LOCK_ROW", StringComparison.Ordinal))
            return new DeliveryOutcome.Later($"{Name}: the account is locked by another writer");
        return answer.Outcome($"{Name}: {kind} {answer.Field("id", "Id")}".TrimEnd(), _door.Credentials);
    }

    private DeliveryOutcome.Refused NoId(CrmBody body) => new(
        $"{Name}: account {body.AccountId} has no external id '{_source}'; give it one, or name the field that holds our id in AccountIdField");

    private DeliveryOutcome.Refused NoAccount(CrmBody body) =>
        new($"{Name} has no account for {body.AccountId}; make it there, or correct the account's external id '{_source}'");
}
