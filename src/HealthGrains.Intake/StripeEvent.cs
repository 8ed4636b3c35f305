using System.Text;
using HealthGrains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Intake;

/// <summary>One Stripe event on its way to signals or the waiting room.</summary>
internal static class StripeEvent
{
    private const int MaxCustomerBytes = 256;

    // From this API version on an invoice names its subscription under "parent".
    private const string Basil = "2025-03-31";

    public static void Take(JsonView stripe, int position, BatchWriter writer)
    {
        if (NativeSignal.WhyNotUtf8(stripe.Raw) is { } notUtf8)
            writer.Reject(position, "", notUtf8);
        else if (stripe["id"u8].Text(Pseudonyms.MaxIdBytes) is not { } id)
            writer.Reject(position, "id", "required: 1 to 128 bytes by which a repeated delivery is recognised");
        else if (stripe["type"u8].Text(128) is not { } type)
            writer.Reject(position, "type", "required: the type of the event, such as invoice.paid");
        else if (stripe["data"u8]["object"u8] is var thing && thing.Type != JsonType.Object)
            writer.Reject(position, "data.object", "required: what the event is about");
        else if (!TryTime(stripe["created"u8], position, writer, out var at))
            return;
        else if (!StripeMeaning.TryRead(type, id, thing, stripe["data"u8]["previous_attributes"u8], position, writer, out var signals))
            return;
        else if (signals.Count == 0)
            writer.Batch.TakenWithoutSignal++;
        else if (TryAccount(stripe, thing, id, position, writer, out var account))
            Add(account, signals, at, writer);
    }

    private static void Add(string account, List<StripeSignal> signals, long at, BatchWriter writer)
    {
        foreach (var signal in signals)
        {
            var name = signal.Name is null ? 0 : writer.Name(Encoding.UTF8.GetBytes(signal.Name));
            var subject = signal.Subject is null ? 0 : writer.Subject(Encoding.UTF8.GetBytes(signal.Subject));
            writer.Add(account, new Signal(
                writer.SignalId(SignalSource.Billing, Encoding.UTF8.GetBytes(signal.Id)), at, signal.Kind, subject, name, signal.Value));
            if (signal.Url is not null) writer.AddEvidence(account, signal.Kind, at, Encoding.ASCII.GetBytes(signal.Url));
        }
        writer.Batch.ExtraSignals += signals.Count - 1;
    }

    private static bool TryTime(JsonView created, int position, BatchWriter writer, out long at)
    {
        at = 0;
        var seconds = created.Number;
        if (!(Math.Abs(seconds) < 1e12))
        {
            writer.Reject(position, "created", created.IsAbsent ? "required: Unix time in seconds" : $"not a Unix time in seconds: {JsonText.Echo(created.Raw)}");
            return false;
        }
        at = (long)(seconds * 1000);
        if (writer.WhyNot(at, created.Raw) is not { } reason) return true;
        writer.Reject(position, "created", reason);
        return false;
    }

    private static bool TryAccount(JsonView stripe, JsonView thing, string id, int position, BatchWriter writer, out string account)
    {
        account = "";
        var named = thing["metadata"u8]["account_id"u8];
        if (named.IsAbsent || named.Raw.IsEmpty) named = SubscriptionMetadata(stripe, thing)["account_id"u8];
        if (!named.IsAbsent && !named.Raw.IsEmpty)
        {
            account = (named.Text(AccountId.MaxLength) is { } text ? writer.AccountOf(Encoding.UTF8.GetBytes(text)) : null) ?? "";
            if (account.Length > 0) return true;
            writer.Reject(position, "data.object.metadata.account_id", $"{JsonText.Echo(named.Raw)}: {AccountId.Rule}");
            return false;
        }

        var customer = thing["customer"u8];
        var customerId = (customer.Type == JsonType.Object ? customer["id"u8] : customer).Text(MaxCustomerBytes);
        if (customerId is null)
        {
            writer.Reject(position, "data.object.customer", "required: the customer's id, or metadata.account_id");
            return false;
        }
        if (writer.Context.Identities.Find(StripeReader.Customers, customerId) is { } known)
        {
            account = known;
            return true;
        }
        writer.Batch.Held.Add(new HeldEvent(StripeReader.Customers, customerId, id, WireFormat.Stripe.WireName(), stripe.Raw.ToArray()));
        return false;
    }

    // What the company wrote on the subscription, as its invoices repeat it.
    private static JsonView SubscriptionMetadata(JsonView stripe, JsonView invoice)
    {
        var version = stripe["api_version"u8].Text(64) ?? "";
        var details = string.CompareOrdinal(version, Basil) >= 0 ? invoice["parent"u8]["subscription_details"u8]
            : invoice["subscription_details"u8];
        return details["metadata"u8];
    }
}
