using System.Text;
using HealthGrains.Situations;

namespace HealthGrains.Cli.Practices;

/// <summary>The facts as a table in Markdown, aligned so that it reads well without being rendered.</summary>
internal static class FactTable
{
    public static string Markdown()
    {
        string[][] rows =
        [
            ["Fact", "What it says", "Is"],
            .. FactRegistry.All.Select(fact => new[] { $"`{fact.Key}{(fact.IsFamily ? "NAME" : "")}`", fact.Title, Kind(fact) }),
        ];
        var widths = Enumerable.Range(0, 3).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var table = new StringBuilder();
        for (var k = 0; k < rows.Length; k++)
        {
            table.Append("| ").AppendJoin(" | ", rows[k].Select((cell, column) => cell.PadRight(widths[column]))).Append(" |\n");
            if (k == 0) table.Append("| ").AppendJoin(" | ", widths.Select(width => new string('-', width))).Append(" |\n");
        }
        return table.ToString();
    }

    private static string Kind(FactDefinition fact) => fact.Kind switch
    {
        FactKind.Text => fact.Words is { } words ? string.Join(", ", words) : "a word",
        FactKind.Flag => "true or false",
        _ => fact.Unit.Length == 0 ? "a number" : $"a number: {fact.Unit}",
    };
}
