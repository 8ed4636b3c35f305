using System.Text.Json;
using HealthGrains.Plays.Files;
using HealthGrains.Situations;

namespace HealthGrains.Core.Tests.Plays.Files;

/// <summary>The schemas for editors say what the reader does.</summary>
public sealed class SchemaTests
{
    public static TheoryData<string> Names => [.. PracticeSchema.All.Select(schema => schema.Path)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_schema_in_the_documentation_is_the_one_of_the_reader(string name) =>
        Assert.Equal(PracticeSchema.All.Single(schema => schema.Path == name).Content,
            File.ReadAllText(Path.Combine(Root(), "docs", "schemas", name)).ReplaceLineEndings("\n"));

    [Theory]
    [InlineData("trigger", "triggers/x.json")]
    [InlineData("playbook", "playbooks/x.json")]
    [InlineData("guardrail", "guardrails/x.json")]
    [InlineData("team", "teams/x.json")]
    public void What_the_schema_allows_or_requires_so_does_the_reader(string kind, string path)
    {
        var schema = Schema(kind);
        var required = schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()!).ToArray();
        var missing = Reasons(path, "{}");
        Assert.Equal(required.Order(), missing.Where(reason => reason.Contains(" needs ", StringComparison.Ordinal))
            .Select(reason => reason.Split(" needs ")[1].Split(':')[0]).Order());
        foreach (var property in schema.GetProperty("properties").EnumerateObject())
            Assert.DoesNotContain(Reasons(path, $$"""{ "{{property.Name}}": null }"""), reason => reason.Contains("is no field of", StringComparison.Ordinal));
        Assert.Contains(Reasons(path, """{ "nonsense": null }"""), reason => reason.StartsWith("'nonsense' is no field of", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("trigger", "triggers/x.json")]
    [InlineData("playbook", "playbooks/x.json")]
    [InlineData("guardrail", "guardrails/x.json")]
    public void Ranges_and_words_of_the_schema_are_those_of_the_reader(string kind, string path)
    {
        foreach (var property in Schema(kind).GetProperty("properties").EnumerateObject())
        {
            bool Refused(string value) => Reasons(path, $$"""{ "{{property.Name}}": {{value}} }""")
                .Any(reason => reason.StartsWith(property.Name + " is ", StringComparison.Ordinal) || reason.Contains(" is no ", StringComparison.Ordinal));
            if (property.Value.TryGetProperty("minimum", out var least))
            {
                var most = property.Value.GetProperty("maximum");
                Assert.False(Refused(least.GetRawText()) || Refused(most.GetRawText()), property.Name);
                Assert.True(Refused($"{least.GetInt32() - 1}") && Refused($"{most.GetInt32() + 1}"), property.Name);
            }
            if (property.Value.TryGetProperty("enum", out var words) && property.Name != "per")
            {
                Assert.All(words.EnumerateArray(), word => Assert.False(Refused(word.GetRawText()), word.GetRawText()));
                Assert.True(Refused("\"nonsense\""), property.Name);
            }
        }
    }

    [Fact]
    public void Every_fact_is_in_the_schema()
    {
        var text = PracticeSchema.All.Single(schema => schema.Path == "trigger.schema.json").Content;
        Assert.All(FactRegistry.All, fact => Assert.Contains(fact.IsFamily ? $"\"^{fact.Key}.+$\"" : $"\"{fact.Key}\"", text, StringComparison.Ordinal));
    }

    private static JsonElement Schema(string kind) =>
        JsonDocument.Parse(PracticeSchema.All.Single(schema => schema.Path == $"{kind}.schema.json").Content).RootElement;

    private static string[] Reasons(string path, string content) =>
        [.. PracticeBook.Empty(Samples.Check).With(path, content).Problems.Select(problem => problem.Reason)];

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "HealthGrains.sln"))) folder = folder.Parent;
        return folder.FullName;
    }
}
