using HealthGrains.Hosting;

namespace HealthGrains.Intake;

/// <summary>
/// Reads Stripe's event objects, as webhooks deliver them or as an export lists them. Events that mean nothing for health are
/// accepted without a signal, <c>charge.dispute.created</c> among them: it names a charge and neither customer nor invoice, so no
/// later event could ever clear it. Source: Stripe API reference, "The Event object", and its change log for 2025-03-31.basil.
/// </summary>
public static class StripeReader
{
    /// <summary>The source of customers' ids in <see cref="IIdentities"/>.</summary>
    public const string Customers = "stripe";

    /// <summary>
    /// Reads a body into an empty batch. Throws <see cref="IntakeFormatException"/> when it cannot be read as a whole; the batch is
    /// then empty.
    /// </summary>
    /// <param name="body">UTF-8.</param>
    /// <param name="context">What intake must know.</param>
    /// <param name="batch">Takes what is read.</param>
    /// <param name="shape">How the events are put together.</param>
    public static void Read(ReadOnlySpan<byte> body, IntakeContext context, IntakeBatch batch, BodyShape shape = BodyShape.Detect)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(batch);
        JsonBody.Read(body, shape, new BatchWriter(context, batch), ReadOne, WireFormat.Stripe);
    }

    /// <summary>Reads the event at the cursor. False on broken JSON: nothing was taken or counted then.</summary>
    internal static bool ReadOne(ReadOnlySpan<byte> json, ref JsonCursor cursor, bool alone, int position, BatchWriter writer)
    {
        if (!cursor.ReadValue(out var span, alone ? 0 : 1) || (alone && !cursor.TakeEnd())) return false;
        StripeEvent.Take(new JsonView(json, span), position, writer);
        return true;
    }
}
