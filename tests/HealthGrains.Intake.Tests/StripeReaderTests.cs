using System.Security.Cryptography;
using System.Text;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Intake.Tests;

public class StripeReaderTests
{
    private const long Created = 1_795_255_530; // 2026-11-21

    private readonly Fixture _intake = new() { Links = { [("stripe", "cus_1")] = "acme" } };

    [Theory]
    [InlineData("invoice.paid", "\"amount_paid\":120050,\"currency\":\"usd\"", SignalKind.InvoicePaid, 1200.5f)]
    [InlineData("invoice.payment_succeeded", "\"amount_paid\":5000,\"currency\":\"jpy\"", SignalKind.InvoicePaid, 5000f)]
    [InlineData("invoice.payment_failed", "\"amount_due\":\"2500\",\"currency\":\"eur\"", SignalKind.PaymentFailed, 25f)]
    [InlineData("invoice.payment_failed", "\"amount_due\":2500,\"currency\":\"kwd\"", SignalKind.PaymentFailed, 2.5f)]
    [InlineData("invoice.payment_failed", "\"amount_due\":null", SignalKind.PaymentFailed, float.NaN)]
    public void An_invoice_s_event_carries_its_amount(string type, string more, SignalKind kind, float value)
    {
        var (account, signal) = Assert.Single(Read(Event(type, $"\"id\":\"in_1\",{more}")));
        Assert.Equal("acme", account);
        Assert.Equal((kind, value, Created * 1000), (signal.Kind, signal.Value, signal.At));
        Assert.Equal(Pseudonyms.OfSubject(TenantKeys.Repeatable, "in_1"u8), signal.Subject);
    }

