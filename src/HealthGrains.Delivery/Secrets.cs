using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace HealthGrains.Delivery;

/// <summary>
/// Passwords, tokens and addresses that must not be told: read anew each time, so that one which was changed in the configuration holds at
/// once, and taken out of every sentence that is logged or stored, should another side repeat it.
/// </summary>
internal sealed partial class Secrets
{
    // Anything shorter is found in harmless text.
    private const int Shortest = 6;
    private const int LongestSentence = 500;

    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <summary>A secret that can be read; it is taken out of sentences from then on.</summary>
    public Func<string> Keep(Func<string?> read) => () =>
    {
        var value = read() ?? "";
        Know(value);
        return value;
    };

    public void Know(string? value)
    {
        if (value is { Length: >= Shortest }) _known.TryAdd(value, true);
        // Several in one setting, while one is being replaced.
        foreach (var one in value?.Split(' ') ?? [])
            if (one.StartsWith(WebhookSignature.Prefix, StringComparison.Ordinal)) _known.TryAdd(one, true);
    }

    /// <summary>One that is no secret any more, so that what is known does not grow with every token.</summary>
    public void Forget(string value) => _known.TryRemove(value, out _);

    /// <summary>A sentence for a log, where addresses of people do not belong. The list of deliveries has them.</summary>
    public static string WithoutPeople(string sentence) => EmailAddress.Replace(sentence, "(address)");

    /// <summary>A sentence without secrets, on one line and of bounded length.</summary>
    public string Clean(string sentence)
    {
        foreach (var secret in _known.Keys) sentence = sentence.Replace(secret, "***", StringComparison.Ordinal);
        sentence = string.Join(' ', sentence.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return sentence.Length <= LongestSentence ? sentence : sentence[..LongestSentence] + "...";
    }

    [GeneratedRegex("""[^\s<>'"(),;:]+@[^\s<>'"(),;:]+""")]
    private static partial Regex EmailAddress { get; }
}
