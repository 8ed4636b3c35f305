namespace HealthGrains.Hosting;

/// <summary>Why a score changed.</summary>
public enum LedgerCause : byte
{
    /// <summary>Something happened.</summary>
    Signal,
    /// <summary>Time passed: silence, or old days leaving a window.</summary>
    Time,
    /// <summary>A cap began, ended or moved.</summary>
    Cap,
    /// <summary>Another model was activated.</summary>
    Model,
    /// <summary>The profile was changed.</summary>
    Profile,
}

/// <summary>One term of the sum that leads from one score to another.</summary>
/// <param name="Cause">Why.</param>
/// <param name="Measure">The measure, or the cap's rule.</param>
/// <param name="Before">Its points before.</param>
/// <param name="After">Its points after.</param>
/// <param name="Delta">After less before: the entry's share in the change.</param>
/// <param name="Day">The UTC day it happened on, for signals.</param>
/// <param name="Count">How many signals.</param>
/// <param name="Kinds">How many of each kind, by wire name.</param>
/// <param name="Evidence">Which of them can be seen in their own system; null where none said so.</param>
public sealed record LedgerItem(
    LedgerCause Cause, string Measure, double Before, double After, double Delta, DateOnly? Day = null, int? Count = null,
    IReadOnlyDictionary<string, int>? Kinds = null, IReadOnlyList<EvidenceView>? Evidence = null);

/// <summary>A score and its moment.</summary>
/// <param name="At">The moment.</param>
/// <param name="Score">The score then, with what is known now.</param>
public sealed record ScoreAt(DateTimeOffset At, double Score);

/// <summary>The change between two moments, as entries that sum to it exactly.</summary>
/// <param name="From">Before.</param>
/// <param name="To">After.</param>
/// <param name="Items">The terms by measure: the one that moved most first, its share of time before its days.</param>
public sealed record Ledger(ScoreAt From, ScoreAt To, IReadOnlyList<LedgerItem> Items);
