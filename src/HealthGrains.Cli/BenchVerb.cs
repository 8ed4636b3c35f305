using System.CommandLine;
using HealthGrains.Cli.Bench;
using HealthGrains.Cli.Output;

namespace HealthGrains.Cli;

/// <summary><c>healthgrains bench</c>: figures end to end, each with its target and, where there is one, the naive way beside it.</summary>
internal static class BenchVerb
{
    public static Command Build(Terminal terminal)
    {
        var quick = new Option<bool>("--quick") { Description = "A tenth of the work: under a minute, and rougher" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of a table" };
        var accounts = new Option<int?>("--accounts") { Description = "Another number of accounts; all else grows with it", Hidden = true };
        var seconds = new Option<int?>("--seconds") { Description = "Another length of the load", Hidden = true };
        accounts.Validators.Add(result => Within(result, 100, 1_000_000));
        seconds.Validators.Add(result => Within(result, 1, 3_600));
        var command = new Command(
            "bench", "Measures this machine end to end: replay, intake, questions and streams under load, restart after a kill.")
        {
            quick, json, accounts, seconds,
        };
        CommandLine.TeachByExample(command, ["healthgrains bench --quick", "healthgrains bench --json > figures.json"]);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var scale = parsed.GetValue(quick) ? BenchScale.Tenth : BenchScale.Full;
            if (parsed.GetValue(accounts) is { } many)
                scale = scale with { Accounts = many, CompanyAccounts = Math.Clamp(many / 50, 5, 2_000) };
            if (parsed.GetValue(seconds) is { } long_) scale = scale with { Seconds = long_ };
            var figures = await RunAsync(terminal, scale, cancellationToken);
            terminal.Out.Write(parsed.GetValue(json) ? FigurePrint.Json(figures, scale.Quick, scale.Accounts) : FigurePrint.Table(figures));
            return CommandLine.Done;
        });
        return command;
    }

    private static void Within(System.CommandLine.Parsing.OptionResult result, int least, int most)
    {
        if (result.GetValueOrDefault<int?>() is { } value && (value < least || value > most))
            result.AddError($"{result.Option.Name} {value} is not within {least}..{most}");
    }

    private static async Task<List<Figure>> RunAsync(Terminal terminal, BenchScale scale, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("healthgrains-bench-");
        try
        {
            var figures = new List<Figure>(await ReplayAsync(terminal, folder.FullName, scale, cancellationToken));
            // What the replay held would make the collector of this process pause for longer while it measures the other one.
            GC.Collect();
            var data = Path.Combine(folder.FullName, "data");
            figures.AddRange(await BookBench.RunAsync(terminal, data, scale, TimeProvider.System, cancellationToken));
            return figures;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<Figure>> ReplayAsync(
        Terminal terminal, string folder, BenchScale scale, CancellationToken cancellationToken)
    {
        // Twenty days fit into the calendar, so that no signal is late.
        terminal.Say("making signals ...");
        var work = Workload.Make(scale.CompanyAccounts, 20);
        terminal.Say(FormattableString.Invariant($"replaying {work.Count:N0} signals ..."));
        return await ReplayBench.RunAsync(work, folder, TimeProvider.System, cancellationToken);
    }
}
