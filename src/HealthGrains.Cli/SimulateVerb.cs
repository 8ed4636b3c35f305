using System.CommandLine;
using HealthGrains.Cli.Output;
using HealthGrains.Simulation;

namespace HealthGrains.Cli;

/// <summary><c>healthgrains simulate</c>: a made-up company as files, with the truth about it.</summary>
internal static class SimulateVerb
{
    public static Command Build(Terminal terminal)
    {
        var directory = new Option<string>("--out") { Description = "The directory to write into; made if missing", Required = true };
        var company = new CompanyOptions();
        var dirt = new Option<double>("--dirt") { Description = "Share of signals that arrive twice, out of order or late, 0 to 1" };
        dirt.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && double.TryParse(token.Value, out var value) && value is not (>= 0 and <= 1))
                result.AddError($"--dirt is {token.Value}; it must be between 0 and 1");
        });
        var mixed = new Option<bool>("--mixed") { Description = "Write Segment's and Stripe's events in their own shapes, not as native signals" };
        var gzip = new Option<bool>("--gzip") { Description = "Pack the signals with gzip" };

        var command = new Command("simulate", "Writes a made-up company to files: signals, profiles, and the truth about who leaves and why.")
        {
            directory,
        };
        company.AddTo(command);
        command.Add(dirt);
        command.Add(mixed);
        command.Add(gzip);
        CommandLine.TeachByExample(command, [
            "healthgrains simulate --out company",
            "healthgrains simulate --out company --seed 7 --accounts 1000 --days 365 --gzip",
            "healthgrains replay company/signals.ndjson --accounts-file company/accounts.ndjson",
        ]);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = company.Read(parsed) with { Dirt = parsed.GetValue(dirt) };
            var files = new CompanyFileOptions(parsed.GetValue(mixed) ? SignalFiles.Mixed : SignalFiles.Native, parsed.GetValue(gzip));
            var path = parsed.GetRequiredValue(directory);
            CompanyFilesWritten? written = null;
            await ProgressBar.RunAsync(terminal, "simulating", tell => Task.Run(() =>
            {
                var progress = new DayByDay(day =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    tell((double)day / settings.Days, $"day {day} of {settings.Days}");
                });
                written = Write(path, settings, progress, files);
            }, cancellationToken));
            terminal.Out.WriteLine(FormattableString.Invariant(
                $"{path}: {written!.Accounts:N0} accounts, {written.Days:N0} days, {written.Events:N0} events"));
            return CommandLine.Done;
        });
        return command;
    }

    private static CompanyFilesWritten Write(string path, CompanySettings settings, IProgress<int> progress, CompanyFileOptions files)
    {
        try
        {
            return CompanyFiles.Write(path, settings, progress: progress, options: files);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new Refusal($"{path} cannot be written to: {error.Message}");
        }
    }

    /// <summary>Tells progress at once; <see cref="Progress{T}"/> would tell it later, from another thread.</summary>
    private sealed class DayByDay(Action<int> tell) : IProgress<int>
    {
        public void Report(int value) => tell(value);
    }
}
