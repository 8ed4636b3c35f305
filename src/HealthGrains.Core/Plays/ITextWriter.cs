using HealthGrains.Accounts;
using HealthGrains.Hosting;

namespace HealthGrains.Plays;

/// <summary>
/// Writes texts for people to review. Called within turns, so it must be a pure function: the same template and facts give the same text.
/// </summary>
public interface ITextWriter
{
    /// <summary>Writes a text.</summary>
    WrittenText Write(TextTemplate template, TextFacts facts);

    /// <summary>Writes a digest.</summary>
    WrittenText Write(TextTemplate template, DigestFacts facts);
}

/// <summary>A text as written.</summary>
/// <param name="Subject">Subject line; empty where there is none.</param>
/// <param name="Text">The text.</param>
public sealed record WrittenText(string Subject, string Text)
{
    /// <summary>Stands before what is missing in a text, and <see cref="HoleEnd"/> behind it.</summary>
    public const char HoleBegin = '\u27E6';

    /// <summary>Stands behind what is missing in a text.</summary>
    public const char HoleEnd = '\u27E7';

    /// <summary>
    /// What is missing, each between marks in the text: a field of which nothing is known, or what a person is to fill in. While one of
    /// them is there the text must not go out.
    /// </summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>What is missing in a text first; null when nothing is.</summary>
    public static string? Hole(string text)
    {
        var begin = text.IndexOf(HoleBegin);
        if (begin < 0) return null;
        var end = text.IndexOf(HoleEnd, begin);
        return end < 0 ? text[(begin + 1)..] : text[(begin + 1)..end];
    }
}

/// <summary>What a text may be written from, and what lies beside a draft for whoever reviews it.</summary>
public sealed record TextFacts
{
    /// <summary>Who the account is.</summary>
    public required AccountProfile Account { get; init; }
    /// <summary>The facts that are known, by key: numbers, booleans and words.</summary>
    public required IReadOnlyDictionary<string, object> Facts { get; init; }
    /// <summary>What moved the score in the last 28 days, the worst first.</summary>
    public required IReadOnlyList<DriverView> Drivers { get; init; }
    /// <summary>To whom it goes; null when to colleagues.</summary>
    public Contact? Contact { get; init; }
    /// <summary>Why the play began, in words.</summary>
    public string? Reason { get; init; }
    /// <summary>Features of the playbook that the account has not used in the last twelve weeks.</summary>
    public IReadOnlyList<string> FeaturesNotUsed { get; init; } = [];
    /// <summary>What was tried on this account before and what followed, newest first, a sentence each.</summary>
    public IReadOnlyList<string> TriedBefore { get; init; } = [];
    /// <summary>The day it is written on.</summary>
    public required DateOnly Today { get; init; }
}
