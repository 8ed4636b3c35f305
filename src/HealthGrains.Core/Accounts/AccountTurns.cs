using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Accounts;

/// <summary>The turns of an account: pure functions of state, input and <see cref="Turn"/>.</summary>
public static class AccountTurns
{
    /// <summary>
    /// Signals arrived. Adds them to the calendar and nothing more; <see cref="Decide"/> follows once per batch or later.
    /// Allocates nothing in steady state. Returns how many were late (older than the calendar).
    /// </summary>
    public static int Take(AccountState state, ReadOnlySpan<Signal> signals, in Turn turn) => throw new NotImplementedException();

    /// <summary>Decides what the state now amounts to: alerts raised, escalated or ended. True when the state changed.</summary>
    public static bool Decide(AccountState state, in Turn turn) => throw new NotImplementedException();

    /// <summary>A wake-up fell due: closes the days that are over, then decides. True when the state changed.</summary>
    public static bool Wake(AccountState state, in Turn turn) => throw new NotImplementedException();

    /// <summary>When the account next needs a <see cref="Wake"/>, Unix milliseconds: soon after the end of the UTC day at the latest.</summary>
    public static long NextWake(AccountState state, in Turn turn) => throw new NotImplementedException();

    /// <summary>Everything about the account at <see cref="Turn.Now"/>. Changes nothing that can be seen.</summary>
    public static AccountView View(AccountState state, INames names, in Turn turn) => throw new NotImplementedException();

    /// <summary>The account as it was at a moment, with the signals known now: <paramref name="at"/> within the calendar.</summary>
    public static AccountView ViewAt(AccountState state, long at, INames names, in Turn turn) => throw new NotImplementedException();

    /// <summary>The account's row in lists.</summary>
    public static AccountSummary Summarize(AccountState state, in Turn turn) => throw new NotImplementedException();

    /// <summary>Today's point of the history, provisional.</summary>
    public static HistoryPoint Today(AccountState state, in Turn turn) => throw new NotImplementedException();

    /// <summary>Why the score changed between two moments within the calendar.</summary>
    public static Ledger Explain(AccountState state, long since, long until, in Turn turn) => throw new NotImplementedException();

    /// <summary>The profile was set. Shifts the level of the trend, never its slope.</summary>
    public static void SetProfile(AccountState state, AccountProfile profile, in Turn turn) => throw new NotImplementedException();

    /// <summary>Another model (the turn's) takes over from <paramref name="before"/>. Shifts the level of the trend, never its slope.</summary>
    public static void ChangeModel(AccountState state, Health.HealthModel before, in Turn turn) => throw new NotImplementedException();

    /// <summary>Acknowledges an alert; null when the account has no such alert that is not over.</summary>
    public static AlertView? Acknowledge(AccountState state, string alert, string actor, in Turn turn) => throw new NotImplementedException();

    /// <summary>Resolves an alert; null when the account has no such alert that is not over.</summary>
    public static AlertView? Resolve(AccountState state, string alert, string actor, string? reason, in Turn turn) => throw new NotImplementedException();
}
