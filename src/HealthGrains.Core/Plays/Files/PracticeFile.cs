namespace HealthGrains.Plays.Files;

/// <summary>A file of a company's practice.</summary>
/// <param name="Path">Where it lies within the practice, with forward slashes: <c>playbooks/atRiskSave.json</c>.</param>
/// <param name="Content">Its text.</param>
public sealed record PracticeFile(string Path, string Content);

/// <summary>A mistake in a file of a practice.</summary>
/// <param name="File">The file's path.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column in characters, from 1.</param>
/// <param name="Reason">What is wrong, and what would be right.</param>
public sealed record PracticeProblem(string File, int Line, int Column, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}:{Column}: {Reason}";
}

/// <summary>What a file of a practice holds; its folder says so.</summary>
public enum PracticeKind : byte
{
    /// <summary>A trigger, in <c>triggers/</c>.</summary>
    Trigger,
    /// <summary>A playbook, in <c>playbooks/</c>.</summary>
    Playbook,
    /// <summary>A guardrail, in <c>guardrails/</c>.</summary>
    Guardrail,
    /// <summary>A template, in <c>templates/</c>.</summary>
    Template,
    /// <summary>A team, in <c>teams/</c>.</summary>
    Team,
}

/// <summary>The folders of a practice.</summary>
public static class PracticeFolders
{
    private static readonly string[] Names = ["triggers", "playbooks", "guardrails", "templates", "teams"];

    /// <summary>All folders, in the order of <see cref="PracticeKind"/>.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The folder of a kind.</summary>
    public static string Of(PracticeKind kind) => Names[(int)kind];

    /// <summary>The ending of a kind's files.</summary>
    public static string Ending(PracticeKind kind) => kind == PracticeKind.Template ? ".hbs" : ".json";

    /// <summary>The kind of a file by its path; null with what is wrong about the path.</summary>
    public static PracticeKind? KindOf(string path, out string wrong)
    {
        var slash = path.IndexOf('/');
        var folder = slash < 0 ? "" : path[..slash];
        var index = Array.IndexOf(Names, folder);
        if (index < 0)
        {
            wrong = slash < 0 ? $"it lies in none of the folders {PracticeWords.Or(Names)}: move it into the one that says what it is"
                : $"'{folder}' is no folder of a practice: {string.Join(", ", Names)}{PracticeWords.DidYouMean(folder, Names)}";
            return null;
        }
        var kind = (PracticeKind)index;
        wrong = path.EndsWith(Ending(kind), StringComparison.Ordinal) ? ""
            : $"files in {folder}/ end in {Ending(kind)}: rename it";
        return wrong.Length == 0 ? kind : null;
    }
}
