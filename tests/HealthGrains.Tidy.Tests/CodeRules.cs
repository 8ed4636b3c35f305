using System.Text.RegularExpressions;

namespace HealthGrains.Tidy.Tests;

public sealed class CodeRules
{
    private const int LongestFile = 500;
    private const int LongestLine = 140;

    private static readonly Regex Unfinished = new(@"\b(TODO|FIXME|HACK|XXX)\b");
    private static readonly Regex Namespace = new(@"^namespace ([\w.]+)", RegexOptions.Multiline);
    private static readonly Regex Sentence = new(@"""(?:[^""\\]|\\.){40,}""");
    private static readonly Regex TestAttribute = new(@"^\s*\[(Fact|Theory|Property)\b");
    private static readonly Regex Method = new(@"^\s*public (?:static )?(?:async )?[\w<>\[\]?.]+ (\w+)\(");

    private static readonly Regex CoreIo = new(
        @"\bSystem\.(IO|Net|Diagnostics\.Process)\b"
        + @"|\b(File|Directory|Console|Environment|FileStream|StreamReader|StreamWriter|HttpClient|Process)\.\w"
        + @"|\bnew (FileStream|FileInfo|DirectoryInfo|StreamReader|StreamWriter|HttpClient|Thread|Process)\b"
        + @"|\bPath\.(Combine|Get)|\bTimeProvider\.System\b");

    private static readonly string[] LineRules = [".cs", ".csproj", ".props", ".sh", ".ts", ".css", ".html", ".sql", ".yml", ".yaml"];

    [Fact]
    public void Files_in_src_are_at_most_500_lines_long()
    {
        var findings = new Findings();
        foreach (var file in SourceTree.Code.Where(file => file.IsUnder("src") && file.Lines.Length - 1 > LongestFile))
            findings.Add(file.Path, LongestFile, $"{file.Lines.Length - 1} lines: split it before 500, better before 400");
        findings.AssertNone();
    }

    [Fact]
    public void Clocks_chance_and_sleep_come_in_from_the_edges_and_nothing_is_left_unfinished()
    {
        var findings = new Findings();
        foreach (var file in SourceTree.Code)
            foreach (var call in ForbiddenCalls.All.Where(call => call.Scope.Any(file.IsUnder)))
                ForEachLine(file, (line, number) =>
                {
                    if (call.Pattern.IsMatch(ForbiddenCalls.WithoutComment(line)) && !ForbiddenCalls.IsExempt(file.Path, call.Name))
                        findings.Add(file.Path, number, $"{call.Name}: {call.Instead}");
                });
        findings.AssertNone();
    }

    [Fact]
    public void Nothing_is_marked_as_work_to_be_done_later()
    {
        var findings = new Findings();
        foreach (var file in SourceTree.Files.Where(file => !file.IsUnder("tests/HealthGrains.Tidy.Tests")))
            ForEachLine(file, (line, number) =>
            {
                if (Unfinished.Match(line) is { Success: true } match)
                    findings.Add(file.Path, number, $"{match.Value}: do it now, or write it down as an issue");
            });
        findings.AssertNone();
    }

    [Fact]
    public void Core_does_no_input_or_output()
    {
        var findings = new Findings();
        foreach (var file in SourceTree.Code.Where(file => file.IsUnder("src/HealthGrains.Core")))
            ForEachLine(file, (line, number) =>
            {
                if (CoreIo.Match(ForbiddenCalls.WithoutComment(line)) is { Success: true } match)
                    findings.Add(file.Path, number, $"'{match.Value}': Core is pure; take the value as an argument and do this in a host");
            });
        findings.AssertNone();
    }

    [Fact]
    public void Lines_are_at_most_140_characters_and_end_cleanly()
    {
        var findings = new Findings();
        foreach (var file in SourceTree.Files.Where(HasLineRules))
        {
            ForEachLine(file, (line, number) =>
            {
                if (line.Length > LongestLine && !HoldsText(file, line))
                    findings.Add(file.Path, number, $"{line.Length} characters: break the line at {LongestLine}");
                if (line.Length > 0 && char.IsWhiteSpace(line[^1]))
                    findings.Add(file.Path, number, "white space at the end of the line: remove it");
                if (line.Contains('\t', StringComparison.Ordinal)) findings.Add(file.Path, number, "a tab: indent with spaces");
            });
        }
        findings.AssertNone();
    }

