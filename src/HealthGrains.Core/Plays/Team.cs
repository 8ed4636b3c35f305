namespace HealthGrains.Plays;

/// <summary>People who work together.</summary>
/// <param name="Manager">Who leads them: approves, and hears of what is left lying.</param>
/// <param name="Members">CSMs, as accounts name their owners.</param>
public sealed record Team(string Manager, IReadOnlyList<string> Members)
{
    /// <summary>How its people want to be told; who is not named here is told in the team's chat.</summary>
    public IReadOnlyList<TeamPerson> People { get; init; } = [];
    /// <summary>Whether its manager is told of accounts that nobody owns.</summary>
    public bool Unowned { get; init; }
    /// <summary>The time zone (IANA) of those who have none of their own; null for UTC.</summary>
    public string? TimeZone { get; init; }
}

/// <summary>How a colleague wants to be told.</summary>
/// <param name="Name">Who, as accounts name their owners.</param>
public sealed record TeamPerson(string Name)
{
    /// <summary>Told in the team's chat, which names them.</summary>
    public const string Chat = "chat";
    /// <summary>Told by e-mail.</summary>
    public const string Mail = "email";

    /// <summary>Where: <see cref="Chat"/> or <see cref="Mail"/>.</summary>
    public string By { get; init; } = Chat;
    /// <summary>The address, for those who are told by e-mail.</summary>
    public string? Email { get; init; }
    /// <summary>The person's time zone (IANA); null for the team's.</summary>
    public string? TimeZone { get; init; }
    /// <summary>Whether they get the digest.</summary>
    public bool Digest { get; init; } = true;
}
