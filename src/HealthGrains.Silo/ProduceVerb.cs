using System.CommandLine;
using HealthGrains.Hosting;
using HealthGrains.Kafka;
using HealthGrains.Silo.MadeUp;
using Microsoft.Extensions.Configuration;

namespace HealthGrains.Silo;

/// <summary><c>produce</c>: a made-up company as a sender of events to Kafka.</summary>
internal static class ProduceVerb
{
    private const string Description = """
        Writes a made-up company to Kafka's topics, as its systems would: profiles, then its past up to now, then each event when its
        time has come. Its time is wall time, for the nodes' is: they refuse what is more than 24 h ahead of them, so it cannot be
        quicker. More accounts make more signals; --rate makes as many as you like.

        A restart goes on where the log ends: each message says in its header 'made-up' what it is, and what is in the log is not
        written again. Brokers, topics and security are settings as a node's: HealthGrains__Kafka__BootstrapServers and so on.
        """;

    public static Command Build(TextWriter error, TimeProvider clock)
    {
        var brokers = new Option<string?>("--brokers")
        {
            Description = "host:port, several with commas; else HealthGrains__Kafka__BootstrapServers of the environment",
        };
        var accounts = new Option<int>("--accounts") { Description = "How many accounts, 1 to 1000000", DefaultValueFactory = _ => 200 };
        var days = new Option<int>("--days")
        {
            Description = "Days of past, 1 to 365. Scores look back 42 days; what is older counts as late",
            DefaultValueFactory = _ => 120,
        };
        var seed = new Option<ulong>("--seed") { Description = "The same seed makes the same company", DefaultValueFactory = _ => 1 };
        var past = new Option<bool>("--only-past") { Description = "Ends when the past is written" };
        var rate = new Option<int?>("--rate")
        {
            Description = "Load instead of a life: so many signals a second as of now, 1 to 1000000. New ones in every run",
        };
        var count = new Option<long>("--count")
        {
            Description = "With --rate: ends after so many signals",
            DefaultValueFactory = _ => long.MaxValue,
        };
        accounts.Validators.Add(result => CommandLine.Within(result, 1, 1_000_000));
        days.Validators.Add(result => CommandLine.Within(result, 1, 365));
        rate.Validators.Add(result => CommandLine.Within(result, 1, 1_000_000));
        count.Validators.Add(result => CommandLine.Within(result, 1, long.MaxValue));
        var command = new Command("produce", Description) { brokers, accounts, days, seed, past, rate, count };
        CommandLine.TeachByExample(command, [
            "healthgrains-silo produce --brokers localhost:9092",
            "healthgrains-silo produce --brokers localhost:9092 --accounts 2000 --days 60 --only-past",
            "healthgrains-silo produce --brokers localhost:9092 --accounts 50000 --rate 10000 --count 600000",
        ]);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = Options(parsed.GetValue(brokers));
            try
            {
                await KafkaCheck.RunAsync(options, cancellationToken);
                if (parsed.GetValue(rate) is { } asked)
                {
                    await new LoadProducer(options, parsed.GetValue(seed), parsed.GetValue(accounts), error, clock)
                        .RunAsync(asked, parsed.GetValue(count), cancellationToken);
                    return CommandLine.Done;
                }
                using var producer = new CompanyProducer(options, parsed.GetValue(seed), parsed.GetValue(accounts), parsed.GetValue(days),
                    error, clock, cancellationToken);
                await producer.RunAsync(parsed.GetValue(past), cancellationToken);
            }
            catch (KafkaSetupException wrong)
            {
                throw new Refusal(wrong.Message);
            }
            catch (HostUnavailableException broken)
            {
                throw new Refusal($"{broken.Message}; start it again when Kafka answers: it goes on where the log ends");
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                error.WriteLine("stopped; started again, it goes on where the log ends");
            }
            return CommandLine.Done;
        });
        return command;
    }

    private static KafkaOptions Options(string? brokers)
    {
        var values = brokers is null ? []
            : new Dictionary<string, string?> { [$"{KafkaOptions.Section}:{nameof(KafkaOptions.BootstrapServers)}"] = brokers };
        try
        {
            return KafkaExtensions.Bind(new ConfigurationBuilder().AddEnvironmentVariables().AddInMemoryCollection(values).Build());
        }
        catch (KafkaSetupException wrong)
        {
            throw new Refusal(wrong.Message, CommandLine.Usage);
        }
    }
}