    [Fact]
    public void Files_end_with_exactly_one_newline()
    {
        var findings = new Findings();
        foreach (var file in SourceTree.Files.Where(file => HasLineRules(file) || file.Path.EndsWith(".md", StringComparison.Ordinal)))
        {
            if (!file.Text.EndsWith('\n')) findings.Add(file.Path, file.Lines.Length, "no newline at the end of the file: add one");
            else if (file.Text.EndsWith("\n\n", StringComparison.Ordinal))
                findings.Add(file.Path, file.Lines.Length, "an empty line at the end of the file: remove it");
        }
        findings.AssertNone();
    }

    [Fact]
    public void Namespaces_lie_on_the_way_from_the_project_to_the_folder()
    {
        var findings = new Findings();
        foreach (var file in SourceTree.Code)
        {
            if (Namespace.Match(file.Text) is not { Success: true } match) continue;
            // A project whose folders are for its own people alone may keep one namespace; another folder's name is always wrong.
            var (root, folder) = NamespaceOf(file);
            var found = match.Groups[1].Value;
            if (found != root && found != folder && !folder.StartsWith(found + ".", StringComparison.Ordinal))
                findings.Add(file.Path, LineOf(file, match.Index), $"namespace {found}: the folder says {folder}");
        }
        findings.AssertNone();
    }

    [Fact]
    public void Test_names_are_sentences()
    {
        var findings = new Findings();
        foreach (var file in SourceTree.Code.Where(file => file.IsUnder("tests")))
            for (var i = 0; i < file.Lines.Length; i++)
            {
                if (!TestAttribute.IsMatch(file.Lines[i])) continue;
                // The method follows its attributes, which may be several lines of data.
                var name = file.Lines.Skip(i).Select(line => Method.Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value;
                if (name is not null && !name.Contains('_', StringComparison.Ordinal))
                    findings.Add(file.Path, i + 1, $"{name}: name the test as a sentence, its words joined by underscores");
            }
        findings.AssertNone();
    }

    [Theory]
    [InlineData("var now = DateTime.UtcNow;", true)]
    [InlineData("var now = DateTimeOffset.Now;", true)]
    [InlineData("var id = Guid.NewGuid();", true)]
    [InlineData("await Task.Delay(100);", true)]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);", true)]
    [InlineData("Thread.Sleep(10);", true)]
    [InlineData("var at = clock.GetUtcNow();", false)]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(1), clock, cancellationToken);", false)]
    [InlineData("// never DateTime.Now", false)]
    [InlineData("var random = new Random(7);", false)]
    public void The_rules_know_a_forbidden_call_from_a_harmless_one(string line, bool forbidden) =>
        Assert.Equal(forbidden, ForbiddenCalls.All.Any(call =>
            call.Scope.Contains("tests") && call.Pattern.IsMatch(ForbiddenCalls.WithoutComment(line))));

    [Fact]
    public void Every_exemption_gives_its_reason()
    {
        Assert.All(ForbiddenCalls.Exemptions, exemption => Assert.False(string.IsNullOrWhiteSpace(exemption.Reason)));
        Assert.True(ForbiddenCalls.Exemptions.Length <= 10, "more than ten exemptions: the rule or the code is wrong");
    }

    /// <summary>Whether the line carries a sentence, which is easier found whole than broken, or a test's sample data.</summary>
    private static bool HoldsText(SourceFile file, string line) =>
        Sentence.IsMatch(line) || line.Contains("\"\"\"", StringComparison.Ordinal) || (file.IsUnder("tests") && line.Contains('"', StringComparison.Ordinal));

    private static bool HasLineRules(SourceFile file) =>
        LineRules.Any(ending => file.Path.EndsWith(ending, StringComparison.Ordinal)) || file.IsUnder(".ci");

    private static (string Root, string Folder) NamespaceOf(SourceFile file)
    {
        var parts = file.Folder.Split('/');
        var root = parts[1] == "HealthGrains.Core" ? "HealthGrains" : parts[1];
        return (root, string.Join('.', [root, .. parts.Skip(2)]));
    }

    private static void ForEachLine(SourceFile file, Action<string, int> look)
    {
        for (var i = 0; i < file.Lines.Length; i++) look(file.Lines[i], i + 1);
    }

    private static int LineOf(SourceFile file, int index) => file.Text.AsSpan(0, index).Count('\n') + 1;
}