    [Theory]
    [InlineData("invoice.paid", SignalKind.InvoicePaid)]
    [InlineData("invoice.payment_failed", SignalKind.PaymentFailed)]
    public void An_invoice_s_page_is_kept_as_evidence(string type, SignalKind kind)
    {
        Read(Event(type, "\"id\":\"in_1\",\"hosted_invoice_url\":\"https:\\/\\/invoice.stripe.com/i/acct_1/live_x?s=db\""));
        Assert.Equal(
            new EvidenceLink("acme", kind, Created * 1000, "https://invoice.stripe.com/i/acct_1/live_x?s=db"), Assert.Single(_intake.Batch.Evidence));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    public void An_invoice_that_is_not_final_has_no_page(string page)
    {
        Assert.Single(Read(Event("invoice.payment_failed", $"\"id\":\"in_1\",\"hosted_invoice_url\":{page}")));
        Assert.Empty(_intake.Batch.Evidence);
    }

    [Theory]
    [InlineData("\"http://invoice.stripe.com/i/1\"", "only https:// is taken")]
    [InlineData("17", "not a string")]
    public void A_page_that_is_no_address_is_refused_as_it_is_of_our_own_signals(string page, string reason)
    {
        var error = _intake.ErrorOf(WireFormat.Stripe, Event("invoice.paid", $"\"id\":\"in_1\",\"hosted_invoice_url\":{page}"));
        Assert.Equal("data.object.hosted_invoice_url", error.Field);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
        Assert.Empty(_intake.Batch.Evidence);
        var tooLong = _intake.ErrorOf(WireFormat.Stripe, Event(
            "invoice.paid", $"\"id\":\"in_1\",\"hosted_invoice_url\":\"https://x.example/{new string('a', 1024)}\""));
        Assert.StartsWith("1042 bytes", tooLong.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_events_of_one_payment_have_one_id()
    {
        var paid = Read(Event("invoice.paid", "\"id\":\"in_1\"", id: "evt_1"))[0].Signal.Id;
        Assert.Equal(paid, Read(Event("invoice.payment_succeeded", "\"id\":\"in_1\"", id: "evt_2"))[0].Signal.Id);
        Assert.NotEqual(paid, Read(Event("invoice.paid", "\"id\":\"in_2\"", id: "evt_1"))[0].Signal.Id);
    }

    [Fact]
    public void A_change_of_seats_and_price_and_a_cancellation_are_three_signals_of_one_event()
    {
        var signals = Read(Event(
            "customer.subscription.updated",
            """
            "cancel_at_period_end":true,"items":{"data":[{"quantity":20,"price":{"id":"price_pro","lookup_key":"pro","unit_amount":3000,"currency":"usd","recurring":{"interval":"month","interval_count":1}}}]}
            """,
            """
            {"cancel_at_period_end":false,"items":{"data":[{"quantity":30,"price":{"id":"price_ent","unit_amount":5000,"currency":"usd","recurring":{"interval":"month","interval_count":1}}}]}}
            """));
        Assert.Equal([SignalKind.SeatsChanged, SignalKind.PlanChanged, SignalKind.CancelRequested], signals.Select(s => s.Signal.Kind));
        Assert.Equal(20f, signals[0].Signal.Value);
        Assert.Equal((-900f, NameId.Of("pro")), (signals[1].Signal.Value, signals[1].Signal.Name));
        Assert.Equal(3, signals.Select(s => s.Signal.Id).Distinct().Count());
        Assert.Equal((2, 1), (_intake.Batch.ExtraSignals, _intake.Batch.Sent));
    }

    [Theory]
    [InlineData("\"quantity\":5", "{\"quantity\":3}", SignalKind.SeatsChanged, 5f)]
    [InlineData("\"quantity\":5,\"plan\":{\"id\":\"b\",\"amount\":1000,\"currency\":\"usd\",\"interval\":\"month\"}",
        "{\"plan\":{\"id\":\"a\",\"amount\":2000,\"currency\":\"usd\",\"interval\":\"month\"}}", SignalKind.PlanChanged, -50f)]
    [InlineData("\"quantity\":1,\"plan\":{\"id\":\"b\",\"amount\":12000,\"currency\":\"usd\",\"interval\":\"year\"}",
        "{\"plan\":{\"id\":\"a\",\"amount\":2000,\"currency\":\"usd\",\"interval\":\"month\"}}", SignalKind.PlanChanged, -120f)]
    [InlineData("\"cancel_at\":1795355530", "{\"cancel_at\":null}", SignalKind.CancelRequested, float.NaN)]
    public void One_change_is_one_signal(string subscription, string before, SignalKind kind, float value)
    {
        var (_, signal) = Assert.Single(Read(Event("customer.subscription.updated", subscription, before)));
        Assert.Equal((kind, value), (signal.Kind, signal.Value));
    }

    [Theory]
    [InlineData("customer.subscription.updated", "\"status\":\"active\"", "{\"status\":\"trialing\"}")]
    [InlineData("customer.subscription.updated", "\"cancel_at_period_end\":true", "{\"metadata\":{}}")]
    [InlineData("charge.dispute.created", "\"id\":\"dp_1\",\"charge\":\"ch_1\"", null)]
    [InlineData("customer.created", "\"id\":\"cus_9\"", null)]
    public void What_means_nothing_for_health_is_accepted_without_a_signal(string type, string thing, string? before)
    {
        Assert.Empty(Read(Event(type, thing, before)));
        Assert.Equal((1, 1), (_intake.Batch.TakenWithoutSignal, _intake.Batch.Sent));
    }

    [Fact]
    public void The_end_of_a_subscription_is_told() =>
        Assert.Equal(SignalKind.SubscriptionCancelled, Assert.Single(Read(Event("customer.subscription.deleted", "\"id\":\"sub_1\"")))
            .Signal.Kind);

    [Theory]
    [InlineData("2025-03-31.basil", "\"metadata\":{\"account_id\":\"own\"}", "own")]
    [InlineData("2025-03-31.basil", "\"parent\":{\"subscription_details\":{\"metadata\":{\"account_id\":\"sub\"}}}", "sub")]
    [InlineData("2026-01-01.later", "\"parent\":{\"subscription_details\":{\"metadata\":{\"account_id\":\"sub\"}}}", "sub")]
    [InlineData("2024-06-20", "\"subscription_details\":{\"metadata\":{\"account_id\":\"sub\"}}", "sub")]
    [InlineData("2024-06-20", "\"parent\":{\"subscription_details\":{\"metadata\":{\"account_id\":\"sub\"}}}", "acme")]
    [InlineData("2024-06-20", "\"metadata\":{\"account_id\":\"\"}", "acme")]
    [InlineData("2024-06-20", "\"customer\":{\"id\":\"cus_1\"}", "acme")]
    public void The_account_is_named_by_metadata_else_by_the_customer_s_link(string version, string more, string account) =>
        Assert.Equal(account, Assert.Single(Read(Event("invoice.paid", $"\"id\":\"in_1\",{more}", version: version))).Account);

    [Fact]
    public void Without_a_link_the_event_is_held_whole_and_read_once_it_exists()
    {
        _intake.Links.Clear();
        Assert.Empty(Read(Event("invoice.paid", "\"id\":\"in_1\",\"amount_paid\":100")));
        var held = Assert.Single(_intake.Batch.Held);
        Assert.Equal(("stripe", "cus_1", "evt_1", "stripe"), (held.Source, held.ExternalId, held.EventId, held.Format));

        _intake.Links[("stripe", "cus_1")] = "globex";
        _intake.Batch.Clear();
        IntakeReader.ReadHeld([held, held with { Format = "odd" }], _intake.Context, _intake.Batch);
        Assert.Equal("globex", Assert.Single(_intake.Batch.Signals.ToArray()).Account);
        Assert.Equal(new IntakeError(1, "format", "unknown wire format 'odd' of a held event"), Assert.Single(_intake.Batch.Errors));
    }

    [Theory]
    [InlineData("""{"type":"invoice.paid","created":1,"data":{"object":{}}}""", "id")]
    [InlineData("""{"id":"e","created":1795255530,"data":{"object":{}}}""", "type")]
    [InlineData("""{"id":"e","type":"invoice.paid","created":1795255530}""", "data.object")]
    [InlineData("""{"id":"e","type":"invoice.paid","data":{"object":{}}}""", "created")]
    [InlineData("""{"id":"e","type":"invoice.paid","created":"soon","data":{"object":{}}}""", "created")]
    [InlineData("""{"id":"e","type":"invoice.paid","created":1e300,"data":{"object":{}}}""", "created")]
    [InlineData("""{"id":"e","type":"invoice.paid","created":99795255530,"data":{"object":{}}}""", "created")]
    [InlineData("""{"id":"e","type":"invoice.paid","created":1795255530,"data":{"object":{}}}""", "data.object.customer")]
    [InlineData("""{"id":"e","type":"invoice.paid","created":1795255530,"data":{"object":{"amount_paid":-5}}}""", "data.object.amount_paid")]
    [InlineData("""{"id":"e","type":"invoice.paid","created":1795255530,"data":{"object":{"metadata":{"account_id":"a b"}}}}""", "data.object.metadata.account_id")]
    public void What_is_missing_or_wrong_is_refused_by_field(string body, string field) =>
        Assert.Equal(field, _intake.ErrorOf(WireFormat.Stripe, body).Field);

    [Fact]
    public void A_signature_is_verified_in_time_and_against_every_v1()
    {
        var payload = "{\"id\":\"evt_1\"}"u8.ToArray();
        var now = DateTimeOffset.FromUnixTimeSeconds(Created);
        var good = Convert.ToHexStringLower(HMACSHA256.HashData("whsec_x"u8, Encoding.UTF8.GetBytes($"{Created}.").Concat(payload)
            .ToArray()));
        Assert.True(Verify($"t={Created},v1={good}"));
        Assert.True(Verify($"t={Created},v1={new string('0', 64)},v1={good},v0=abc"));
        Assert.True(Verify($"t={Created},v1={good}", now.AddMinutes(5)));
        Assert.False(Verify($"t={Created},v1={good}", now.AddMinutes(6)));
        Assert.False(Verify($"t={Created + 1},v1={good}"));
        Assert.False(Verify($"t={Created},v1={good[..^1]}"));
        Assert.False(Verify($"t={Created},v1={new string('z', 64)}"));
        Assert.False(Verify($"v1={good}"));
        Assert.False(Verify(null));
        Assert.False(Verify("t=9223372036854775807,v1=,=,"));
        Assert.False(StripeSignature.Verify($"t={Created},v1={good}", payload, "", now, StripeSignature.DefaultTolerance));

        bool Verify(string? header, DateTimeOffset? at = null) =>
            StripeSignature.Verify(header, payload, "whsec_x", at ?? now, StripeSignature.DefaultTolerance);
    }

    private IncomingSignal[] Read(string body)
    {
        var batch = _intake.Read(WireFormat.Stripe, body);
        Assert.Empty(batch.Errors);
        return batch.Signals.ToArray();
    }

    private static string Event(string type, string thing, string? before = null, string id = "evt_1",
        string version = "2025-03-31.basil") =>
        $$$"""
        {"id":"{{{id}}}","object":"event","type":"{{{type}}}","created":{{{Created}}},"api_version":"{{{version}}}",
         "data":{"object":{"customer":"cus_1",{{{thing}}} },"previous_attributes":{{{before ?? "null"}}} }}
        """;
}
