using System.CommandLine;
using HealthGrains.Assistant;
using HealthGrains.Cli.Output;
using HealthGrains.Cli.Practices;
using HealthGrains.Plays.Files;

namespace HealthGrains.Cli;

/// <summary><c>healthgrains playbook</c>: checks the files of a practice, starts one, and says what they may name.</summary>
internal static class PlaybookVerb
{
    public static Command Build(Terminal terminal)
    {
        var command = new Command("playbook", "Checks the files of a practice: triggers, playbooks, guardrails, templates and teams.")
        {
            Check(terminal), Init(terminal), Facts(terminal),
        };
        CommandLine.TeachByExample(command, [
            "healthgrains playbook init practice                       the default practice as files, to be changed",
            "healthgrains playbook check practice                      all mistakes, with file, line and column",
            "healthgrains playbook check practice/playbooks/mine.json  one file, among those beside it",
            "healthgrains playbook facts                               what conditions and texts may name",
        ]);
        return command;
    }

    private static Command Check(Terminal terminal)
    {
        var path = new Argument<string>("path") { Description = "A file, or the directory of a practice" };
        var command = new Command("check", "Lists every mistake of a file or a whole practice, or says what it would do.") { path };
        CommandLine.TeachByExample(command, ["healthgrains playbook check practice", "healthgrains playbook check practice/playbooks/mine.json"]);
        command.SetAction(parsed =>
        {
            var check = Reading(() => PracticeCheck.Of(parsed.GetRequiredValue(path)));
            foreach (var problem in check.Problems) terminal.Error.WriteLine(problem);
            foreach (var line in check.Summary) terminal.Out.WriteLine(line);
            return check.Problems.Count == 0 ? CommandLine.Done : CommandLine.Failed;
        });
        return command;
    }

    private static Command Init(Terminal terminal)
    {
        var directory = new Argument<string>("directory") { Description = "The directory to write into; made if missing" };
        var command = new Command("init", "Writes the default practice and the schemas for editors; files that are there stay.") { directory };
        CommandLine.TeachByExample(command, ["healthgrains playbook init practice"]);
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(directory);
            var (written, kept) = Reading(() => PracticeFolder.Write(path, DefaultPractice.Files));
            terminal.Out.WriteLine($"{path}: {written} files written{(kept > 0 ? $", {kept} that were there left as they are" : "")}");
            return CommandLine.Done;
        });
        return command;
    }

    private static Command Facts(Terminal terminal)
    {
        var command = new Command("facts", "Lists the facts that conditions and texts may name.");
        CommandLine.TeachByExample(command, ["healthgrains playbook facts"]);
        command.SetAction(_ =>
        {
            terminal.Out.Write(FactTable.Markdown());
            return CommandLine.Done;
        });
        return command;
    }

    private static T Reading<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new Refusal(error.Message);
        }
    }
}
