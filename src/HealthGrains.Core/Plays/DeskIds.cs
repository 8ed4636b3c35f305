using System.Globalization;

namespace HealthGrains.Plays;

/// <summary>The ids of what lies on a desk: the account, what it is, and its number. The same on every host and in every replay.</summary>
public static class DeskIds
{
    private const string PlayWord = "play";
    private const string DraftWord = "draft";
    private const string TaskWord = "task";
    private const string NoteWord = "note";

    /// <summary>The id of a play.</summary>
    public static string Play(string account, int number) => Make(account, PlayWord, number);

    /// <summary>The id of a draft.</summary>
    public static string Draft(string account, int number) => Make(account, DraftWord, number);

    /// <summary>The id of a task.</summary>
    public static string Task(string account, int number) => Make(account, TaskWord, number);

    /// <summary>The id of a note.</summary>
    public static string Note(string account, int number) => Make(account, NoteWord, number);

    /// <summary>The id of a trigger's alert.</summary>
    public static string Alert(string account, string rule, int number) => Make(account, rule, number);

    /// <summary>Takes an id apart. False when it is none. What it is of is the account's and may hold colons.</summary>
    public static bool TryRead(string id, out string account, out string word, out int number)
    {
        (account, word, number) = ("", "", 0);
        var last = id.LastIndexOf(':');
        var middle = last > 0 ? id.LastIndexOf(':', last - 1) : -1;
        if (middle <= 0 || !int.TryParse(id.AsSpan(last + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number)) return false;
        (account, word) = (id[..middle], id[(middle + 1)..last]);
        return word.Length > 0;
    }

    /// <summary>The account and number of a play's id; false when it is none.</summary>
    public static bool TryReadPlay(string id, out string account, out int number) => TryRead(id, PlayWord, out account, out number);

    /// <summary>The account and number of a draft's id; false when it is none.</summary>
    public static bool TryReadDraft(string id, out string account, out int number) => TryRead(id, DraftWord, out account, out number);

    /// <summary>The account and number of a task's id; false when it is none.</summary>
    public static bool TryReadTask(string id, out string account, out int number) => TryRead(id, TaskWord, out account, out number);

    private static bool TryRead(string id, string expected, out string account, out int number) =>
        TryRead(id, out account, out var word, out number) && word == expected;

    private static string Make(string account, string word, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{account}:{word}:{number}");
}
