namespace HealthGrains.Intake;

/// <summary>
/// Amounts as Stripe writes them: in the currency's smallest unit. Source: Stripe, "Supported currencies" (zero-decimal and
/// three-decimal currencies).
/// </summary>
internal static class StripeMoney
{
    private static readonly HashSet<string> WithoutDecimals = new(StringComparer.OrdinalIgnoreCase)
    {
        "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf",
    };

    private static readonly HashSet<string> WithThreeDecimals = new(StringComparer.OrdinalIgnoreCase) { "bhd", "jod", "kwd", "omr", "tnd" };

    /// <summary>An amount in whole units of its currency; NaN when it is not there.</summary>
    public static double Amount(JsonView smallest, JsonView currency)
    {
        var code = currency.Text(8) ?? "";
        return smallest.Number / (WithoutDecimals.Contains(code) ? 1 : WithThreeDecimals.Contains(code) ? 1000 : 100);
    }
}
