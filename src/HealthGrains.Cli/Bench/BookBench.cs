using HealthGrains.Cli.Output;

namespace HealthGrains.Cli.Bench;

/// <summary>A large book in a server process: filled, asked under load, weighed, killed and counted.</summary>
internal static class BookBench
{
    public static async Task<IReadOnlyList<Figure>> RunAsync(
        Terminal terminal, string data, BenchScale scale, TimeProvider wall, CancellationToken cancellationToken)
    {
        var book = new Book(scale.Accounts, scale.Watched);
        var acknowledged = new Acknowledged(scale.Accounts);
        var intake = new IntakeBench(terminal, book, acknowledged, scale, wall);
        var figures = new List<Figure>();
        using (var server = await ServerProcess.StartAsync(data, null, cancellationToken))
        {
            using var client = new BenchClient(server.Address);
            await client.GetAsync("v1/portfolio", cancellationToken);
            var empty = server.Resident;
            figures.AddRange(await intake.FillAsync(client, cancellationToken));
            figures.AddRange(await intake.MeasureAsync(client, cancellationToken));
            var load = new LoadBench(terminal, server.Address, book, acknowledged, intake, scale, wall);
            figures.AddRange(await load.RunAsync(cancellationToken));
            figures.AddRange(Weigh(server, empty, data, acknowledged));
            await server.KillAsync(cancellationToken);
        }
        figures.AddRange(await new CrashBench(terminal, data, book, acknowledged, intake, scale, wall).RunAsync(cancellationToken));
        return figures;

        IEnumerable<Figure> Weigh(ServerProcess server, long empty, string data, Acknowledged acknowledged)
        {
            var resident = server.Resident;
            var file = new DirectoryInfo(data).EnumerateFiles().Sum(file => file.Length);
            yield return new Figure("memory", "memory of the server process", resident / 1048576.0, "MiB",
                $"{scale.Accounts:N0} accounts with {acknowledged.Total:N0} signals; {empty / 1048576:N0} MiB when empty");
            yield return new Figure("memoryPerAccount", "  beyond an empty server's, an account",
                (double)(resident - empty) / scale.Accounts, "bytes", "ids of past signals and the garbage collector's room included");
            yield return new Figure("file", "files in the data directory", file / 1048576.0, "MiB",
                $"{acknowledged.Total:N0} signals in the journal, {(double)file / acknowledged.Total:0} bytes each");
        }
    }
}
