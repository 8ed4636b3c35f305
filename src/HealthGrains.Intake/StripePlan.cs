namespace HealthGrains.Intake;

/// <summary>What a subscription is for: how many seats of which price. Read from the subscription as it is, or as it was.</summary>
/// <param name="Seats">The quantities of its items together; NaN when not told.</param>
/// <param name="Price">The first item's price: lookup key, else nickname, else id; null when not told.</param>
/// <param name="PriceId">The first item's price, by its id.</param>
/// <param name="Recurring">What its items cost together each interval, in whole units of the currency; NaN when not told.</param>
/// <param name="IntervalsPerYear">How often that is charged a year.</param>
internal readonly record struct StripePlan(double Seats, string? Price, string? PriceId, double Recurring, double IntervalsPerYear)
{
    /// <summary>
    /// Reads <c>items.data[]</c>, and where there are none the subscription's own <c>plan</c> and <c>quantity</c>, as before
    /// 2019.
    /// </summary>
    /// <param name="subscription">The subscription, or those of its attributes that were different.</param>
    /// <param name="seatsUntold">How many seats it cost where it tells no quantity, because that has not changed.</param>
    public static StripePlan Of(JsonView subscription, double seatsUntold = 1)
    {
        if (double.IsNaN(seatsUntold)) seatsUntold = 1;
        var plan = new StripePlan(double.NaN, null, null, double.NaN, double.NaN);
        var isFirst = true;
        foreach (var item in subscription["items"u8]["data"u8].Items)
        {
            plan = plan.Plus(item, isFirst, 1);
            isFirst = false;
        }
        return isFirst ? plan.Plus(subscription, true, seatsUntold) : plan;
    }

    /// <summary>How the recurring amount changes from an earlier plan to this one, per interval of this one; NaN when not told.</summary>
    public double ChangeFrom(StripePlan before)
    {
        var sameInterval = double.IsNaN(before.IntervalsPerYear) || double.IsNaN(IntervalsPerYear);
        return Recurring - before.Recurring * (sameInterval ? 1 : before.IntervalsPerYear / IntervalsPerYear);
    }

    private StripePlan Plus(JsonView item, bool isFirst, double seatsUntold)
    {
        var price = item["price"u8];
        if (price.Type != JsonType.Object) price = item["plan"u8];
        var quantity = item["quantity"u8].Number;
        var unit = price["unit_amount"u8].IsAbsent ? price["amount"u8] : price["unit_amount"u8];
        var cost = StripeMoney.Amount(unit, price["currency"u8]) * (double.IsNaN(quantity) ? seatsUntold : quantity);
        if (!isFirst) return this with { Seats = Seats + quantity, Recurring = Recurring + cost };

        var recurring = price["recurring"u8].Type == JsonType.Object ? price["recurring"u8] : price;
        var count = recurring["interval_count"u8].Number;
        var perYear = recurring["interval"u8].Text(8) switch { "day" => 365, "week" => 52, "month" => 12, "year" => 1, _ => double.NaN };
        var id = price.Type == JsonType.Object ? price["id"u8].Text(128) : price.Text(128);
        return new StripePlan(
            quantity, price["lookup_key"u8].Text(128) ?? price["nickname"u8].Text(128) ?? id, id, cost, perYear / (count > 0 ? count : 1));
    }
}
