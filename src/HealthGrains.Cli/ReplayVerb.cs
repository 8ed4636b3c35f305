using System.CommandLine;
using System.Globalization;
using HealthGrains.Cli.Output;
using HealthGrains.Cli.Replay;
using HealthGrains.Health;
using HealthGrains.Policy;

namespace HealthGrains.Cli;

/// <summary><c>healthgrains replay</c>: files of signals through the production turns, with no server and no storage.</summary>
internal static class ReplayVerb
{
    public static Command Build(Terminal terminal)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Files of signals: NDJSON or a JSON array, gzip or not, of any supported format; '-' is standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        files.Validators.Add(result =>
        {
            // Whatever is no option lands here, a mistyped option too.
            if (result.Tokens.FirstOrDefault(token => token.Value is ['-', _, ..]) is { } mistyped)
                result.AddError($"'{mistyped.Value}' is no option of replay");
        });
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of a table" };
        var output = new Option<string?>("--out") { Description = "Also write every account as it stands at the end, to a .csv or .json file" };
        var profiles = new Option<string?>("--accounts-file") { Description = "Profiles (tier, ARR, owner, external ids ...), one JSON object a line" };
        var model = new Option<string>("--model")
        {
            Description = "The health model",
            DefaultValueFactory = _ => HealthModels.Presets[0].Version,
        };
        model.AcceptOnlyFromAmong([.. HealthModels.Presets.Select(preset => preset.Version)]);

        var command = new Command("replay", "Replays files of signals on a clock that the events drive, and tells what they amount to.")
        {
            files, json, output, profiles, model,
        };
        CommandLine.TeachByExample(command, [
            "healthgrains replay signals.ndjson.gz",
            "healthgrains replay jan.ndjson feb.ndjson --accounts-file profiles.ndjson --out health.csv",
            "zcat signals.ndjson.gz | healthgrains replay - --json",
        ]);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var chosen = HealthModels.Presets.Single(preset => preset.Version == parsed.GetValue(model));
            var replayer = new Replayer(chosen, HealthPolicies.Presets[0]);
            var out_ = parsed.GetValue(output);
            if (out_ is not null) AccountTable.CheckName(out_);
            if (parsed.GetValue(profiles) is { } path) replayer.SetProfiles(ProfilesFile.Read(path, terminal.Input));
            var report = await RunAsync(terminal, replayer, parsed.GetRequiredValue(files), cancellationToken);
            if (out_ is not null) AccountTable.Write(out_, report.Final);
            if (parsed.GetValue(json)) terminal.Out.WriteLine(ReplayPrint.Json(report));
            else ReplayPrint.Table(report, terminal);
            return CommandLine.Done;
        });
        return command;
    }

    private static async Task<ReplayReport> RunAsync(
        Terminal terminal, Replayer replayer, string[] files, CancellationToken cancellationToken)
    {
        ReplayReport? report = null;
        if (!terminal.Interactive || SizeOf(files) is not { } size)
            return await replayer.RunAsync(files, terminal.Input, TimeProvider.System, _ => { }, cancellationToken);
        await ProgressBar.RunAsync(terminal, "replaying", async tell =>
            report = await replayer.RunAsync(files, terminal.Input, TimeProvider.System,
                bytes => tell(bytes / size, string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB")), cancellationToken));
        return report!;
    }

    /// <summary>How many bytes there are to read; null when that cannot be known.</summary>
    private static double? SizeOf(string[] files)
    {
        var size = 1.0;
        foreach (var file in files)
        {
            if (!File.Exists(file)) return null;
            size += new FileInfo(file).Length;
        }
        return size;
    }
}
