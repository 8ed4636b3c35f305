namespace HealthGrains.Plays;

/// <summary>A text with holes, versioned. The same facts give the same text.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Version">Version, from 1.</param>
/// <param name="Subject">Subject line; empty where the kind of message has none.</param>
/// <param name="Body">The text, in the writer's language.</param>
public sealed record TextTemplate(string Id, int Version, string Subject, string Body);

/// <summary>
/// How the company practises customer success: its triggers, playbooks, guardrails, templates and teams, each added or replaced by a
/// file while everything runs. Immutable. Of every id the highest version decides; other ones stay for the runs that began with them.
/// </summary>
public sealed class Practice
{
    /// <summary>The CSM of the account.</summary>
    public const string Owner = "owner";

    /// <summary>The manager of the account's CSM.</summary>
    public const string Manager = "manager";

    private readonly Dictionary<(string, int), Playbook> _playbooks;
    private readonly IReadOnlyList<TextTemplate> _earlierTemplates;

    /// <summary>
    /// A practice of these parts, of which the highest version of each id decides; and of earlier ones, with which nothing begins any more
    /// and which runs that began with them still need.
    /// </summary>
    public Practice(IReadOnlyList<TriggerRule> triggers, IReadOnlyList<Playbook> playbooks, IReadOnlyList<Guardrail> guardrails,
        IReadOnlyList<TextTemplate> templates, IReadOnlyList<Team> teams,
        IReadOnlyList<Playbook>? earlierPlaybooks = null, IReadOnlyList<TextTemplate>? earlierTemplates = null)
    {
        Triggers = Newest(triggers, rule => rule.Id, rule => rule.Version);
        Playbooks = [.. Newest(playbooks, book => book.Id, book => book.Version).OrderByDescending(book => book.Priority)];
        Guardrails = Newest(guardrails, rule => rule.Id, rule => rule.Version);
        Templates = Newest(templates, text => text.Id, text => text.Version);
        Teams = teams;
        _playbooks = playbooks.Concat(earlierPlaybooks ?? []).ToDictionary(book => (book.Id, book.Version));
        _earlierTemplates = Newest(earlierTemplates ?? [], text => text.Id, text => text.Version);
    }

    /// <summary>No practice: nothing is triggered, nothing played.</summary>
    public static Practice None { get; } = new([], [], [], [], []);

    /// <summary>The triggers that decide.</summary>
    public IReadOnlyList<TriggerRule> Triggers { get; }

    /// <summary>The playbooks that start, the highest priority first.</summary>
    public IReadOnlyList<Playbook> Playbooks { get; }

    /// <summary>The guardrails that hold.</summary>
    public IReadOnlyList<Guardrail> Guardrails { get; }

    /// <summary>The templates that are written with.</summary>
    public IReadOnlyList<TextTemplate> Templates { get; }

    /// <summary>The teams.</summary>
    public IReadOnlyList<Team> Teams { get; }

    /// <summary>The playbook that starts under an id; null when there is none.</summary>
    public Playbook? Find(string id) => Playbooks.FirstOrDefault(book => book.Id == id);

    /// <summary>A playbook in the version that a run began with; null when it is not known here.</summary>
    public Playbook? Find(string id, int version) => _playbooks.GetValueOrDefault((id, version));

    /// <summary>The template of an id, one that was taken out where it is the last; null when there never was one.</summary>
    public TextTemplate? Template(string id) =>
        Templates.FirstOrDefault(text => text.Id == id) ?? _earlierTemplates.FirstOrDefault(text => text.Id == id);

    /// <summary>The manager of an owner; null when no team names one.</summary>
    public string? ManagerOf(string? owner) => Teams.FirstOrDefault(team => owner is not null && team.Members.Contains(owner))?.Manager;

    /// <summary>
    /// Who is told what an owner is to hear, and how: the owner, as a team's file has them; of nobody's accounts (<c>""</c>) the manager
    /// who answers for those, and null where no team's does.
    /// </summary>
    public TeamPerson? PersonOf(string owner)
    {
        var team = owner.Length == 0 ? Teams.FirstOrDefault(team => team.Unowned)
            : Teams.FirstOrDefault(team => team.Members.Contains(owner)) ?? Teams.FirstOrDefault(team => team.Manager == owner);
        var name = owner.Length == 0 ? team?.Manager : owner;
        if (name is null) return null;
        var person = team?.People.FirstOrDefault(person => person.Name == name) ?? new TeamPerson(name);
        return person with { TimeZone = person.TimeZone ?? team?.TimeZone };
    }

    /// <summary>
    /// Whether a person may do what is an owner's or a manager's: any colleague stands in for an owner; for a manager only a manager
    /// does, the owner's own where a team names one. Where there are no teams, nobody is told apart.
    /// </summary>
    public bool May(string actor, string role, string? owner) =>
        role != Manager || Teams.Count == 0
        || (ManagerOf(owner) is { } manager ? manager == actor : Teams.Any(team => team.Manager == actor));

    private static IReadOnlyList<T> Newest<T>(IReadOnlyList<T> all, Func<T, string> id, Func<T, int> version) =>
        [.. all.GroupBy(id, StringComparer.Ordinal).Select(same => same.MaxBy(version)!).OrderBy(id, StringComparer.Ordinal)];
}
