using System.CommandLine;
using HealthGrains.Grains.Postgres;
using Microsoft.Extensions.Configuration;

namespace HealthGrains.Silo;

/// <summary><c>db init|check|upgrade</c>: what an operator does with the database before silos start on it.</summary>
internal static class DatabaseVerbs
{
    public static Command Build(TextWriter error) => new("db", "Sets up, checks or upgrades the cluster's database.")
    {
        Verb(error, "init", "Creates the tables and notes whose database it is; harmless when that was done before",
            async (setup, settings, cancellationToken) => await setup.InitAsync(settings.Identity, cancellationToken) is var taken and > 0
                ? $"the database is set up ({taken} steps); silos may start on it" : "the database was set up already"),
        Verb(error, "check", "Looks whether silos can start on the database, and changes nothing",
            async (setup, settings, cancellationToken) =>
            {
                await setup.CheckAsync(settings.Identity, cancellationToken);
                return "the database is ready for this build";
            }),
        Verb(error, "upgrade", "Brings the tables of an older build to this one's; silos may run meanwhile",
            async (setup, _, cancellationToken) => await setup.UpgradeAsync(cancellationToken) is var taken and > 0
                ? $"the database is upgraded ({taken} steps)" : "the database is of this build already"),
    };

    private static Command Verb(
        TextWriter error, string name, string description, Func<DatabaseSetup, SiloSettings, CancellationToken, Task<string>> work)
    {
        var connection = new Option<string?>("--database")
        {
            Description = "Host=...;Port=5432;Database=...;Username=...;Password=...; else HealthGrains__Database of the environment",
        };
        var command = new Command(name, description) { connection };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var values = parsed.GetValue(connection) is { } given
                ? new Dictionary<string, string?> { [$"{SiloSettings.Section}:{nameof(SiloSettings.Database)}"] = given } : [];
            var settings = SiloSettings.From(
                new ConfigurationBuilder().AddEnvironmentVariables().AddInMemoryCollection(values).Build());
            try
            {
                await using var database = PostgresSource.Create(settings.Database);
                error.WriteLine(await work(new DatabaseSetup(database, TimeProvider.System), settings, cancellationToken));
                return CommandLine.Done;
            }
            catch (DatabaseSetupException wrong)
            {
                throw new Refusal(wrong.Message);
            }
        });
        return command;
    }
}
