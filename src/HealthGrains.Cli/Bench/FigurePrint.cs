using System.Globalization;
using System.Text;
using System.Text.Json;

namespace HealthGrains.Cli.Bench;

/// <summary>Figures as a table, or as one JSON object.</summary>
internal static class FigurePrint
{
    public static string Table(IReadOnlyList<Figure> figures)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{"",-40}{"measured",20}  {"target",-20}{"over",-6}");
        // What is ours first, and the naive way below it.
        var ours = figures.Where(figure => figure.BaselineOf is null);
        foreach (var figure in ours.SelectMany(figure => figures.Where(other => other.BaselineOf == figure.Key).Prepend(figure)))
        {
            var target = figure.Met == false ? figure.Target + " missed" : figure.Target;
            if (figure.BaselineOf is { } key && figures.FirstOrDefault(other => other.Key == key) is { } main)
                target = "x " + main.TimesWorse(figure).ToString("0.#", CultureInfo.InvariantCulture) + " worse";
            text.AppendLine(CultureInfo.InvariantCulture, $"{figure.Title,-40}{figure.Text,20}  {target,-20}{figure.Note}");
        }
        text.AppendLine(CultureInfo.InvariantCulture, $"on {Environment.ProcessorCount} cores, which the server shares with what asks it");
        return text.ToString();
    }

    public static string Json(IReadOnlyList<Figure> figures, bool quick, int accounts)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteBoolean("quick", quick);
            json.WriteNumber("cores", Environment.ProcessorCount);
            json.WriteNumber("accounts", accounts);
            json.WriteStartArray("figures");
            foreach (var figure in figures) Write(json, figure);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    private static void Write(Utf8JsonWriter json, Figure figure)
    {
        json.WriteStartObject();
        json.WriteString("key", figure.Key);
        // JSON has no word for what could not be measured.
        if (double.IsFinite(figure.Value)) json.WriteNumber("value", Math.Round(figure.Value, 3));
        else json.WriteNull("value");
        json.WriteString("unit", figure.Unit);
        json.WriteString("note", figure.Note);
        if (figure.AtMost is { } most) json.WriteNumber("atMost", most);
        if (figure.AtLeast is { } least) json.WriteNumber("atLeast", least);
        if (figure.Met is { } met) json.WriteBoolean("met", met);
        if (figure.BaselineOf is not null) json.WriteString("baselineOf", figure.BaselineOf);
        json.WriteEndObject();
    }
}
