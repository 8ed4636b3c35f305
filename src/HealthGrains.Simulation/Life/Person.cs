namespace HealthGrains.Simulation;

/// <summary>Somebody who works in the product: how often, with what, and how long they hold out when the others leave.</summary>
internal sealed class Person
{
    private readonly string[] _tastes;
    private readonly double _learning;
    private readonly int _breadth;

    /// <summary>Draws a person who had their first day in the product then, and whose account uses these features.</summary>
    public Person(string id, int firstDay, AccountTraits traits, IReadOnlyList<string> features, Rng rng)
    {
        Id = id;
        FirstDay = firstDay;
        Activity = rng.Gamma(1.5);
        Stubbornness = rng.Unit();
        SessionMinutes = Math.Clamp(traits.Sessions * rng.LogNormal(18, 0.5), 3, 70);
        _learning = rng.Between(0.03, 0.15);
        _breadth = rng.Whole(Math.Min(5, features.Count), features.Count);
        _tastes = Tastes(features, rng);
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

    /// <summary>The features in the order of their taste.</summary>
    public IReadOnlyList<string> Favourites => _tastes;

    /// <summary>The last day on which they were seen; long ago when never.</summary>
    public int LastSeen { get; set; } = int.MinValue;

    /// <summary>A feature as they would use on that day: mostly their favourites among those that they have found so far.</summary>
    public string Feature(Rng rng, int day, double breadth)
    {
        var u = rng.Unit();
        return _tastes[(int)(Used(day, breadth) * u * u)];
    }

    /// <summary>How many of their favourites they use on a day.</summary>
    public int Used(int day, double breadth)
    {
        var found = Math.Min(_breadth, 3 + (int)((day - FirstDay) * _learning));
        return Math.Max(1, (int)(found * breadth + 0.5));
    }

    /// <summary>The features in an order of taste: roughly that in which they are given, since some are simply more useful.</summary>
    public static string[] Tastes(IReadOnlyList<string> features, Rng rng)
    {
        string[] tastes = [.. features];
        var keys = new double[tastes.Length];
        for (var i = 0; i < keys.Length; i++) keys[i] = i + rng.Exponential(5);
        Array.Sort(keys, tastes);
        return tastes;
    }
}
