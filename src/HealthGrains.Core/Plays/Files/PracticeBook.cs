using System.Collections.Immutable;

namespace HealthGrains.Plays.Files;

/// <summary>What came of a change: the book as it is now, and why parts of the change were refused.</summary>
/// <param name="Book">The book; the very same when nothing was taken.</param>
/// <param name="Problems">What is wrong, in the order of files and lines; none when all was taken.</param>
public sealed record PracticeChange(PracticeBook Book, IReadOnlyList<PracticeProblem> Problems)
{
    /// <summary>The files that were not taken: what they were before stays.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];
}

/// <summary>
/// The files of a practice as they stand, and every version that ever stood. Immutable, and a function of the changes alone: hosts that
/// take the same changes in the same order, or one book's <see cref="Files"/> and <see cref="Earlier"/>, have the same practice. A file
/// with a mistake is refused and what it was before stays. Versions are never lost: runs that began with one go on with it.
/// </summary>
public sealed class PracticeBook
{
    private readonly ITemplateCheck _check;
    private readonly ImmutableSortedDictionary<string, PracticePart> _parts;
    private readonly ImmutableSortedDictionary<(PracticeKind, string, int), PracticePart> _earlier;

    private PracticeBook(ITemplateCheck check, ImmutableSortedDictionary<string, PracticePart> parts,
        ImmutableSortedDictionary<(PracticeKind, string, int), PracticePart> earlier)
    {
        (_check, _parts, _earlier) = (check, parts, earlier);
        Practice = new Practice(All<TriggerRule>(), All<Playbook>(), All<Guardrail>(), All<TextTemplate>(), All<Team>(),
            [.. earlier.Values.Select(part => part.What).OfType<Playbook>()],
            [.. earlier.Values.Select(part => part.What).OfType<TextTemplate>()]);
    }

    /// <summary>The practice of these files.</summary>
    public Practice Practice { get; }

    /// <summary>The files as they stand, by path.</summary>
    public IReadOnlyList<PracticeFile> Files => [.. _parts.Values.Select(part => part.Source)];

    /// <summary>Files of versions that stood once.</summary>
    public IReadOnlyList<PracticeFile> Earlier => [.. _earlier.Values.Select(part => part.Source)];

    /// <summary>What a file says: a trigger, playbook, guardrail, template or team; null when there is no such file.</summary>
    public object? Find(string path) => _parts.GetValueOrDefault(path)?.What;

    /// <summary>A book of nothing.</summary>
    public static PracticeBook Empty(ITemplateCheck check) => new(check,
        ImmutableSortedDictionary.Create<string, PracticePart>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<(PracticeKind, string, int), PracticePart>(ByKindIdVersion.Instance));

    /// <summary>A book of what another one's <see cref="Files"/> and <see cref="Earlier"/> held.</summary>
    public static PracticeChange Restore(
        ITemplateCheck check, IReadOnlyList<PracticeFile> files, IReadOnlyList<PracticeFile> earlier)
    {
        var problems = new List<PracticeProblem>();
        var empty = Empty(check);
        var kept = empty._earlier.ToBuilder();
        foreach (var file in earlier)
            if (PracticeReader.Part(file, check, problems) is { } part) kept[part.Key] = part;
        var change = new PracticeBook(check, empty._parts, kept.ToImmutable()).With(files);
        return change with { Problems = Ordered(problems.Concat(change.Problems)) };
    }

    /// <summary>The book with a file added or replaced.</summary>
    public PracticeChange With(string path, string content) => With([new PracticeFile(path, content)]);

    /// <summary>The book with files added or replaced; those with mistakes are refused one by one, and the others taken.</summary>
    public PracticeChange With(IReadOnlyList<PracticeFile> files) => Change(files, []);

    /// <summary>The book without a file.</summary>
    public PracticeChange Without(string path) => Change([], [path]);

