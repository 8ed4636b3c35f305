using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace HealthGrains.Silo;

/// <summary>The commands and how they end: 0 done, 1 failed, 2 asked for wrongly.</summary>
internal static class CommandLine
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;

    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default) =>
        RunAsync(args, output, error, TimeProvider.System, cancellationToken);

    public static async Task<int> RunAsync(
        string[] args, TextWriter output, TextWriter error, TimeProvider clock, CancellationToken cancellationToken)
    {
        var parsed = Build(output, error, clock).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            error.WriteLine($"healthgrains-silo: {parsed.Errors[0].Message.TrimEnd('.')}; see 'healthgrains-silo --help'.");
            return Usage;
        }
        var invocation = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            // A silo that is told to stop stores what it holds and hands its accounts over.
            ProcessTerminationTimeout = TimeSpan.FromSeconds(60),
        };
        try
        {
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }
        catch (Refusal refusal)
        {
            error.WriteLine($"healthgrains-silo: {refusal.Message}");
            return refusal.ExitCode;
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("healthgrains-silo: stopped");
            return Failed;
        }
    }

    private static RootCommand Build(TextWriter output, TextWriter error, TimeProvider clock)
    {
        var local = new Option<bool>("--local")
        {
            Description = "One silo on this machine with no server at all: everything is in its memory, and nothing is kept",
        };
        var demo = new Option<bool>("--demo") { Description = "With --local: makes up a company, replays its history and goes on live" };
        var urls = new Option<string>("--urls")
        {
            Description = "Where the API listens",
            DefaultValueFactory = _ => LocalSilo.DefaultUrl,
        };
        var accounts = new Option<int>("--accounts")
        {
            Description = "With --demo: how many accounts, 1 to 10000",
            DefaultValueFactory = _ => 200,
        };
        var days = new Option<int>("--days") { Description = "With --demo: days of history, 1 to 365", DefaultValueFactory = _ => 120 };
        var seed = new Option<ulong>("--seed")
        {
            Description = "With --demo: the same seed makes the same company",
            DefaultValueFactory = _ => 1,
        };
        var speed = new Option<double>("--speed")
        {
            Description = "With --demo: simulated days a minute once it is live, 0 to 100",
            DefaultValueFactory = _ => 1,
        };
        var noTeam = new Option<bool>("--no-team") { Description = "With --demo: nobody works there; every alert, task and draft waits for you" };
        accounts.Validators.Add(result => Within(result, 1, 10_000));
        days.Validators.Add(result => Within(result, 1, 365));
        speed.Validators.Add(result => Within(result, 0.0, 100.0));
        var root = new RootCommand("A silo of the HealthGrains cluster: customer accounts as virtual actors, the API beside them.")
        {
            local, demo, urls, accounts, days, seed, speed, noTeam,
            DatabaseVerbs.Build(error), ProduceVerb.Build(error, clock), HealthVerb.Build(output),
        };
        TeachByExample(root, [
            "healthgrains-silo --local --demo        a made-up company on one silo, on http://127.0.0.1:5080; nothing is kept",
            "healthgrains-silo --local               an empty one",
            "healthgrains-silo db init               sets the database of HealthGrains__Database up",
            "healthgrains-silo                       joins the cluster on that database",
            "healthgrains-silo produce               writes a made-up company to Kafka, for the cluster to read",
            "healthgrains-silo health                asks a node whether it is ready",
        ]);
        root.SetAction(async (parsed, cancellationToken) =>
        {
            if (!parsed.GetValue(local))
            {
                if (parsed.GetValue(demo)) throw new Refusal("--demo goes with --local: a cluster has its own company", Usage);
                return await ClusterNode.RunAsync(error, ["--urls", parsed.GetRequiredValue(urls)], cancellationToken);
            }
            var asked = parsed.GetValue(demo)
                ? new DemoCompany(
                    parsed.GetValue(seed), parsed.GetValue(accounts), parsed.GetValue(days), parsed.GetValue(speed),
                    !parsed.GetValue(noTeam))
                : null;
            return await LocalSilo.RunAsync(error, parsed.GetRequiredValue(urls), asked, cancellationToken);
        });
        return root;
    }

    public static void Within<T>(System.CommandLine.Parsing.OptionResult result, T least, T most) where T : IComparable<T>
    {
        if (result.GetValueOrDefault<T>() is { } value && (value.CompareTo(least) < 0 || value.CompareTo(most) > 0))
            result.AddError($"{result.Option.Name} is {value}; it must be between {least} and {most}");
    }

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
