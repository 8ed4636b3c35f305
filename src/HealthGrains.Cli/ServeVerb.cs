using System.CommandLine;
using HealthGrains.Cli.Output;

namespace HealthGrains.Cli;

/// <summary><c>healthgrains serve</c>: the embedded host and the API, on wall time.</summary>
internal static class ServeVerb
{
    public static Command Build(Terminal terminal)
    {
        var urls = UrlsOption();
        var data = new Option<string>("--data")
        {
            Description = "Where the data is kept; made if missing",
            DefaultValueFactory = _ => "healthgrains-data/default",
        };
        var practice = new Option<string?>("--practice")
        {
            Description = "Folder with your triggers, playbooks and guardrails, watched while it runs; 'practice' in the data if there is one. "
                + "healthgrains playbook init makes one",
        };
        // For measurements: what a crash costs depends on how much was journaled since the last checkpoint.
        var checkpoint = new Option<int?>("--checkpoint-signals") { Description = "Signals between checkpoints", Hidden = true };
        var command = new Command("serve", "Serves your own company's health: one process, one directory of data, nothing else to set up.")
        {
            urls, data, practice, checkpoint,
        };
        CommandLine.TeachByExample(command, [
            "healthgrains serve",
            "healthgrains serve --urls http://127.0.0.1:8080 --data ./data",
            $"curl -s {Server.DefaultUrl}/v1/signals -d '{{\"id\":\"1\",\"account\":\"acme\",\"source\":\"usage\",\"kind\":\"login\"}}'",
        ]);
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(
            terminal, parsed.GetRequiredValue(urls), parsed.GetRequiredValue(data), parsed.GetValue(practice), parsed.GetValue(checkpoint),
            cancellationToken));
        return command;
    }

    public static Option<string> UrlsOption() => new("--urls")
    {
        Description = "Addresses to listen on, separated by ';'; this machine's only, as long as there are no credentials",
        DefaultValueFactory = _ => Server.DefaultUrl,
    };

    private static async Task<int> RunAsync(
        Terminal terminal, string urls, string data, string? practice, int? checkpointSignals, CancellationToken cancellationToken)
    {
        if (practice is not null && !Directory.Exists(practice))
            throw new Refusal($"--practice {practice} is no folder; healthgrains playbook init {practice} makes one", CommandLine.Usage);
        await using var server = await Server.StartAsync(terminal, urls, options =>
        {
            options.DataDirectory = data;
            if (checkpointSignals is not { } signals) return;
            options.CheckpointSignals = signals;
            options.CheckpointInterval = TimeSpan.FromDays(1);
        }, cancellationToken, practice: practice);
        terminal.Say($"HealthGrains serves {server.Address} from {data}; Ctrl-C stops it. Where to begin: curl {server.Address}/");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, server.Stopping);
        await Quietly.WaitAsync(stop.Token);
        var failure = server.Host.Status is { Ready: false, Reason: { } reason } && !cancellationToken.IsCancellationRequested ? reason
            : null;
        await server.StopAsync();
        if (failure is not null && failure != "the host is stopping") throw new Refusal(failure);
        terminal.Say("stopped; everything that was acknowledged is stored");
        return CommandLine.Done;
    }
}
