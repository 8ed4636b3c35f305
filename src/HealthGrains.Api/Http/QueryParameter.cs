using System.Text.Json;

namespace HealthGrains.Api.Http;

/// <summary>A query parameter of a route: what its description says and what its reader allows, in one place.</summary>
internal sealed record QueryParameter(string Name, string Summary)
{
    public IReadOnlyList<string>? Allowed { get; init; }

    public int? Min { get; init; }

    public int? Max { get; init; }

    public static QueryParameter OneOf<T>(string name, string summary) where T : struct, Enum =>
        new(name, summary) { Allowed = Names<T>() };

    public static QueryParameter Number(string name, string summary, int min, int max) => new(name, summary) { Min = min, Max = max };

    public static string[] Names<T>() where T : struct, Enum => [.. Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName)];
}

/// <summary>
/// The query parameters of a route; any other name is refused unless the route says otherwise, because a misspelt filter would answer
/// with everything.
/// </summary>
internal sealed record QueryParameters(IReadOnlyList<QueryParameter> All)
{
    public static readonly QueryParameters None = new([]);

    /// <summary>Whether other names are passed over: other systems append to an address what they like.</summary>
    public bool AllowsOthers { get; init; }

    public QueryParameter Find(string name) => All.Single(parameter => parameter.Name == name);

    public string Known => All.Count == 0 ? "this route takes none" : "the known ones are " + string.Join(", ", All.Select(p => p.Name));
}
