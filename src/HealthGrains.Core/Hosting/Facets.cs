using HealthGrains.Accounts;

namespace HealthGrains.Hosting;

/// <summary>A value that accounts have, and how many have it.</summary>
/// <param name="Value">The owner, the segment or the tier.</param>
/// <param name="Accounts">Active accounts.</param>
public sealed record FacetCount(string Value, int Accounts);

/// <summary>What the accounts of a book can be told apart by. Churned accounts are not counted, nor are those without a value.</summary>
/// <param name="AsOf">How fresh it is.</param>
/// <param name="Accounts">How many active accounts.</param>
/// <param name="Owners">CSMs, by name.</param>
/// <param name="Segments">Segments, by name.</param>
/// <param name="Tiers">Tiers that any account has, the largest customers first.</param>
public sealed record PortfolioFacets(
    DateTimeOffset AsOf, int Accounts, IReadOnlyList<FacetCount> Owners, IReadOnlyList<FacetCount> Segments,
    IReadOnlyList<FacetCount> Tiers)
{
    /// <summary>A tier as it is called on the wire.</summary>
    public static FacetCount OfTier(Tier tier, int accounts) => new(
        tier switch { Tier.Enterprise => "enterprise", Tier.Standard => "standard", _ => "smb" }, accounts);

    /// <summary>
    /// In the one order that every host answers in: names as people sort them, those that differ in case alone by their code.
    /// </summary>
    public static IReadOnlyList<FacetCount> ByName(IEnumerable<FacetCount> counts) =>
        [.. counts.OrderBy(count => count.Value, StringComparer.OrdinalIgnoreCase).ThenBy(count => count.Value, StringComparer.Ordinal)];
}
