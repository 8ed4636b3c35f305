using System.Text.Json.Nodes;

namespace HealthGrains.Delivery.Tests;

/// <summary>Entries in CRMs, over real connections to servers that answer as theirs do.</summary>
public sealed class CrmTests
{
    private readonly TestClock _clock = new();

    [Fact]
    public async Task HubSpot_gets_the_fields_of_a_company_by_its_own_id()
    {
        await using var server = await WebServer.StartAsync();
        server.Answer = _ => (200, """{"id":"9001"}""");
        var outcome = await HubSpot(server).SendAsync(Made.Crm("acme:7", _clock.Now, CrmKind.Account, Fields()), default);
        Assert.Equal($"hubspot 127.0.0.1:{new Uri(server.Url).Port}: companies 9001", Assert.IsType<DeliveryOutcome.Delivered>(outcome).Receipt);
        var came = Assert.Single(server.Came);
        Assert.Equal(("PATCH", "/crm/v3/objects/companies/9001", ""), (came.Method, came.Path, came.Query));
        Assert.Equal("Bearer pat-secret-token", came.Headers["Authorization"]);
        Same("""{ "properties": { "health_score": "41.5", "health_band": "Rot", "health_play": "" } }""", came);
    }

    [Fact]
    public async Task HubSpot_finds_a_company_by_our_id_where_it_has_none_of_its_own()
    {
        await using var server = await WebServer.StartAsync();
        await HubSpot(server).SendAsync(Made.Crm("acme:7", _clock.Now, CrmKind.Account, Fields(), externalId: null), default);
        Assert.Equal(("/crm/v3/objects/companies/acme", "?idProperty=hg_account"), (server.Came[0].Path, server.Came[0].Query));
    }

