using HealthGrains.Accounts;

namespace HealthGrains.Hosting;

/// <summary>What watchers are told of, by the names of <see cref="ChangeEvent.Type"/>.</summary>
public static class ChangeType
{
    /// <summary>An account's health changed. The one type of which only the latest counts.</summary>
    public const string AccountChanged = "account.changed";

    /// <summary>The last change of an account.</summary>
    public const string AccountErased = "account.erased";

    /// <summary>The type that an alert's change has.</summary>
    public static string Of(AlertChange change) => change switch
    {
        AlertChange.Raised => "alert.raised",
        AlertChange.Escalated => "alert.escalated",
        AlertChange.Acknowledged => "alert.acknowledged",
        _ => "alert.resolved",
    };
}
