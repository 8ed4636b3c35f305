using System.Text.RegularExpressions;
using HealthGrains.Assistant;
using HealthGrains.Plays.Files;

namespace HealthGrains.Cli.Practices;

/// <summary>What is wrong with files of a practice, and what they would do.</summary>
internal sealed partial record PracticeCheck(IReadOnlyList<string> Problems, IReadOnlyList<string> Summary)
{
    public static PracticeCheck Of(string path)
    {
        if (Directory.Exists(path)) return OfDirectory(path);
        if (!File.Exists(path)) throw new Refusal($"there is no file and no directory '{path}'; 'healthgrains playbook init DIR' makes one");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var isInPractice = PracticeFolders.All.Contains(Path.GetFileName(folder));
        return isInPractice ? OfFileInPractice(path, Path.GetDirectoryName(folder)!) : OfLooseFile(path);
    }

    private static PracticeCheck OfDirectory(string directory)
    {
        var files = PracticeFolder.Read(directory);
        if (files.Count == 0)
            throw new Refusal($"'{directory}' holds no file of a practice; they lie in {string.Join(", ", PracticeFolders.All)} within it");
        var reading = PracticeReader.Read(files, new HandlebarsWriter());
        return new PracticeCheck([.. reading.Problems.Select(problem => Shown(problem, Path.Combine(directory, problem.File)))],
            reading.Problems.Count == 0 ? PracticeSummary.Of(reading.Practice) : []);
    }

    private static PracticeCheck OfFileInPractice(string path, string directory)
    {
        var own = Path.GetRelativePath(directory, Path.GetFullPath(path)).Replace('\\', '/');
        var (problems, summary, elsewhere) = OfFile(path, own, PracticeFolder.Read(directory));
        return new PracticeCheck(problems, elsewhere > 0 ? [.. summary, $"{elsewhere} mistakes in other files of {directory}"] : summary);
    }

    /// <summary>A file from anywhere is read as if it were added to the default practice, or replaced what has its id there.</summary>
    private static PracticeCheck OfLooseFile(string path)
    {
        var content = File.ReadAllText(path);
        var folder = PracticeFolders.Of(Guess(path, content));
        var own = $"{folder}/{Path.GetFileName(path)}";
        var id = IdOf(content);
        var others = DefaultPractice.Files.Where(file => file.Path != own
            && !(file.Path.StartsWith(folder + "/", StringComparison.Ordinal) && IdOf(file.Content) == id));
        var (problems, summary, _) = OfFile(path, own, [.. others, new PracticeFile(own, content)]);
        return new PracticeCheck(problems, summary);
    }

    private static (string[] Problems, string[] Summary, int Elsewhere) OfFile(string path, string own, IReadOnlyList<PracticeFile> files)
    {
        var change = PracticeBook.Empty(new HandlebarsWriter()).With(files);
        var problems = change.Problems.Where(problem => problem.File == own).Select(problem => Shown(problem, path)).ToArray();
        string[] summary = change.Book.Find(own) is { } what ? [PracticeSummary.Line(what)] : [];
        return (problems, summary, change.Problems.Count - problems.Length);
    }

    private static PracticeKind Guess(string path, string content) =>
        path.EndsWith(".hbs", StringComparison.Ordinal) ? PracticeKind.Template
        : content.Contains("\"steps\"", StringComparison.Ordinal) ? PracticeKind.Playbook
        : content.Contains("\"members\"", StringComparison.Ordinal) ? PracticeKind.Team
        : content.Contains("\"kind\"", StringComparison.Ordinal) ? PracticeKind.Guardrail
        : content.Contains("\"when\"", StringComparison.Ordinal) ? PracticeKind.Trigger : PracticeKind.Playbook;

    private static string Shown(PracticeProblem problem, string path) => $"{path}:{problem.Line}:{problem.Column}: {problem.Reason}";

    private static string IdOf(string content) => Id().Match(content).Groups[1].Value;

    [GeneratedRegex("^\\s*\\{?[^\\n]*?\"?\\bid\"?\\s*:\\s*\"?([\\w.-]+)", RegexOptions.Multiline)]
    private static partial Regex Id();
}
