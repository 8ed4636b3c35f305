using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace HealthGrains.Silo.Tests;

/// <summary>The board and the alert rules of deploy/ ask for nothing that a node does not emit.</summary>
public sealed partial class OperatorsBoardTests
{
    private static readonly string[] Anchors =
    [
        "kafka-is-down", "postgresql-is-down", "a-silo-is-down", "lag-grows", "messages-are-rejected", "accounts-wake-late",
        "writes-are-refused",
    ];

    private static readonly HashSet<string> Words =
        new(["by", "without", "on", "ignoring", "group_left", "group_right", "and", "or", "unless", "offset", "bool"], StringComparer.Ordinal);

    [Fact]
    public void Every_metric_of_the_board_and_of_the_rules_is_emitted()
    {
        var emitted = EmittedMetrics.Made().Concat(EmittedMetrics.Foreign).SelectMany(EmittedMetrics.NamesOf)
            .ToHashSet(StringComparer.Ordinal);
        var asked = BoardExpressions().Concat(Rules().Select(rule => rule["expr"])).SelectMany(MetricsOf).Distinct().ToList();

        Assert.True(asked.Count > 25, $"only {asked.Count} metrics were found: {string.Join(", ", asked)}");
        var unknown = asked.Where(name => !emitted.Contains(name)).ToList();
        Assert.True(unknown.Count == 0, $"nobody emits {string.Join(", ", unknown)}");
    }

    [Fact]
    public void Every_instrument_of_the_product_is_described()
    {
        var described = File.ReadAllText(Path.Combine(Root, "docs", "telemetry.md")) + File.ReadAllText(Path.Combine(Root, "docs", "kafka.md"));
        var missing = EmittedMetrics.Made().Select(metric => metric.Name)
            .Where(name => name.StartsWith("healthgrains.", StringComparison.Ordinal))
            // docs/kafka.md writes what instruments share once.
            .Where(name => !described.Contains($"`{name}`", StringComparison.Ordinal)
                && !described.Contains($"`{name.Replace("healthgrains.kafka", "", StringComparison.Ordinal)}`", StringComparison.Ordinal)).ToList();
        Assert.True(missing.Count == 0, $"not in docs/telemetry.md or docs/kafka.md: {string.Join(", ", missing)}");
    }

    [Fact]
    public void Every_rule_says_what_is_wrong_and_what_to_do()
    {
        var rules = Rules();
        Assert.Equal(rules.Count, rules.Select(rule => rule["alert"]).Distinct().Count());
        foreach (var rule in rules)
        {
            Assert.Matches("^[A-Z][A-Za-z]+$", rule["alert"]);
            Assert.Contains(rule["severity"], (string[])["critical", "warning"]);
            Assert.True(rule["summary"].Length > 10 && rule["description"].Length > 60, rule["alert"]);
            Assert.StartsWith("docs/operations.md#", rule["runbook_url"], StringComparison.Ordinal);
            Assert.Contains(rule["runbook_url"].Split('#')[1], Anchors);
            AssertBalanced(rule["expr"]);
        }
        Assert.Empty(Anchors.Except(rules.Select(rule => rule["runbook_url"].Split('#')[1])));
    }

    [Fact]
    public void The_runbook_has_every_anchor()
    {
        var page = Path.Combine(Root, "docs", "operations.md");
        // The rules may be looked at before the page is written; once it is there, it has what they link to.
        if (!File.Exists(page)) return;
        var there = File.ReadLines(page).Where(line => line.StartsWith('#'))
            .Select(line => NoAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-')).ToList();
        Assert.Empty(Anchors.Except(there));
    }

    [Fact]
    public void The_board_is_whole()
    {
        using var board = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "deploy", "grafana", "healthgrains.json")));
        var panels = board.RootElement.GetProperty("panels").EnumerateArray().ToList();
        Assert.True(board.RootElement.GetProperty("schemaVersion").GetInt32() >= 39);
        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        foreach (var panel in panels.Where(panel => panel.GetProperty("type").GetString() != "row"))
        {
            var place = panel.GetProperty("gridPos");
            Assert.InRange(place.GetProperty("x").GetInt32() + place.GetProperty("w").GetInt32(), 1, 24);
            Assert.NotEmpty(panel.GetProperty("targets").EnumerateArray());
        }
        foreach (var expression in BoardExpressions()) AssertBalanced(expression);
    }

    [Theory]
    [InlineData("sum by (le, topic) (rate(a_total{x=~\"b|c\"}[5m])) / on (x) d > 2", "a_total d")]
    [InlineData("histogram_quantile(0.99, sum by (le) (rate(a_bucket[$__rate_interval]))) or b unless b offset 10m", "a_bucket b")]
    [InlineData("max_over_time(count(a)[30m:1m]) < 1e3", "a")]
    public void Metrics_are_found_in_an_expression(string expression, string metrics) =>
        Assert.Equal(metrics, string.Join(' ', MetricsOf(expression).Distinct()));

    private static string Root { get; } = FindRoot();

    private static IEnumerable<string> MetricsOf(string expression)
    {
        // What stands in quotes, braces and brackets, and lists of labels, are no metrics; nor is what a bracket follows.
        var bare = Selectors().Replace(Quoted().Replace(expression, "\"\""), " ");
        bare = Labels().Replace(bare, " ");
        return Names().Matches(bare).Select(name => name.Value).Where(name => !Words.Contains(name));
    }

    private static void AssertBalanced(string expression)
    {
        var open = new Stack<char>();
        foreach (var letter in Quoted().Replace(expression, ""))
        {
            var opening = letter switch { ')' => '(', ']' => '[', '}' => '{', _ => '\0' };
            if (letter is '(' or '[' or '{') open.Push(letter);
            else if (opening != '\0') Assert.True(open.Count > 0 && open.Pop() == opening, expression);
        }
        Assert.True(open.Count == 0, expression);
    }

    private static List<string> BoardExpressions()
    {
        using var board = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "deploy", "grafana", "healthgrains.json")));
        return [.. board.RootElement.GetProperty("panels").EnumerateArray()
            .Where(panel => panel.TryGetProperty("targets", out _))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray().Select(target => target.GetProperty("expr").GetString()!))];
    }

    private static List<Dictionary<string, string>> Rules()
    {
        using var text = File.OpenText(Path.Combine(Root, "deploy", "prometheus", "healthgrains.rules.yml"));
        var file = new YamlStream();
        file.Load(text);
        var groups = (YamlSequenceNode)((YamlMappingNode)file.Documents[0].RootNode)["groups"];
        return [.. groups.SelectMany(group => (YamlSequenceNode)group["rules"]).Cast<YamlMappingNode>().Select(rule =>
            rule.Children.SelectMany(pair => pair.Value is YamlMappingNode inner ? inner.Children.AsEnumerable() : [pair])
                .ToDictionary(pair => pair.Key.ToString(), pair => pair.Value.ToString(), StringComparer.Ordinal))];
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "HealthGrains.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("no HealthGrains.sln above the tests");
    }

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]")]
    private static partial Regex Selectors();

    [GeneratedRegex(@"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")]
    private static partial Regex Labels();

    [GeneratedRegex(@"(?<![\w.$])[a-zA-Z_:][\w:]*\b(?!\s*\()")]
    private static partial Regex Names();

    [GeneratedRegex("[^a-z0-9 -]")]
    private static partial Regex NoAnchor();
}