    /// <summary>The book with files added, replaced and taken out together: what needs another is never seen without it.</summary>
    public PracticeChange Change(IReadOnlyList<PracticeFile> with, IReadOnlyList<string> without)
    {
        var problems = new List<PracticeProblem>();
        var parts = _parts.ToBuilder();
        var changed = new SortedSet<string>(StringComparer.Ordinal);
        var removed = new SortedSet<string>(without.Where(_parts.ContainsKey), StringComparer.Ordinal);
        var refused = new SortedSet<string>(StringComparer.Ordinal);
        parts.RemoveRange(removed);
        foreach (var file in with.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            if (_parts.TryGetValue(file.Path, out var same) && same.Source == file && !removed.Contains(file.Path)) continue;
            if (PracticeReader.Part(file, _check, problems) is { } part && IsNew(part, parts, problems))
            {
                parts[file.Path] = part;
                changed.Add(file.Path);
            }
            else
            {
                refused.Add(file.Path);
                if (same is not null) parts[file.Path] = same;
            }
        }
        while (PracticeMentions.Check([.. parts.Values], changed, refused) is { Count: > 0 } wrong)
        {
            // Where no changed file is wrong, something was taken out that others need; or else what is new does not fit together.
            var own = wrong.Where(problem => changed.Contains(problem.File)).ToArray();
            string[] bad = own.Length > 0 ? [.. own.Select(problem => problem.File).Distinct(StringComparer.Ordinal)]
                : removed.Count > 0 ? [.. removed] : [.. changed];
            problems.AddRange(own.Length > 0 ? own : wrong);
            foreach (var path in bad)
            {
                if (_parts.TryGetValue(path, out var before)) parts[path] = before;
                else parts.Remove(path);
                changed.Remove(path);
                removed.Remove(path);
                refused.Add(path);
            }
            if (changed.Count + removed.Count == 0) break;
        }
        var book = changed.Count + removed.Count == 0 ? this : Taken(parts);
        return new PracticeChange(book, Ordered(problems)) { Refused = [.. refused] };
    }

    /// <summary>Whether a version says what it always said, and stands in one file alone.</summary>
    private bool IsNew(PracticePart part, ImmutableSortedDictionary<string, PracticePart>.Builder parts, List<PracticeProblem> problems)
    {
        if (part.Kind == PracticeKind.Team) return true;
        var (line, column) = part.VersionAt;
        var known = _parts.Values.Concat(_earlier.Values).Where(other => other.Kind == part.Kind && other.Id == part.Id).ToArray();
        string Say(string what) => $"version {part.Version} of {part.Id} {what}: raise the version to "
            + $"{known.Concat(parts.Values.Where(other => other.Kind == part.Kind && other.Id == part.Id)).Max(other => other.Version) + 1}";
        var wrong = known.Any(other => other.Version == part.Version && other.Canonical != part.Canonical)
            ? Say("was already loaded with other content")
            : parts.Values.FirstOrDefault(other => other.Key == part.Key && other.Path != part.Path) is { } twin
                ? Say($"also stands in {twin.Path}") + ", or give it an id of its own"
                : null;
        if (wrong is not null) problems.Add(new PracticeProblem(part.Path, line, column, wrong));
        return wrong is null;
    }

    private PracticeBook Taken(ImmutableSortedDictionary<string, PracticePart>.Builder parts)
    {
        var earlier = _earlier.ToBuilder();
        foreach (var part in _parts.Values)
            if (part.Kind != PracticeKind.Team) earlier[part.Key] = part;
        earlier.RemoveRange(parts.Values.Select(part => part.Key));
        return new PracticeBook(_check, parts.ToImmutable(), earlier.ToImmutable());
    }

    private T[] All<T>() => [.. _parts.Values.Select(part => part.What).OfType<T>()];

    private static PracticeProblem[] Ordered(IEnumerable<PracticeProblem> problems) =>
    [
        .. problems.Distinct().OrderBy(problem => problem.File, StringComparer.Ordinal)
            .ThenBy(problem => problem.Line).ThenBy(problem => problem.Column),
    ];

    private sealed class ByKindIdVersion : IComparer<(PracticeKind Kind, string Id, int Version)>
    {
        public static ByKindIdVersion Instance { get; } = new();

        public int Compare((PracticeKind Kind, string Id, int Version) x, (PracticeKind Kind, string Id, int Version) y)
        {
            if (x.Kind != y.Kind) return x.Kind < y.Kind ? -1 : 1;
            var order = string.CompareOrdinal(x.Id, y.Id);
            return order != 0 ? order : x.Version.CompareTo(y.Version);
        }
    }
}
