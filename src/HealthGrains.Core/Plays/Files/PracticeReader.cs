namespace HealthGrains.Plays.Files;

/// <summary>A practice as it was read.</summary>
/// <param name="Practice">What of it is right.</param>
/// <param name="Problems">What is not, in the order of files and lines.</param>
public sealed record PracticeReading(Practice Practice, IReadOnlyList<PracticeProblem> Problems);

/// <summary>Reads the files that a company keeps its practice in. Pure: hosts bring the contents.</summary>
public static class PracticeReader
{
    /// <summary>Reads all files of a practice, and says all that is wrong with them.</summary>
    /// <param name="files">The files.</param>
    /// <param name="check">Reads templates.</param>
    public static PracticeReading Read(IReadOnlyList<PracticeFile> files, ITemplateCheck check)
    {
        var change = PracticeBook.Empty(check).With(files);
        return new PracticeReading(change.Book.Practice, change.Problems);
    }

    /// <summary>Reads a file by itself; null with the reasons when it is wrong.</summary>
    internal static PracticePart? Part(PracticeFile file, ITemplateCheck check, List<PracticeProblem> problems)
    {
        var report = new Report(file.Path);
        PracticePart? part = null;
        if (PracticeFolders.KindOf(file.Path, out var wrong) is not { } kind) report.Add(1, 1, wrong);
        else if (kind == PracticeKind.Template) part = TemplateFile.Read(file, check, report);
        else if (JsonPlace.Read(file.Content, report) is { } place)
            part = kind switch
            {
                PracticeKind.Trigger => TriggerFile.Read(file, place, report),
                PracticeKind.Playbook => PlaybookFile.Read(file, place, report),
                PracticeKind.Guardrail => GuardrailFile.Read(file, place, report),
                _ => TeamFile.Read(file, place, report),
            };
        problems.AddRange(report.Problems);
        return report.Problems.Count == 0 ? part : null;
    }

    internal static PracticePart Part(
        PracticeFile file, PracticeKind kind, string id, int version, object what, string canonical, Entry entry)
    {
        var at = entry.At("version");
        return new PracticePart(file, kind, id, version, what, canonical, (at?.Line ?? 1, at?.Column ?? 1));
    }
}
