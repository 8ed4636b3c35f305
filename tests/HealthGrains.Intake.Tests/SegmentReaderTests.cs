using System.Text;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Intake.Tests;

public class SegmentReaderTests
{
    private readonly Fixture _intake = new() { Accounts = { "acme", "globex" } };

    [Theory]
    [InlineData("Logged In", "", SignalKind.Login, null, float.NaN)]
    [InlineData("signed in", "", SignalKind.Login, null, float.NaN)]
    [InlineData("User Logged In", "", SignalKind.Login, null, float.NaN)]
    [InlineData("LOGIN", "", SignalKind.Login, null, float.NaN)]
    [InlineData("Feature Used", "\"feature\":\"reports\"", SignalKind.FeatureUsed, "reports", float.NaN)]
    [InlineData("Session Ended", "\"minutes\":12", SignalKind.SessionEnded, null, 12f)]
    [InlineData("Session Ended", "\"duration\":\"90\"", SignalKind.SessionEnded, null, 1.5f)]
    [InlineData("Workflow Completed", "\"Workflow\":\"close\"", SignalKind.WorkflowCompleted, "close", float.NaN)]
    [InlineData("Workflow Completed", "", SignalKind.WorkflowCompleted, null, float.NaN)]
    [InlineData("Integration Connected", "\"integration\":\"slack\"", SignalKind.IntegrationConnected, "slack", float.NaN)]
    [InlineData("Integration Removed", "\"integration\":\"slack\"", SignalKind.IntegrationRemoved, "slack", float.NaN)]
    [InlineData("Report Exported", "\"feature\":\"x\"", SignalKind.FeatureUsed, "Report Exported", float.NaN)]
    public void A_track_event_becomes_the_signal_it_means(string eventName, string properties, SignalKind kind, string? name, float value)
    {
        var (account, signal) = One(Track(eventName, properties));
        Assert.Equal("acme", account);
        Assert.Equal(kind, signal.Kind);
        Assert.Equal(name is null ? 0 : NameId.Of(name), signal.Name);
        Assert.Equal(value, signal.Value);
        Assert.Equal(Pseudonyms.OfSubject(TenantKeys.Repeatable, "u-1"u8), signal.Subject);
        Assert.Equal(Pseudonyms.OfSignal(TenantKeys.Repeatable, kind.Source(), "m-1"u8), signal.Id);
    }

    [Theory]
    [InlineData("page", "\"name\":\"Settings\"", "Settings")]
    [InlineData("page", "\"properties\":{\"name\":\"Settings\"}", "Settings")]
    [InlineData("page", "\"name\":null", "page")]
    [InlineData("screen", "\"name\":\"\"", "screen")]
    public void A_page_or_screen_is_the_use_of_a_feature(string type, string more, string name)
    {
        var (_, signal) = One($$$"""{"type":"{{{type}}}","messageId":"m","userId":"u","context":{"groupId":"acme"},{{{more}}}}""");
        Assert.Equal((SignalKind.FeatureUsed, NameId.Of(name)), (signal.Kind, signal.Name));
    }

