using HealthGrains.Accounts;

namespace HealthGrains.Hosting;

/// <summary>What watchers are told of, by the names of <see cref="ChangeEvent.Type"/>.</summary>
public static class ChangeType
{
    /// <summary>An account's health changed. The one type of which only the latest counts.</summary>
    public const string AccountChanged = "account.changed";

    /// <summary>The last change of an account.</summary>
    public const string AccountErased = "account.erased";

    /// <summary>An alert was pushed to its owner.</summary>
    public const string AlertPushed = "alert.pushed";

    /// <summary>A play began, went a step on, or ended.</summary>
    public const string PlayChanged = "play.step";

    /// <summary>A draft was prepared, changed, decided or sent.</summary>
    public const string DraftChanged = "draft.changed";

    /// <summary>A task was prepared, put off, handed over, done or cancelled.</summary>
    public const string TaskChanged = "task.changed";

    /// <summary>Somebody wrote a note on an account.</summary>
    public const string NoteAdded = "note.added";

    /// <summary>A source fell silent for all accounts. Of no account.</summary>
    public const string SourceSilent = "source.silent";

    /// <summary>A source that was silent for all accounts is heard again. Of no account.</summary>
    public const string SourceBack = "source.back";

    /// <summary>The type that an alert's change has.</summary>
    public static string Of(AlertChange change) => change switch
    {
        AlertChange.Raised => "alert.raised",
        AlertChange.Escalated => "alert.escalated",
        AlertChange.Acknowledged => "alert.acknowledged",
        AlertChange.Changed => "alert.changed",
        AlertChange.Reopened => "alert.reopened",
        _ => "alert.resolved",
    };
}
