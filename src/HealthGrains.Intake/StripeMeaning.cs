using System.Text;
using HealthGrains.Signals;

namespace HealthGrains.Intake;

/// <summary>A signal that a Stripe event amounts to.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Id">By which a repeat is recognised.</param>
/// <param name="Subject">The invoice.</param>
/// <param name="Name">The new plan.</param>
/// <param name="Value">The number it carries.</param>
/// <param name="Url">Where a person sees it.</param>
internal readonly record struct StripeSignal(SignalKind Kind, string Id, string? Subject = null, string? Name = null,
    float Value = float.NaN, string? Url = null);

/// <summary>What a Stripe event means, by its type.</summary>
internal static class StripeMeaning
{
    /// <summary>The signals of an event, none for a type that means nothing for health; false when the event was rejected.</summary>
    public static bool TryRead(
        string type, string id, JsonView thing, JsonView before, int position, BatchWriter writer, out List<StripeSignal> signals)
    {
        signals = [];
        switch (type)
        {
            case "invoice.paid" or "invoice.payment_succeeded":
                return TryInvoice(SignalKind.InvoicePaid, id, thing, thing["amount_paid"u8], "amount_paid", position, writer, signals);
            case "invoice.payment_failed":
                return TryInvoice(SignalKind.PaymentFailed, id, thing, thing["amount_due"u8], "amount_due", position, writer, signals);
            case "customer.subscription.updated":
                return TrySubscription(id, thing, before, position, writer, signals);
            case "customer.subscription.deleted":
                signals.Add(new StripeSignal(SignalKind.SubscriptionCancelled, id));
                return true;
            default:
                return true;
        }
    }

    private static bool TryInvoice(
        SignalKind kind, string id, JsonView invoice, JsonView amount, string field, int position, BatchWriter writer,
            List<StripeSignal> signals)
    {
        if (!amount.IsAbsent && double.IsNaN(amount.Number))
        {
            writer.Reject(position, "data.object." + field, $"not a number: {JsonText.Echo(amount.Raw)}");
            return false;
        }
        var due = StripeMoney.Amount(amount, invoice["currency"u8]);
        if (SignalCheck.Value(kind.Rule(), due, default, out var value) is { } wrong)
        {
            writer.Reject(position, "data.object." + field, wrong);
            return false;
        }
        // The page on which the invoice is seen and paid; null until it is final. Source: Stripe API reference, "The Invoice object".
        var page = invoice["hosted_invoice_url"u8];
        if (Evidence.Read(page.Json, page.Span, writer.Scratch, out var url) is { } noAddress)
        {
            writer.Reject(position, "data.object.hosted_invoice_url", noAddress);
            return false;
        }
        var address = url.IsEmpty ? null : Encoding.ASCII.GetString(url);
        var invoiceId = invoice["id"u8].Text(Pseudonyms.MaxIdBytes - 8);
        // Stripe sends both invoice.paid and invoice.payment_succeeded for one payment. An invoice is paid once: both have one id.
        var signalId = kind == SignalKind.InvoicePaid && invoiceId is not null ? invoiceId + "/paid" : id;
        signals.Add(new StripeSignal(kind, signalId, invoiceId, Value: value, Url: address));
        return true;
    }

    private static bool TrySubscription(
        string id, JsonView subscription, JsonView before, int position, BatchWriter writer, List<StripeSignal> signals)
    {
        var now = StripePlan.Of(subscription);
        var then = StripePlan.Of(before, seatsUntold: now.Seats);
        if (!double.IsNaN(now.Seats) && !double.IsNaN(then.Seats) && now.Seats != then.Seats)
        {
            if (SignalCheck.Value(SignalKind.SeatsChanged.Rule(), now.Seats, default, out var seats) is { } wrong)
            {
                writer.Reject(position, "data.object.items", wrong);
                return false;
            }
            signals.Add(new StripeSignal(SignalKind.SeatsChanged, Id(id, signals), Value: seats));
        }
        if (now.PriceId is not null && then.PriceId is not null && now.PriceId != then.PriceId)
        {
            if (SignalCheck.Value(SignalKind.PlanChanged.Rule(), now.ChangeFrom(then), default, out var change) is { } wrong)
            {
                writer.Reject(position, "data.object.items", wrong);
                return false;
            }
            signals.Add(new StripeSignal(SignalKind.PlanChanged, Id(id, signals), Name: now.Price, Value: change));
        }
        if (subscription["cancel_at_period_end"u8].Type == JsonType.True && before["cancel_at_period_end"u8].Type == JsonType.False
            || !subscription["cancel_at"u8].IsAbsent && before["cancel_at"u8].Type == JsonType.Null)
            signals.Add(new StripeSignal(SignalKind.CancelRequested, Id(id, signals)));
        return true;
    }

    // The first signal of an event has the event's id, the others theirs, so that a repeat of the event repeats all of them.
    private static string Id(string eventId, List<StripeSignal> signals) =>
        signals.Count == 0 ? eventId : $"{eventId[..Math.Min(eventId.Length, 100)]}/{signals.Count}";
}
