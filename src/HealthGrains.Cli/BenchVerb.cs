using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using HealthGrains.Cli.Bench;
using HealthGrains.Cli.Output;

namespace HealthGrains.Cli;

/// <summary><c>healthgrains bench</c>: figures end to end, each with the naive way measured in the same run.</summary>
internal static class BenchVerb
{
    public static Command Build(Terminal terminal)
    {
        var quick = new Option<bool>("--quick") { Description = "A tenth of the work: under a minute, and rougher" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of a table" };
        var command = new Command("bench", "Measures this machine end to end: intake, questions and the stream under load, restart, replay.")
        {
            quick, json,
        };
        CommandLine.TeachByExample(command, ["healthgrains bench --quick", "healthgrains bench --json > figures.json"]);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var figures = await RunAsync(terminal, parsed.GetValue(quick), cancellationToken);
            terminal.Out.Write(parsed.GetValue(json) ? Json(figures, parsed.GetValue(quick)) : Table(figures));
            return CommandLine.Done;
        });
        return command;
    }

    private static async Task<List<Figure>> RunAsync(Terminal terminal, bool quick, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("healthgrains-bench-");
        try
        {
            // Twenty days fit into the calendar, so that no signal is late.
            terminal.Say("making signals ...");
            var work = Workload.Make(quick ? 300 : 2_000, 20);
            terminal.Say(FormattableString.Invariant($"replaying {work.Count:N0} signals ..."));
            var figures = new List<Figure>(await ReplayBench.RunAsync(work, folder.FullName, TimeProvider.System, cancellationToken));
            terminal.Say("sending them to a server, asking it, watching it and restarting it ...");
            var server = new ServerBench(terminal, work, Path.Combine(folder.FullName, "data"), quick, TimeProvider.System);
            figures.AddRange(await server.RunAsync(cancellationToken));
            return figures;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Table(List<Figure> figures)
    {
        var text = new StringBuilder();
        // What is ours first, and the naive way below it.
        var ours = figures.Where(figure => figure.BaselineOf is null);
        foreach (var figure in ours.SelectMany(figure => figures.Where(other => other.BaselineOf == figure.Key).Prepend(figure)))
        {
            var times = "";
            if (figure.BaselineOf is { } key && figures.Find(other => other.Key == key) is { } main)
                times = (main.Value / figure.Value).ToString("0.#", CultureInfo.InvariantCulture) + " times slower";
            text.AppendLine(CultureInfo.InvariantCulture, $"{figure.Title,-38}{figure.Text,20}  {times,-20}{figure.Note}");
        }
        text.AppendLine(CultureInfo.InvariantCulture, $"on {Environment.ProcessorCount} cores; sender and server share them");
        return text.ToString();
    }

    private static string Json(List<Figure> figures, bool quick)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteBoolean("quick", quick);
            json.WriteNumber("cores", Environment.ProcessorCount);
            json.WriteStartArray("figures");
            foreach (var figure in figures)
            {
                json.WriteStartObject();
                json.WriteString("key", figure.Key);
                json.WriteNumber("value", Math.Round(figure.Value, 3));
                json.WriteString("unit", figure.Unit);
                json.WriteString("note", figure.Note);
                if (figure.BaselineOf is not null) json.WriteString("baselineOf", figure.BaselineOf);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }
}
