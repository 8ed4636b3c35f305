using System.Reflection;
using HealthGrains.Plays.Files;

namespace HealthGrains.Assistant;

/// <summary>
/// The practice of a company that has none of its own yet: triggers, playbooks, guardrails and templates worth using as they are, and to
/// be changed. Files like any other.
/// </summary>
public static class DefaultPractice
{
    private static readonly Lazy<IReadOnlyList<PracticeFile>> Read = new(ReadAll);

    /// <summary>The files, by path.</summary>
    public static IReadOnlyList<PracticeFile> Files => Read.Value;

    /// <summary>A book of these files. Throws <see cref="InvalidOperationException"/> when one has a mistake: tests rule it out.</summary>
    public static PracticeBook Book(ITemplateCheck check)
    {
        var change = PracticeBook.Empty(check).With(Files);
        return change.Problems.Count == 0 ? change.Book : throw new InvalidOperationException(string.Join('\n', change.Problems));
    }

    private static PracticeFile[] ReadAll()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames().Order(StringComparer.Ordinal).Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return new PracticeFile(name, reader.ReadToEnd());
        })];
    }
}
