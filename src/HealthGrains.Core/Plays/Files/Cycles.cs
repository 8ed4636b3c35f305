namespace HealthGrains.Plays.Files;

/// <summary>Names that lead back to the first: from each, the place that leads on.</summary>
internal sealed record Circle(IReadOnlyList<(string From, JsonPlace Place)> Ways)
{
    /// <summary>In full: <c>a -> b -> a</c>.</summary>
    public override string ToString() => string.Join(" -> ", Ways.Select(way => way.From).Append(Ways[0].From));
}

/// <summary>Finds names that lead back to themselves.</summary>
internal static class Cycles
{
    /// <summary>A circle for each name that closes one; names are followed in the order given.</summary>
    public static IReadOnlyList<Circle> Find(
        IEnumerable<string> names, Func<string, IEnumerable<JsonPlace>> next, Func<string, bool> isThere)
    {
        var found = new List<Circle>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names) Follow(name, [], done, next, isThere, found);
        return found;
    }

    private static void Follow(string name, List<(string From, JsonPlace Place)> path, HashSet<string> done,
        Func<string, IEnumerable<JsonPlace>> next, Func<string, bool> isThere, List<Circle> found)
    {
        if (done.Contains(name)) return;
        foreach (var place in next(name))
        {
            path.Add((name, place));
            var at = path.FindIndex(way => way.From == place.Text);
            if (at >= 0) found.Add(new Circle(path[at..]));
            else if (isThere(place.Text)) Follow(place.Text, path, done, next, isThere, found);
            path.RemoveAt(path.Count - 1);
        }
        done.Add(name);
    }
}
