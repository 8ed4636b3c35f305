using System.Text.RegularExpressions;

namespace HealthGrains.Cli.Tests;

public sealed partial class PlaybookTests
{
    [Fact]
    public async Task The_default_practice_is_written_out_checked_and_summed_up()
    {
        using var cli = new Cli();
        Assert.Equal(0, await cli.RunAsync("playbook", "init", cli.Path("practice")));
        Assert.Equal(0, await cli.RunAsync("playbook", "check", cli.Path("practice")));
        Assert.Equal("", cli.Error);
        Assert.Contains("playbook onboarding 1: 10 steps over 30 days: 4 e-mail drafts, 3 tasks, 2 briefs, 1 wait; starts on dealClosed", cli.Out, StringComparison.Ordinal);
        Assert.EndsWith(" 0 teams: no mistakes\n", cli.Out.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_mistakes_are_listed_with_their_places_and_the_exit_code_is_1()
    {
        using var cli = new Cli();
        await cli.RunAsync("playbook", "init", cli.Path("practice"));
        var path = cli.Path("practice/playbooks/atRiskSave.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"email\"", "\"emial\"", StringComparison.Ordinal));
        Assert.Equal(1, await cli.RunAsync("playbook", "check", path));
        Assert.Equal(2, Lines(cli.Error).Count(line => line.StartsWith(path + ":", StringComparison.Ordinal) && line.EndsWith("did you mean email?", StringComparison.Ordinal)));
        // Those that name it stand in other files.
        Assert.Contains("mistakes in other files", cli.Out, StringComparison.Ordinal);
        Assert.Equal(1, await cli.RunAsync("playbook", "check", cli.Path("practice")));
        Assert.Contains("there is no playbook atRiskSave: playbooks/atRiskSave.json has mistakes of its own", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_from_anywhere_is_checked_against_the_default_practice()
    {
        using var cli = new Cli();
        var mine = cli.Write("mine.json", """
            { "id": "atRiskSave", "version": 1, "title": "Mine", "goal": "Mine.", "trigger": "churnRisk",
              "steps": [ { "id": "call", "day": 0, "kind": "task", "title": "Call" } ] }
            """);
        Assert.Equal(0, await cli.RunAsync("playbook", "check", mine));
        Assert.Equal("playbook atRiskSave 1: 1 step at once: 1 task; starts on churnRisk\n", cli.Out.ReplaceLineEndings("\n"));
        var wrong = cli.Write("wrong.json", """{ "id": "x", "version": 1, "title": "X", "when": { "fact": "scroe", "below": 40 } }""");
        Assert.Equal(1, await cli.RunAsync("playbook", "check", wrong));
        Assert.Equal($"{wrong}:1:60: 'scroe' is no fact; did you mean score?\n", cli.Error.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("check", "nowhere", "there is no file and no directory")]
    [InlineData("check", ".", "holds no file of a practice")]
    public async Task Nothing_to_check_is_said_plainly(string verb, string path, string reason)
    {
        using var cli = new Cli();
        Assert.Equal(1, await cli.RunAsync("playbook", verb, cli.Path(path)));
        Assert.Contains(reason, cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_facts_are_those_of_the_documentation()
    {
        using var cli = new Cli();
        Assert.Equal(0, await cli.RunAsync("playbook", "facts"));
        Assert.EndsWith("\n" + cli.Out, Doc("facts.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_example_of_the_documentation_is_right_and_does_what_it_says()
    {
        using var cli = new Cli();
        await cli.RunAsync("playbook", "init", cli.Path("practice"));
        var doc = Doc("playbooks.md");
        var examples = Example().Matches(doc);
        Assert.Equal(5, examples.Count);
        // The default practice knows nobody's name.
        Directory.CreateDirectory(cli.Path("practice/teams"));
        foreach (Match example in examples) cli.Write("practice/" + example.Groups[1].Value, example.Groups[2].Value);
        Assert.Equal(0, await cli.RunAsync("playbook", "check", cli.Path("practice")));
        Assert.Equal(0, await cli.RunAsync("playbook", "check", cli.Path("practice/playbooks/quietChampion.json")));
        Assert.Contains("    " + cli.Out.Trim() + "\n", doc, StringComparison.Ordinal);
        var path = cli.Path("practice/playbooks/quietChampion.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"email\"", "\"emial\"", StringComparison.Ordinal));
        Assert.Equal(1, await cli.RunAsync("playbook", "check", path));
        Assert.Contains("    practice/playbooks" + Lines(cli.Error)[0][(path.Length - "/quietChampion.json".Length)..] + "\n", doc, StringComparison.Ordinal);
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Doc(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "HealthGrains.sln"))) folder = folder.Parent;
        return File.ReadAllText(Path.Combine(folder.FullName, "docs", name)).ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"^```\w+ ([\w/.]+)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}
