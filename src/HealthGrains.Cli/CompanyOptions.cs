using System.CommandLine;
using HealthGrains.Simulation;

namespace HealthGrains.Cli;

/// <summary>The options that describe a made-up company, alike in every command that makes one.</summary>
internal sealed class CompanyOptions
{
    public Option<ulong> Seed { get; } = new("--seed")
    {
        Description = "The seed of all chance: the same seed makes the same company",
        DefaultValueFactory = _ => 1,
    };

    public Option<int> Accounts { get; } = new("--accounts")
    {
        Description = "How many customer accounts, 1 to 1000000",
        DefaultValueFactory = _ => 200,
    };

    public Option<int> Days { get; } = new("--days")
    {
        Description = "How many days of history, 1 to 3650",
        DefaultValueFactory = _ => 120,
    };

    public void AddTo(Command command)
    {
        Within(Accounts, 1, 1_000_000);
        Within(Days, 1, 3650);
        command.Add(Seed);
        command.Add(Accounts);
        command.Add(Days);
    }

    public CompanySettings Read(ParseResult parsed) => new()
    {
        Seed = parsed.GetValue(Seed),
        Accounts = parsed.GetValue(Accounts),
        Days = parsed.GetValue(Days),
    };

    private static void Within(Option<int> option, int least, int most) => option.Validators.Add(result =>
    {
        // A value that is no number has its own message.
        if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && (value < least || value > most))
            result.AddError($"{option.Name} is {value}; it must be between {least} and {most}");
    });
}
