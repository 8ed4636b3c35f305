using System.Text.RegularExpressions;

namespace HealthGrains.Tidy.Tests;

/// <summary>A call that the product or its tests must not make.</summary>
/// <param name="Name">What it is called in messages.</param>
/// <param name="Pattern">How it is recognised in a line without its comment.</param>
/// <param name="Scope">The folders it is looked for in.</param>
/// <param name="Instead">What to do instead.</param>
public sealed record ForbiddenCall(string Name, Regex Pattern, string[] Scope, string Instead);

/// <summary>Where a forbidden call is right all the same.</summary>
/// <param name="Path">A file, or a folder that ends in a slash.</param>
/// <param name="Name">The <see cref="ForbiddenCall.Name"/>.</param>
/// <param name="Reason">Why.</param>
public sealed record Exemption(string Path, string Name, string Reason);

public static class ForbiddenCalls
{
    private static readonly string[] Everywhere = ["src", "tests"];

    public static readonly ForbiddenCall[] All =
    [
        Call("DateTime.Now", @"\bDateTime\.(Utc)?(Now|Today)\b", "take the time from a TimeProvider, or as an argument"),
        Call("DateTimeOffset.Now", @"\bDateTimeOffset\.(Utc)?Now\b", "take the time from a TimeProvider, or as an argument"),
        Call("Guid.NewGuid", @"\bGuid\.(NewGuid|CreateVersion7)\(", "derive the id from what it names, or count"),
        Call("Random.Shared", @"\bRandom\.Shared\b", "take a seed, and say it when a test fails"),
        Call("unseeded Random", @"\bnew (System\.)?Random\(\s*\)", "give it a seed, and say it when a test fails"),
        new("new Random", new Regex(@"\bnew (System\.)?Random\("), ["src"],
            "use a generator of fixed algorithm, so that a seed means the same for ever"),
        Call("Thread.Sleep", @"\bThread\.Sleep\(", "wait for what you wait for: a signal, a channel, a TimeProvider's timer"),
        Call("Task.Delay", @"\bTask\.Delay\(\s*([\d_]+|TimeSpan\.From\w+\([^()]*\))\s*(,\s*[\w.]*([Tt]oken|ct|[Ss]topping\w*|None))?\s*\)",
            "wait for what you wait for, or pass a TimeProvider to Task.Delay"),
        Call("unfinished code", @"\bNotImplementedException\b", "finish it, or leave it out"),
    ];

    public static readonly Exemption[] Exemptions =
    [
        new("tests/HealthGrains.Tidy.Tests/", "*", "the rules and their samples are written here"),
    ];

    public static string WithoutComment(string line)
    {
        var at = line.IndexOf("//", StringComparison.Ordinal);
        // "http://" is no comment.
        while (at > 0 && line[at - 1] == ':') at = line.IndexOf("//", at + 2, StringComparison.Ordinal);
        return at < 0 ? line : line[..at];
    }

    public static bool IsExempt(string path, string name) => Exemptions.Any(exemption =>
        (exemption.Name == "*" || exemption.Name == name)
        && (exemption.Path == path || (exemption.Path.EndsWith('/') && path.StartsWith(exemption.Path, StringComparison.Ordinal))));

    private static ForbiddenCall Call(string name, string pattern, string instead) => new(name, new Regex(pattern), Everywhere, instead);
}
