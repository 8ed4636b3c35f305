using HealthGrains.Cli.Bench;
using HealthGrains.ClusterBench;
using HealthGrains.Kafka.Tests;

const string help = """
    Measures the cluster on this machine: silos as processes, PostgreSQL as a process (it waits for its disk), Kafka's protocol by
    librdkafka's mock brokers in this process, which also makes the load. All share the processors.

    dotnet run -c Release --project tests/HealthGrains.ClusterBench -- [--quick] [--json] [one] [naive] [three] [memory] [ticks]

    Without a name all five are measured, in about a quarter of an hour; --quick is a tenth, and rougher.
    """;
if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(help);
    return 0;
}
string[] known = ["one", "naive", "three", "memory", "ticks"];
if (args.FirstOrDefault(arg => arg is not ("--quick" or "--json") && !known.Contains(arg)) is { } unknown)
{
    Console.Error.WriteLine($"'{unknown}' is not known.\n\n{help}");
    return 2;
}
if ((PostgresServer.Missing ?? MockKafka.WhyNot) is { } missing)
{
    Console.Error.WriteLine(missing);
    return 1;
}
PostgresServer.WaitsForDisk = true;
var wall = TimeProvider.System;
var scale = args.Contains("--quick") ? BenchScale.Tenth : new BenchScale();
var parts = known.Where(args.Contains).ToArray() is { Length: > 0 } chosen ? chosen : known;
var figures = new List<Figure>();
if (parts.Contains("one")) figures.AddRange(await new OneSilo(scale, Say, wall).RunAsync(CancellationToken.None));
if (parts.Contains("naive"))
{
    foreach (var atOnce in (int[])[1, 64])
        figures.Add(new Figure($"naive{atOnce}", FormattableString.Invariant($"  a call and a write a signal, {atOnce} at once"),
            await new Naive(scale, Say, wall).RunAsync(atOnce, CancellationToken.None),
            "signals/s", "the stock storage", parts.Contains("one") ? "intake" : null));
}
if (parts.Contains("three")) figures.AddRange(await new ThreeSilos(scale, Say, wall).RunAsync(CancellationToken.None));
if (parts.Contains("memory")) figures.AddRange(await new Memory(scale, Say, wall).RunAsync(CancellationToken.None));
if (parts.Contains("ticks")) figures.AddRange(await new Ticks(scale, Say, wall).RunAsync(CancellationToken.None));
Console.Write(args.Contains("--json") ? FigurePrint.Json(figures, scale.Quick, scale.Accounts) : FigurePrint.Table(figures));
return figures.Any(figure => figure.Met == false) ? 3 : 0;

static void Say(string words) => Console.Error.WriteLine(words);
