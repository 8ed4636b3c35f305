namespace HealthGrains.Plays.Files;

/// <summary>What a file says of another.</summary>
internal enum MentionOf : byte
{
    /// <summary>The trigger that starts a playbook.</summary>
    Trigger,
    /// <summary>A playbook that is replaced, or kept clear of.</summary>
    Playbook,
    /// <summary>The playbook that follows.</summary>
    Then,
    /// <summary>The template of a step or of the digest.</summary>
    Template,
    /// <summary>A mark that a guardrail looks for.</summary>
    Mark,
    /// <summary>A CSM who belongs to a team.</summary>
    Member,
    /// <summary>That a team's manager is told of accounts that nobody owns.</summary>
    Unowned,
}

/// <summary>A name of something in another file, and where it stands.</summary>
/// <param name="Of">What it names.</param>
/// <param name="Name">The name.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Step">The step that names it; null outside of steps.</param>
internal readonly record struct Mention(MentionOf Of, string Name, JsonPlace Place, PlayStep? Step = null);

/// <summary>A file as it was read: right in itself; whether what it mentions is there is another question.</summary>
/// <param name="Source">The file.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Id">Its id; of a team, the path.</param>
/// <param name="Version">Its version; of a team, 0.</param>
/// <param name="What">The trigger, playbook, guardrail, template or team.</param>
/// <param name="Canonical">What it says, written one way only: files that say the same have the same.</param>
/// <param name="VersionAt">Where the version stands.</param>
internal sealed record PracticePart(
    PracticeFile Source, PracticeKind Kind, string Id, int Version, object What, string Canonical, (int Line, int Column) VersionAt)
{
    public string Path => Source.Path;

    public (PracticeKind, string, int) Key => (Kind, Id, Version);

    /// <summary>What it says of other files.</summary>
    public IReadOnlyList<Mention> Mentions { get; init; } = [];

    /// <summary>Of a template: the fields that it names, with their places in the file.</summary>
    public IReadOnlyList<TemplateField> Fields { get; init; } = [];
}
