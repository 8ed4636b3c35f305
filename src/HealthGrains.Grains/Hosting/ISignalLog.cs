using HealthGrains.Grains.Accounts;
using HealthGrains.Hosting;

namespace HealthGrains.Grains.Hosting;

/// <summary>
/// The log that signals and profiles are written to before they are acknowledged, where a cluster has one; <see cref="LogIntake"/>
/// takes them from there. Names, links and held events are not in it.
/// </summary>
public interface ISignalLog
{
    /// <summary>
    /// Appends signals and completes when the log has all of them. Throws <see cref="IntakeSaturatedException"/> when too much is under
    /// way: nothing was appended; and <see cref="HostUnavailableException"/> when the log did not take all of it: some may be there.
    /// </summary>
    /// <param name="signals">The signals; the caller's again as soon as this returns its task.</param>
    /// <param name="awaited">Whether somebody waits for their accounts: see <see cref="SignalRun.Awaited"/>.</param>
    /// <param name="cancellationToken">Ends the waiting, not the appending.</param>
    /// <returns>Where they lie: an entry holds signals of one account.</returns>
    ValueTask<IReadOnlyList<LogEntry>> AppendAsync(
        ReadOnlySpan<IncomingSignal> signals, bool awaited, CancellationToken cancellationToken);

    /// <summary>Appends a profile (JSON); throws as the other does.</summary>
    ValueTask<LogPlace> AppendProfileAsync(string account, byte[] profile, string actor, CancellationToken cancellationToken);
}

/// <summary>An entry that was appended.</summary>
/// <param name="Account">Whose signals it holds.</param>
/// <param name="Signals">How many.</param>
/// <param name="Place">Where it lies.</param>
public readonly record struct LogEntry(string Account, int Signals, LogPlace Place);