    [Fact]
    public async Task A_company_that_HubSpot_does_not_have_is_refused_with_what_to_do()
    {
        await using var server = await WebServer.StartAsync();
        server.Answer = _ => (404, """{"status":"error","message":"resource not found"}""");
        var refused = Assert.IsType<DeliveryOutcome.Refused>(
            await HubSpot(server).SendAsync(Made.Crm("acme:7", _clock.Now, CrmKind.Account, Fields()), default));
        Assert.EndsWith("has no company for account acme; make it there, or correct the account's external id 'hubspot'", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HubSpot_gets_a_task_once_however_often_it_is_sent_and_its_end()
    {
        await using var server = await WebServer.StartAsync();
        var tasks = new Dictionary<string, JsonObject>();
        server.Answer = came => FakeObjects(came, tasks);
        var receiver = HubSpot(server);
        var open = Made.Crm("acme:7", _clock.Now, CrmKind.Task, new JsonObject
        {
            ["subject"] = "Call Pat", ["text"] = "Ask about the rollout", ["link"] = "https://us.example/acme", ["dueAt"] = "2026-11-20T09:00:00Z",
            ["status"] = "open", ["priority"] = "high", ["owner"] = "jo",
        }, "task:acme:1");
        for (var i = 0; i < 3; i++) Assert.IsType<DeliveryOutcome.Delivered>(await receiver.SendAsync(open, default));
        var task = Assert.Single(tasks);
        Assert.Equal("task:acme:1", task.Key);
        var made = JsonNode.Parse(Assert.Single(server.Came, came => came.Method == "POST").Body)!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            { "properties": { "healthgrains_id": "task:acme:1", "hs_task_subject": "Call Pat", "hs_task_priority": "HIGH",
                "hs_task_body": "Ask about the rollout\nhttps://us.example/acme", "hs_task_status": "NOT_STARTED", "hs_timestamp": "2026-11-20T09:00:00Z",
                "hubspot_owner_id": "501" },
              "associations": [ { "to": { "id": "9001" },
                "types": [ { "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 192 } ] } ] }
            """), made), made.ToJsonString());

        var done = Made.Crm("acme:8", _clock.Now, CrmKind.Task, new JsonObject { ["subject"] = "Call Pat", ["status"] = "done" }, "task:acme:1");
        Assert.IsType<DeliveryOutcome.Delivered>(await receiver.SendAsync(done, default));
        Assert.Single(tasks);
        Assert.Equal("COMPLETED", task.Value["hs_task_status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_task_that_an_attempt_made_whose_answer_was_lost_is_not_made_twice()
    {
        await using var server = await WebServer.StartAsync();
        var tasks = new Dictionary<string, JsonObject>();
        var late = true;
        // The first look-up comes before the other attempt is through.
        server.Answer = came =>
        {
            if (came.Method != "PATCH" || !late) return FakeObjects(came, tasks);
            late = false;
            tasks["acme:7"] = new JsonObject();
            return (404, "{}");
        };
        Assert.IsType<DeliveryOutcome.Delivered>(await HubSpot(server).SendAsync(
            Made.Crm("acme:7", _clock.Now, CrmKind.Task, new JsonObject { ["subject"] = "Call" }), default));
        Assert.Equal(["PATCH", "POST", "PATCH"], server.Came.Select(came => came.Method));
        Assert.Equal("Call", Assert.Single(tasks).Value["hs_task_subject"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_outcome_is_a_note_at_the_company_found_by_our_id()
    {
        await using var server = await WebServer.StartAsync();
        var notes = new Dictionary<string, JsonObject>();
        server.Answer = came => came.Method == "GET" ? (200, """{"id":"9001"}""") : FakeObjects(came, notes);
        Assert.IsType<DeliveryOutcome.Delivered>(await HubSpot(server).SendAsync(Made.Crm("acme:9", _clock.Now, CrmKind.Outcome, new JsonObject
        {
            ["subject"] = "At-risk save", ["outcome"] = "recovered", ["text"] = "New champion found",
        }, externalId: null), default));
        Assert.Equal(["PATCH /crm/v3/objects/notes/acme:9", "GET /crm/v3/objects/companies/acme", "POST /crm/v3/objects/notes"],
            server.Came.Select(came => $"{came.Method} {came.Path}"));
        var note = JsonNode.Parse(server.Came[2].Body)!;
        Assert.Equal("At-risk save\nOutcome: recovered\nNew champion found", note["properties"]!["hs_note_body"]!.GetValue<string>());
        Assert.Equal("2026-11-18T12:00:00.000Z", note["properties"]!["hs_timestamp"]!.GetValue<string>());
        Assert.Equal(190, note["associations"]![0]!["types"]![0]!["associationTypeId"]!.GetValue<int>());
    }

    [Fact]
    public async Task Salesforce_gets_the_fields_of_an_account_and_makes_none()
    {
        await using var server = await WebServer.StartAsync();
        server.Answer = _ => (204, "");
        var receiver = Salesforce(server);
        Assert.IsType<DeliveryOutcome.Delivered>(
            await receiver.SendAsync(Made.Crm("acme:7", _clock.Now, CrmKind.Account, Fields(), source: "salesforce", externalId: "001A"), default));
        await receiver.SendAsync(Made.Crm("acme:8", _clock.Now, CrmKind.Account, Fields(), externalId: null), default);
        Assert.Equal(
            ["PATCH /services/data/v62.0/sobjects/Account/001A", "PATCH /services/data/v62.0/sobjects/Account/HG_Id__c/acme?updateOnly=true"],
            server.Came.Select(came => $"{came.Method} {came.Path}{came.Query}"));
        Same("""{ "health_score": 41.5, "health_band": "Rot", "health_play": null }""", server.Came[0]);
    }

    [Fact]
    public async Task Salesforce_gets_a_task_by_our_id_so_that_a_repeat_changes_nothing()
    {
        await using var server = await WebServer.StartAsync();
        server.Answer = came => came.Method == "GET" ? (200, """{"Id":"001A"}""") : (201, """{"id":"00T1","success":true,"errors":[]}""");
        var receiver = Salesforce(server);
        var task = Made.Crm("acme:7", _clock.Now, CrmKind.Task, new JsonObject
        {
            ["subject"] = "Call Pat", ["text"] = "Ask", ["dueAt"] = "2026-11-20T09:00:00Z", ["status"] = "open", ["priority"] = "medium", ["owner"] = "sam",
        }, "task:acme:1", externalId: null);
        for (var i = 0; i < 2; i++) Assert.IsType<DeliveryOutcome.Delivered>(await receiver.SendAsync(task, default));
        var written = server.Came.Where(came => came.Method == "PATCH").ToList();
        Assert.All(written, came => Assert.Equal("/services/data/v62.0/sobjects/Task/HealthGrains_Id__c/task:acme:1", came.Path));
        Assert.Equal(written[0].Text, written[1].Text);
        // Nobody said who sam is there, so the task is the integration's.
        Same("""
            { "Subject": "Call Pat", "Description": "Ask", "ActivityDate": "2026-11-20", "Status": "Not Started", "Priority": "Normal", "WhatId": "001A" }
            """, written[0]);
    }

    [Fact]
    public async Task Salesforce_that_has_the_account_locked_is_asked_again()
    {
        await using var server = await WebServer.StartAsync();
        server.Answer = _ => (400, """[{"errorCode":"UNABLE_TO_LOCK_ROW","message":"unable to obtain exclusive access"}]""");
        Assert.IsType<DeliveryOutcome.Later>(
            await Salesforce(server).SendAsync(Made.Crm("acme:7", _clock.Now, CrmKind.Account, Fields(), source: "salesforce"), default));
        server.Answer = _ => (300, """["/services/data/v62.0/sobjects/Account/001A"]""");
        Assert.IsType<DeliveryOutcome.Refused>(
            await Salesforce(server).SendAsync(Made.Crm("acme:7", _clock.Now, CrmKind.Account, Fields(), source: "salesforce"), default));
    }

    [Theory]
    [InlineData("hubspot")]
    [InlineData("salesforce")]
    public async Task What_cannot_be_written_is_refused_with_what_to_do(string kind)
    {
        await using var server = await WebServer.StartAsync();
        var receiver = Settings.Receiver(_clock, ("Kind", kind), ("Url", server.Url), ("Token", "pat-secret-token"), ("AccountFields:score", "health_score"));
        var noId = await receiver.SendAsync(Made.Crm("acme:7", _clock.Now, CrmKind.Account, Fields(), externalId: null), default);
        Assert.Contains($"account acme has no external id '{kind}'; give it one", Assert.IsType<DeliveryOutcome.Refused>(noId).Error, StringComparison.Ordinal);
        var nothing = await receiver.SendAsync(
            Made.Crm("acme:7", _clock.Now, CrmKind.Account, new JsonObject { ["other"] = 1 }, source: kind), default);
        Assert.Contains("no field that AccountFields names", Assert.IsType<DeliveryOutcome.Refused>(nothing).Error, StringComparison.Ordinal);
        Assert.IsType<DeliveryOutcome.Refused>(await receiver.SendAsync(Made.Mail("acme:8", _clock.Now), default));
        Assert.IsType<DeliveryOutcome.Refused>(await receiver.SendAsync(
            Made.Crm("acme:9", _clock.Now, CrmKind.Account, Fields(), source: kind, externalId: ".."), default));
        Assert.Empty(server.Came);
    }

    // Objects by a unique property, as HubSpot keeps them.
    private static (int Status, string Body) FakeObjects(Came came, Dictionary<string, JsonObject> objects)
    {
        var properties = JsonNode.Parse(came.Body)!["properties"]!.AsObject();
        if (came.Method == "POST")
        {
            var id = properties["healthgrains_id"]!.GetValue<string>();
            return objects.TryAdd(id, properties.DeepClone().AsObject()) ? (201, """{"id":"1"}""") : (409, """{"category":"CONFLICT"}""");
        }
        Assert.Equal("?idProperty=healthgrains_id", came.Query);
        if (!objects.TryGetValue(came.Path.Split('/')[^1], out var known)) return (404, "{}");
        foreach (var (name, value) in properties) known[name] = value?.DeepClone();
        return (200, """{"id":"1"}""");
    }

    private IReceiver HubSpot(WebServer server) => Crm("hubspot", server, "hg_account");

    private IReceiver Salesforce(WebServer server) => Crm("salesforce", server, "HG_Id__c");

    private IReceiver Crm(string kind, WebServer server, string accountIdField) => Settings.Receiver(_clock,
        ("Kind", kind), ("Url", server.Url), ("Token", "pat-secret-token"), ("AccountIdField", accountIdField),
        ("AccountFields:score", "health_score"), ("AccountFields:BAND", "health_band"), ("AccountFields:play", "health_play"),
        ("Values:band:red", "Rot"), ("Owners:jo", "501"));

    private static JsonObject Fields() => new() { ["score"] = 41.5, ["band"] = "red", ["play"] = null, ["unnamed"] = "stays here" };

    private static void Same(string expected, Came came) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(came.Body)), came.Text);
}