    [Theory]
    [InlineData("""{"messageId":"m","userId":"u"}""", "type", "required: track")]
    [InlineData("""{"type":"purchase","messageId":"m","userId":"u"}""", "type", "unknown type 'purchase'; known: track")]
    [InlineData("""{"type":"track","userId":"u","event":"e"}""", "messageId", "required")]
    [InlineData("""{"type":"track","messageId":"m","userId":"u"}""", "event", "required")]
    [InlineData("""{"type":"track","messageId":"m","event":"e"}""", "userId", "required: userId or anonymousId")]
    [InlineData("""{"type":"track","messageId":"m","userId":{},"event":"e"}""", "userId", "not a string")]
    [InlineData("""{"type":"group","messageId":"m","userId":"u"}""", "groupId", "required")]
    [InlineData("""{"type":"track","messageId":"m","userId":"u","event":"e","timestamp":"yesterday"}""", "timestamp", "not an RFC 3339 time: 'yesterday'")]
    [InlineData("""{"type":"track","messageId":"m","userId":"u","event":"e","timestamp":"2031-01-01T00:00:00Z"}""", "timestamp", "too far ahead")]
    [InlineData("""{"type":"track","messageId":"m","userId":"u","event":"Feature Used"}""", "properties.feature", "required for featureUsed")]
    [InlineData("""{"type":"track","messageId":"m","userId":"u","event":"Session Ended"}""", "properties.minutes", "required: sessionEnded carries 0..1440 minutes")]
    [InlineData("""{"type":"track","messageId":"m","userId":"u","event":"Session Ended","properties":{"minutes":"x"}}""", "properties.minutes", "not a number: 'x'")]
    [InlineData("""{"type":"track","messageId":"m","userId":"u","event":"Session Ended","properties":{"duration":-60}}""", "properties.duration", "-1 is outside 0..1440 minutes")]
    public void What_is_missing_or_wrong_is_refused_by_field(string body, string field, string reason)
    {
        var error = _intake.ErrorOf(WireFormat.Segment, body);
        Assert.Equal(field, error.Field);
        Assert.StartsWith(reason, error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "2026-11-21T12:00:00Z")]
    [InlineData("\"timestamp\":\"2026-11-21T09:00:00Z\",", "2026-11-21T09:00:00Z")]
    [InlineData("\"originalTimestamp\":\"2026-11-21T08:00:00Z\",", "2026-11-21T08:00:00Z")]
    [InlineData("\"timestamp\":\"2026-11-21T09:00:00Z\",\"originalTimestamp\":\"2026-11-21T08:00:00Z\",\"sentAt\":\"2026-11-21T08:00:05Z\",", "2026-11-21T09:00:00Z")]
    [InlineData("\"receivedAt\":\"2026-11-21T10:00:00Z\",\"originalTimestamp\":\"2020-01-01T00:00:00Z\",\"sentAt\":\"2020-01-01T00:00:05Z\",", "2026-11-21T09:59:55Z")]
    public void A_client_s_wrong_clock_is_put_right(string times, string expected) =>
        Assert.Equal(Fixture.Ms(expected), One($$$"""{"type":"track",{{{times}}}"messageId":"m","userId":"u","event":"e","context":{"groupId":"acme"}}""").Signal.At);

    [Fact]
    public void The_group_of_a_user_is_learned_and_the_last_one_counts()
    {
        var batch = Read(
            """
            {"type":"group","messageId":"1","userId":"u","groupId":"acme"}
            {"type":"track","messageId":"2","userId":"u","event":"Login"}
            {"type":"identify","messageId":"3","userId":"u","traits":{"Company":{"ID":"globex"}}}
            {"type":"track","messageId":"4","userId":"u","event":"Login"}
            {"type":"track","messageId":"5","userId":"u","event":"Login","context":{"groupId":"acme"}}
            {"type":"identify","messageId":"6","userId":"u","context":{"groupId":"acme"}}
            {"type":"alias","messageId":"7","userId":"u","previousId":"v"}
            {"type":"identify","messageId":"8","userId":"w","traits":{"email":"w@x.com"}}
            """);
        Assert.Equal(["acme", "globex", "acme"], batch.Signals.ToArray().Select(s => s.Account));
        Assert.Equal((5, 8), (batch.TakenWithoutSignal, batch.Sent));
        Assert.Equal(["acme", "globex", "acme"], batch.Links.Select(link => link.Target));
        Assert.All(batch.Links, link => Assert.Equal(("segment:user", "u"), (link.Source, link.ExternalId)));
    }

    [Fact]
    public void A_link_that_the_host_knows_is_not_taught_again()
    {
        _intake.Links[("segment:user", "u")] = "acme";
        var batch = Read("""{"type":"group","messageId":"1","userId":"u","groupId":"acme"}""");
        Assert.Equal((0, 1), (batch.Links.Count, batch.TakenWithoutSignal));
    }

    [Fact]
    public void A_group_is_an_account_by_link_or_by_its_id_and_else_the_event_is_held()
    {
        _intake.Links[("segment", "g-7")] = "globex";
        Assert.Equal("globex", One(Track("Login", group: "g-7")).Account);
        Assert.Equal("acme", One(Track("Login", group: "acme")).Account);

        var held = Assert.Single(Read(Track("Login", group: "g-8")).Held);
        Assert.Equal(("segment", "g-8", "m-1", "segment"), (held.Source, held.ExternalId, held.EventId, held.Format));
        held = Assert.Single(Read("""{"type":"track","messageId":"m-2","anonymousId":"anon","event":"Login"}""").Held);
        Assert.Equal(("segment:user", "anon", "m-2"), (held.Source, held.ExternalId, held.EventId));
    }

