namespace HealthGrains.Plays.Files;

/// <summary>Words for people who made a mistake in a file of their practice.</summary>
public static class PracticeWords
{
    /// <summary>"a, b or c".</summary>
    public static string Or(IReadOnlyList<string> words) => Joined(words, "or");

    /// <summary>"a, b and c".</summary>
    public static string And(IReadOnlyList<string> words) => Joined(words, "and");

    /// <summary>"a task", "an e-mail".</summary>
    public static string A(string word) => ("aeiou".Contains(char.ToLowerInvariant(word[0])) ? "an " : "a ") + word;

    /// <summary>"; did you mean email?", or nothing where no word is near.</summary>
    public static string DidYouMean(string wrong, IEnumerable<string> words) =>
        Nearest(wrong, words) is { } near ? $"; did you mean {near}?" : "";

    /// <summary>The word that is meant most likely; null when none is near.</summary>
    public static string? Nearest(string wrong, IEnumerable<string> words)
    {
        var (best, least) = ((string?)null, Math.Max(1, wrong.Length / 3) + 1);
        foreach (var word in words)
        {
            var distance = Distance(wrong.ToLowerInvariant(), word.ToLowerInvariant());
            if (distance < least) (best, least) = (word, distance);
        }
        return best;
    }

    /// <summary>
    /// How many letters are missing, too many, other ones, or swapped with the next (optimal string alignment).
    /// </summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var k = 0; k <= b.Length; k++) rows[0, k] = k;
        for (var i = 1; i <= a.Length; i++)
            for (var k = 1; k <= b.Length; k++)
            {
                var other = a[i - 1] == b[k - 1] ? 0 : 1;
                rows[i, k] = Math.Min(Math.Min(rows[i - 1, k], rows[i, k - 1]) + 1, rows[i - 1, k - 1] + other);
                if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                    rows[i, k] = Math.Min(rows[i, k], rows[i - 2, k - 2] + 1);
            }
        return rows[a.Length, b.Length];
    }

    private static string Joined(IReadOnlyList<string> words, string last) => words.Count switch
    {
        0 => "",
        1 => words[0],
        _ => $"{string.Join(", ", words.Take(words.Count - 1))} {last} {words[^1]}",
    };
}
