namespace HealthGrains.Simulation;

/// <summary>Names that read like companies: unique for every account, and in another order for every seed.</summary>
internal static class CompanyNames
{
    private static readonly string[] First =
    [
        "Alder", "Amber", "Anchor", "Argent", "Ashford", "Aspen", "Basalt", "Beacon", "Birch", "Blue Heron", "Bright", "Brook",
        "Caldera", "Canyon", "Cedar", "Cinder", "Clear", "Cobalt", "Copper", "Coral", "Crescent", "Dover", "Eastgate", "Elm",
        "Ember", "Falcon", "Fern", "Fjord", "Flint", "Foxglove", "Garnet", "Glacier", "Granite", "Harbour", "Hawthorn", "Hazel",
        "Helio", "Highland", "Indigo", "Iron", "Ivory", "Juniper", "Kestrel", "Lantern", "Larch", "Linden", "Lumen", "Maple",
        "Meridian", "Mesa", "Moss", "North Star", "Oak", "Obsidian", "Onyx", "Opal", "Orchard", "Pebble", "Pine", "Quarry",
        "Quill", "Raven", "Redwood", "Ridge", "Sable", "Sierra", "Slate", "Sterling", "Summit", "Tidal", "Vesper", "Willow",
    ];

    private static readonly (string Word, string Segment)[] Second =
    [
        ("Analytics", "software"), ("Software", "software"), ("Cloud", "software"), ("Systems", "software"), ("Data", "software"),
        ("Digital", "software"), ("Health", "healthcare"), ("Clinics", "healthcare"), ("Diagnostics", "healthcare"),
        ("Therapeutics", "healthcare"), ("Medical", "healthcare"), ("Care", "healthcare"), ("Capital", "finance"),
        ("Insurance", "finance"), ("Credit", "finance"), ("Payments", "finance"), ("Advisory", "finance"), ("Wealth", "finance"),
        ("Retail", "retail"), ("Foods", "retail"), ("Outfitters", "retail"), ("Home", "retail"), ("Markets", "retail"),
        ("Apparel", "retail"), ("Logistics", "logistics"), ("Freight", "logistics"), ("Shipping", "logistics"),
        ("Transport", "logistics"), ("Supply", "logistics"), ("Couriers", "logistics"), ("Manufacturing", "manufacturing"),
        ("Robotics", "manufacturing"), ("Tools", "manufacturing"), ("Materials", "manufacturing"), ("Steel", "manufacturing"),
        ("Components", "manufacturing"),
    ];

    private static readonly string[] Suffixes = ["", " Group", " Partners", " Holdings", " International", " Europe", " Americas", " Labs"];

    /// <summary>The name of an account and the industry that it says. Every index has another name.</summary>
    public static (string Name, string Segment) Of(ulong seed, int index)
    {
        var pairs = First.Length * Second.Length;
        // 1387 shares no factor with the number of pairs, so the walk meets every pair once before it comes round.
        var place = (int)(((ulong)(index % pairs) * 1387 + seed * 7919 % (ulong)pairs) % (ulong)pairs);
        var round = index / pairs;
        var (word, segment) = Second[place % Second.Length];
        var suffix = round < Suffixes.Length ? Suffixes[round] : $" {round}";
        return ($"{First[place / Second.Length]} {word}{suffix}", segment);
    }

    /// <summary>A name as it stands in ids and mail domains: lower case, words joined by hyphens.</summary>
    public static string Slug(string name) => string.Create(name.Length, name, static (span, text) =>
    {
        for (var i = 0; i < span.Length; i++) span[i] = text[i] == ' ' ? '-' : char.ToLowerInvariant(text[i]);
    });
}
