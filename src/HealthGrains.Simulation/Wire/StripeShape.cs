using System.Text.Json;
using HealthGrains.Signals;

namespace HealthGrains.Simulation;

/// <summary>
/// Stripe's events about invoices and subscriptions. Half of the accounts are on an API version before 2025-03-31, half on it,
/// where an invoice's subscription moved under its parent and the current period to the items.
/// </summary>
internal static class StripeShape
{
    private const string Before = "2024-06-20";
    private const string Basil = "2025-03-31.basil";
    private const long Month = 30 * 86_400;

    /// <summary>Writes the event.</summary>
    public static void Write(Utf8JsonWriter json, in SimulatedEvent happened)
    {
        var basil = happened.Of.Index % 2 == 1;
        var created = happened.At / 1000;
        json.WriteStartObject();
        json.WriteString("id"u8, happened.Id);
        json.WriteString("object"u8, "event"u8);
        json.WriteString("api_version"u8, basil ? Basil : Before);
        json.WriteNumber("created"u8, created);
        json.WriteBoolean("livemode"u8, true);
        json.WriteString("type"u8, TypeOf(happened.Kind));
        json.WriteStartObject("data"u8);
        if (happened.Kind is SignalKind.InvoicePaid or SignalKind.PaymentFailed) WriteInvoice(json, happened, basil, created);
        else WriteSubscription(json, happened, basil, created);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string TypeOf(SignalKind kind) => kind switch
    {
        SignalKind.InvoicePaid => "invoice.paid",
        SignalKind.PaymentFailed => "invoice.payment_failed",
        SignalKind.SubscriptionCancelled => "customer.subscription.deleted",
        SignalKind.PlanChanged or SignalKind.SeatsChanged or SignalKind.CancelRequested => "customer.subscription.updated",
        _ => throw new InvalidOperationException($"{kind} is no event of Stripe"),
    };

    private static void WriteInvoice(Utf8JsonWriter json, in SimulatedEvent happened, bool basil, long created)
    {
        var paid = happened.Kind == SignalKind.InvoicePaid;
        json.WriteStartObject("object"u8);
        json.WriteString("id"u8, happened.Subject);
        json.WriteString("object"u8, "invoice"u8);
        json.WriteString("customer"u8, happened.Of.StripeId);
        json.WriteString("currency"u8, "usd"u8);
        json.WriteString("status"u8, paid ? "paid" : "open");
        json.WriteNumber("amount_due"u8, Cents(happened.Value));
        json.WriteNumber("amount_paid"u8, paid ? Cents(happened.Value) : 0);
        json.WriteNumber("attempt_count"u8, happened.Attempt);
        if (paid || happened.Attempt >= 4) json.WriteNull("next_payment_attempt"u8);
        else json.WriteNumber("next_payment_attempt"u8, created + 3 * 86_400);
        if (basil)
        {
            json.WriteStartObject("parent"u8);
            json.WriteString("type"u8, "subscription_details"u8);
            json.WriteStartObject("subscription_details"u8);
            json.WriteString("subscription"u8, SubscriptionOf(happened));
            json.WriteEndObject();
            json.WriteEndObject();
        }
        else json.WriteString("subscription"u8, SubscriptionOf(happened));
        WriteMetadata(json, happened);
        json.WriteEndObject();
    }

    private static void WriteSubscription(Utf8JsonWriter json, in SimulatedEvent happened, bool basil, long created)
    {
        var plan = happened.Kind == SignalKind.PlanChanged;
        var seats = happened.Kind == SignalKind.SeatsChanged;
        var ended = happened.Kind == SignalKind.SubscriptionCancelled;
        // A seat's price is the monthly amount spread over the seats: a new plan changes the price, new seats the quantity.
        var seatsBefore = seats ? (long)happened.Before : happened.Of.Profile.Seats!.Value;
        var quantity = seats ? (long)happened.Value : seatsBefore;
        var monthly = (double)happened.Of.Profile.Arr!.Value / 12;
        var price = Cents((plan ? happened.Before + happened.Value : monthly) / seatsBefore);
        var planNow = plan ? happened.Name! : happened.Of.Profile.Plan!;
        json.WriteStartObject("object"u8);
        json.WriteString("id"u8, SubscriptionOf(happened));
        json.WriteString("object"u8, "subscription"u8);
        json.WriteString("customer"u8, happened.Of.StripeId);
        json.WriteString("status"u8, ended ? "canceled" : "active");
        json.WriteBoolean("cancel_at_period_end"u8, happened.Kind == SignalKind.CancelRequested);
        if (!basil) WritePeriod(json, created);
        WriteItems(json, quantity, price, planNow, basil ? created : null);
        WriteMetadata(json, happened);
        json.WriteEndObject();
        if (ended) return;
        json.WriteStartObject("previous_attributes"u8);
        // Plans are changed one step at a time.
        var planBefore = happened.Value < 0 ? Catalogue.LargerPlan(planNow) : Catalogue.SmallerPlan(planNow);
        if (plan) WriteItems(json, quantity, Cents(happened.Before / seatsBefore), planBefore, null);
        else if (seats) WriteItems(json, seatsBefore, price, planNow, null);
        else json.WriteBoolean("cancel_at_period_end"u8, false);
        json.WriteEndObject();
    }

    private static void WriteItems(Utf8JsonWriter json, long quantity, long price, string plan, long? periodStart)
    {
        json.WriteStartObject("items"u8);
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        json.WriteStartObject();
        json.WriteNumber("quantity"u8, quantity);
        json.WriteStartObject("price"u8);
        json.WriteString("id"u8, $"price_{CompanyNames.Slug(plan)}");
        json.WriteNumber("unit_amount"u8, price);
        json.WriteString("currency"u8, "usd"u8);
        json.WriteString("nickname"u8, plan);
        json.WriteStartObject("recurring"u8);
        json.WriteString("interval"u8, "month"u8);
        json.WriteNumber("interval_count"u8, 1);
        json.WriteEndObject();
        json.WriteEndObject();
        if (periodStart is { } start) WritePeriod(json, start);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WritePeriod(Utf8JsonWriter json, long start)
    {
        json.WriteNumber("current_period_start"u8, start);
        json.WriteNumber("current_period_end"u8, start + Month);
    }

    private static void WriteMetadata(Utf8JsonWriter json, in SimulatedEvent happened)
    {
        json.WriteStartObject("metadata"u8);
        if (happened.Of.Traits.StripeKnowsId) json.WriteString("account_id"u8, happened.Account);
        json.WriteEndObject();
    }

    private static string SubscriptionOf(in SimulatedEvent happened) => $"sub_{happened.Of.Index:0000}";

    private static long Cents(double amount) => (long)Math.Round(amount * 100);
}
