using System.Text.Json;
using System.Text.Json.Nodes;
using HealthGrains.Api.Tests.Fakes;

namespace HealthGrains.Api.Tests;

/// <summary>The API's description is kept in the tree, so that a change of the surface shows in a diff.</summary>
public sealed class DescriptionTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Set to anything, this environment variable writes the file instead of comparing it.</summary>
    private const string Update = "HEALTHGRAINS_UPDATE_DESCRIPTION";

    [Fact]
    public async Task The_description_in_docs_is_the_one_that_is_served()
    {
        await using var api = await TestApi.StartAsync();
        var served = JsonNode.Parse(await (await api.GetAsync("/openapi/v1.json")).Content.ReadAsStringAsync())!.AsObject();
        // Where a server happens to run is not part of the surface.
        served.Remove("servers");
        var text = served.ToJsonString(Indented) + "\n";
        var file = Path.Combine(Root(), "docs", "api", "openapi.json");
        if (Environment.GetEnvironmentVariable(Update) is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, text);
        }
        Assert.True(
            File.Exists(file) && await File.ReadAllTextAsync(file) == text,
            $"docs/api/openapi.json differs from what is served; set {Update}=1, run this test again and commit the file");
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "HealthGrains.sln"))) directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("the tests run outside the source tree");
    }
}
