using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using HealthGrains.Cli.Output;

namespace HealthGrains.Cli;

/// <summary>The commands and how they end: 0 done, 1 failed, 2 asked for wrongly.</summary>
internal static class CommandLine
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;

    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken = default)
    {
        var root = Build(terminal);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            var verb = parsed.CommandResult.Command;
            var help = verb == root ? "healthgrains --help" : $"healthgrains {verb.Name} --help";
            terminal.Error.WriteLine($"healthgrains: {parsed.Errors[0].Message.TrimEnd('.')}; see '{help}'.");
            return Usage;
        }
        var invocation = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            // Ctrl-C lets a server store what it holds before it leaves.
            ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
        };
        try
        {
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }
        catch (Refusal refusal)
        {
            terminal.Error.WriteLine($"healthgrains: {refusal.Message}");
            return refusal.ExitCode;
        }
        catch (OperationCanceledException)
        {
            terminal.Error.WriteLine("healthgrains: stopped");
            return Failed;
        }
    }

    public static RootCommand Build(Terminal terminal)
    {
        var root = new RootCommand("Customer health, live: every account a small state machine that always knows its score and why.")
        {
            DemoVerb.Build(terminal),
            ServeVerb.Build(terminal),
            ReplayVerb.Build(terminal),
            SimulateVerb.Build(terminal),
            BenchVerb.Build(terminal),
            PlaybookVerb.Build(terminal),
        };
        TeachByExample(root, [
            "healthgrains demo                         a made-up company, its history and its present, on http://127.0.0.1:5080",
            "healthgrains serve --data ./data          your own company, empty at first",
            "healthgrains replay signals.ndjson.gz     what a file of signals amounts to, without a server",
        ]);
        return root;
    }

    /// <summary>Adds examples below a command's help.</summary>
    public static void TeachByExample(Command command, string[] examples)
    {
        var help = command.Options.OfType<HelpOption>().FirstOrDefault();
        if (help is null) command.Options.Add(help = new HelpOption());
        help.Action = new HelpWithExamples((HelpAction)help.Action!, examples);
    }

    private sealed class HelpWithExamples(HelpAction plain, string[] examples) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = plain.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples) output.WriteLine($"  {example}");
            output.WriteLine();
            return code;
        }
    }
}
