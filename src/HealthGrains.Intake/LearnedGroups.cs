namespace HealthGrains.Intake;

/// <summary>
/// The group last seen for a user, as learned from identify and group calls and not yet known to the host. Bounded: past its
/// capacity it forgets everything, for by then the host has taken what was learned first. For one thread.
/// </summary>
public sealed class LearnedGroups
{
    private const int Capacity = 1_000_000;

    private readonly Dictionary<string, string> _groupOf = new(StringComparer.Ordinal);

    /// <summary>The group last learned for the user, or null.</summary>
    public string? Find(string user) => _groupOf.GetValueOrDefault(user);

    /// <summary>Remembers the user's group in place of an earlier one.</summary>
    public void Learn(string user, string group)
    {
        if (_groupOf.Count >= Capacity) _groupOf.Clear();
        _groupOf[user] = group;
    }
}
