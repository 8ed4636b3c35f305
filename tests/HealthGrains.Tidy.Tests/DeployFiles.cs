using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace HealthGrains.Tidy.Tests;

/// <summary>The files that a cluster is put up from, and what the code says about what they name.</summary>
internal static class DeployFiles
{
    private static readonly Regex Property = new(@"public [\w<>?, ]+ (\w+) \{ get; set; \}");
    private static readonly Regex Verb = new("(?:new|Command)\\(\\s*\"([a-z]+)\", |Verb\\(\\w+, \"([a-z]+)\"");
    private static readonly Regex Option = new("\"(--[a-z-]+)\"");
    private static readonly Regex Key = new("\"HealthGrains:(Api:\\w+)\"");

    public static string Text(string path) => File.ReadAllText(Path.Combine(SourceTree.Root, path)).Replace("\r\n", "\n", StringComparison.Ordinal);

    public static bool Exists(string path) => Path.Exists(Path.Combine(SourceTree.Root, path));

    public static IEnumerable<SourceFile> Yaml => SourceTree.Files.Where(file =>
        file.Path == "docker-compose.yml" || (file.IsUnder("deploy") && file.Name.EndsWith(".yaml", StringComparison.Ordinal)));

    public static IEnumerable<string> Containerfiles => Directory.GetFiles(Path.Combine(SourceTree.Root, "deploy"), "*.Containerfile")
        .Select(path => $"deploy/{Path.GetFileName(path)}");

    /// <summary>All files that name settings, for operators and machines.</summary>
    public static IEnumerable<(string Path, string Text)> NamingSettings => Yaml.Select(file => (file.Path, file.Text))
        .Concat(Containerfiles.Select(path => (path, Text(path))))
        .Concat(SourceTree.Files.Where(file => file.IsUnder("docs") || file.Path == "README.md").Select(file => (file.Path, file.Text)));

    /// <summary>The documents of a YAML file, with what is merged into them merged.</summary>
    public static IReadOnlyList<Node> Documents(SourceFile file)
    {
        var parser = new MergingParser(new Parser(new StringReader(file.Text)));
        var deserializer = new DeserializerBuilder().Build();
        var found = new List<Node>();
        parser.Consume<YamlDotNet.Core.Events.StreamStart>();
        while (parser.Accept<YamlDotNet.Core.Events.DocumentStart>(out _)) found.Add(new Node(deserializer.Deserialize<object?>(parser)));
        return found;
    }

    /// <summary>What may stand behind HealthGrains__, as a pattern: the properties that the configuration is bound to.</summary>
    public static IReadOnlyList<string> Settings { get; } =
    [
        .. Properties("src/HealthGrains.Silo/SiloSettings.cs"),
        .. Properties("src/HealthGrains.Kafka/KafkaOptions.cs").Select(name => $"Kafka__{name}"),
        .. Properties("src/HealthGrains.Delivery/DeliverySettings.cs").Select(name => $"Delivery__{name}"),
        .. Parameters("src/HealthGrains.Core/Plays/Retention.cs").Select(name => $"Retention__{name}"),
        .. Properties("src/HealthGrains.Silo/Watching/DashboardSettings.cs").Select(name => $"Dashboard__{name}"),
        .. SourceTree.Code.Where(file => file.IsUnder("src")).SelectMany(file => Key.Matches(file.Text))
            .Select(match => match.Groups[1].Value.Replace(":", "__", StringComparison.Ordinal)),
    ];

    public static IReadOnlySet<string> Verbs { get; } = Found("src/HealthGrains.Silo", Verb);

    public static IReadOnlySet<string> Options { get; } = Found("src/HealthGrains.Silo", Option);

    /// <summary>The topics of KafkaOptions.</summary>
    public static IEnumerable<string> Topics => Regex.Matches(Text("src/HealthGrains.Kafka/KafkaOptions.cs"), "\"(healthgrains\\.\\w+)\"")
        .Select(match => match.Groups[1].Value);

    /// <summary>The default of a setting of a node, as the code spells it.</summary>
    public static string Default(string name) =>
        Regex.Match(Text("src/HealthGrains.Silo/SiloSettings.cs"), $@"{name} \{{ get; set; \}} = (.*);").Groups[1].Value;

    private static IEnumerable<string> Properties(string path) => Property.Matches(Text(path)).Select(match => match.Groups[1].Value);

    /// <summary>Those of the file's record.</summary>
    private static IEnumerable<string> Parameters(string path) =>
        Regex.Matches(Regex.Match(Text(path), @"record \w+\(([^)]*)\)").Groups[1].Value, @"\w+ (\w+)(?= =|,|$)").Select(match => match.Groups[1].Value);

    private static HashSet<string> Found(string folder, Regex pattern) => [.. SourceTree.Code.Where(file => file.IsUnder(folder))
        .SelectMany(file => pattern.Matches(file.Text)).SelectMany(match => match.Groups.Values.Skip(1))
        .Where(group => group.Success).Select(group => group.Value)];
}

/// <summary>A place in a YAML document; one that is not there is empty.</summary>
internal readonly record struct Node(object? Value)
{
    public Node this[string name] => new(Value is Dictionary<object, object?> map ? map.GetValueOrDefault(name) : null);

    public IEnumerable<Node> Items => Value is List<object?> list ? list.Select(item => new Node(item)) : [];

    public IEnumerable<(string Name, Node Value)> Entries =>
        Value is Dictionary<object, object?> map ? map.Select(entry => ((string)entry.Key, new Node(entry.Value))) : [];

    public string Text => Value as string ?? "";

    public bool IsEmpty => Value is null;

    /// <summary>This and everything below it.</summary>
    public IEnumerable<Node> All
    {
        get
        {
            var self = this;
            return new[] { self }.Concat(self.Items.Concat(self.Entries.Select(entry => entry.Value)).SelectMany(node => node.All));
        }
    }
}