    [Fact]
    public void An_event_that_would_be_refused_is_not_held() =>
        Assert.Equal((0, 1), (Read(Track("Session Ended", "\"minutes\":-1", "g-8")).Held.Count, _intake.Batch.Rejected));

    [Fact]
    public void A_held_event_gives_the_signal_it_would_have_given_once_the_link_exists()
    {
        var body = Encoding.UTF8.GetBytes("""{"messageId":"m","userId":"u","event":"Feature Used","properties":{"feature":"x"},"context":{"groupId":"g"}}""");
        _intake.Batch.Clear();
        SegmentReader.Read(body, _intake.Context, _intake.Batch, SegmentCall.Track);
        var held = _intake.Batch.Held.ToArray();
        Assert.Single(held);

        var later = new Fixture { Links = { [("segment", "g")] = "acme" } };
        var context = new IntakeContext { Now = Fixture.Now.AddDays(3), Keys = TenantKeys.Repeatable, Identities = later, Names = later };
        IntakeReader.ReadHeld(held, context, later.Batch);
        var (account, signal) = Assert.Single(later.Batch.Signals.ToArray());
        Assert.Equal("acme", account);
        Assert.Equal(Fixture.Now.ToUnixTimeMilliseconds(), signal.At);
        Assert.Equal(NameId.Of("x"), signal.Name);

        later.Links.Clear();
        later.Batch.Clear();
        IntakeReader.ReadHeld(held, context, later.Batch);
        Assert.Equal("g", Assert.Single(later.Batch.Held).ExternalId);
    }

    [Fact]
    public void A_batch_is_read_call_by_call()
    {
        var batch = Read($$"""{"batch":[{{Track("Login")}},7,{"type":"x","messageId":"m"},{{Track("Other")}}],"sentAt":"2026-11-21T10:00:00Z","writeKey":"k"}""");
        Assert.Equal((2, 2, 4), (batch.Count, batch.Rejected, batch.Sent));
        Assert.Equal([1, 2], batch.Errors.Select(error => error.Position));
        Assert.Equal("batch", _intake.ErrorOf(WireFormat.Segment, """{"batch":{}}""").Field);
        Assert.Equal(0, Read("""{"batch":[]}""").Sent);
    }

    [Fact]
    public void Events_over_32_KB_and_batches_over_500_KB_are_refused()
    {
        var large = Track("Login", $"\"x\":\"{new string('x', 33_000)}\"");
        Assert.EndsWith("an event has at most 32768", _intake.ErrorOf(WireFormat.Segment, large).Reason, StringComparison.Ordinal);
        var many = string.Join(',', Enumerable.Repeat(Track("Login", $"\"x\":\"{new string('x', 30_000)}\""), 20));
        Assert.Contains("a batch has at most 512000", _intake.ErrorOf(WireFormat.Segment, $"{{\"batch\":[{many}]}}").Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_tenant_s_own_mapping_takes_the_place_of_a_default()
    {
        var context = new IntakeContext
        {
            Now = Fixture.Now, Keys = TenantKeys.Repeatable, Identities = _intake, Names = _intake,
            Segment = SegmentMapping.Default.With("Invoice Exported", new(SignalKind.WorkflowCompleted) { Names = ["format"] }),
        };
        SegmentReader.Read(Encoding.UTF8.GetBytes(Track("invoice exported", "\"format\":\"pdf\"")), context, _intake.Batch);
        Assert.Equal((SignalKind.WorkflowCompleted, NameId.Of("pdf")),
            (_intake.Batch.Signals[0].Signal.Kind, _intake.Batch.Signals[0].Signal.Name));
    }

    private IncomingSignal One(string body)
    {
        var batch = Read(body);
        Assert.Empty(batch.Errors);
        return Assert.Single(batch.Signals.ToArray());
    }

    private IntakeBatch Read(string body) => _intake.Read(WireFormat.Segment, body);

    private static string Track(string eventName, string properties = "", string group = "acme") =>
        $$$"""{"type":"track","messageId":"m-1","userId":"u-1","event":"{{{eventName}}}","properties":{{{{properties}}}},"context":{"groupId":"{{{group}}}"}}""";
}
