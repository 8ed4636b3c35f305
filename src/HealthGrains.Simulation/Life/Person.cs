namespace HealthGrains.Simulation;

/// <summary>Somebody who works in the product: how often, with what, and how long they hold out when the others leave.</summary>
internal sealed class Person
{
    private readonly string[] _tastes;
    private readonly double _learning;
    private readonly int _breadth;

    /// <summary>Draws a person who had their first day in the product then.</summary>
    public Person(string id, int firstDay, Rng rng)
    {
        Id = id;
        FirstDay = firstDay;
        Activity = rng.Gamma(1.5);
        Stubbornness = rng.Unit();
        SessionMinutes = Math.Clamp(rng.LogNormal(18, 0.5), 4, 70);
        _learning = rng.Between(0.03, 0.15);
        _breadth = rng.Whole(5, Catalogue.Features.Length);
        _tastes = Tastes(rng);
    }

    /// <summary>The user's id, unique in the company.</summary>
    public string Id { get; }

    /// <summary>Their first day in the product.</summary>
    public int FirstDay { get; }

    /// <summary>How active they are, 1 for the average person.</summary>
    public double Activity { get; }

    /// <summary>How far usage must fall before they stop altogether: they work on while its square root is above this.</summary>
    public double Stubbornness { get; }

    /// <summary>Median length of their sessions.</summary>
    public double SessionMinutes { get; }

    /// <summary>The last day on which they were seen; long ago when never.</summary>
    public int LastSeen { get; set; } = int.MinValue;

    /// <summary>A feature as they would use on that day: mostly their favourites among those that they have found so far.</summary>
    public string Feature(Rng rng, int day, double breadth)
    {
        var found = Math.Min(_breadth, 3 + (int)((day - FirstDay) * _learning));
        var used = Math.Max(1, (int)(found * breadth + 0.5));
        var u = rng.Unit();
        return _tastes[(int)(used * u * u)];
    }

    /// <summary>The features in their own order: roughly that of the catalogue, since some are simply more useful.</summary>
    private static string[] Tastes(Rng rng)
    {
        var tastes = (string[])Catalogue.Features.Clone();
        var keys = new double[tastes.Length];
        for (var i = 0; i < keys.Length; i++) keys[i] = i + rng.Exponential(5);
        Array.Sort(keys, tastes);
        return tastes;
    }
}
