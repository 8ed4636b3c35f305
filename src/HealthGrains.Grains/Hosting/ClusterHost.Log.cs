using System.Runtime.InteropServices;
using HealthGrains.Accounts;
using HealthGrains.Grains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Intake;

namespace HealthGrains.Grains.Hosting;

/// <content>Intake where there is a log: the log first, then whoever reads it.</content>
internal sealed partial class ClusterHost
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);
    // Not for long at a time, for an account cannot move to another silo while it is being asked.
    private static readonly TimeSpan LongestQuestion = TimeSpan.FromSeconds(1);

    private async Task<IntakeReceipt> TakeByLogAsync(ISignalLog log, IntakeBatch batch)
    {
        var none = CancellationToken.None;
        var (learned, held) = await LearnAsync(batch, none);
        await AddEvidenceAsync(batch.Evidence, none);
        // Now, before any of them can be known by way of these signals.
        var unknown = batch.UntilApplied ? Unknown(AccountsOf(batch)) : [];
        var entries = await log.AppendAsync(Once(batch, out var late, out var repeats), batch.UntilApplied, none);
        await ReleaseAsync(learned);
        var receipt = new IntakeReceipt(
            entries.Sum(entry => entry.Signals), late, repeats + held.Count(isNew => !isNew), held.Count(isNew => isNew),
            batch.Rejected, [.. batch.Errors]);
        return batch.UntilApplied ? await AppliedAsync(receipt, entries, unknown) : receipt;
    }

    /// <summary>The receipt of signals that the accounts have taken from the log, as far as they have in time.</summary>
    private async Task<IntakeReceipt> AppliedAsync(IntakeReceipt receipt, IReadOnlyList<LogEntry> entries, IReadOnlyList<string> unknown)
    {
        using var deadline = new CancellationTokenSource(_options.AppliedWithin, TimeProvider.System);
        var (accepted, late, duplicates, pending) = (0, 0, receipt.Duplicates, 0);
        await Parallel.ForEachAsync(entries, AtOnce(CancellationToken.None), async (entry, _) =>
        {
            var reply = await AwaitAsync(entry, deadline.Token);
            if (reply.State == AwaitedState.Counted)
            {
                Interlocked.Add(ref accepted, reply.Counts.Accepted);
                Interlocked.Add(ref late, reply.Counts.Late);
                Interlocked.Add(ref duplicates, reply.Counts.Duplicates);
            }
            else Interlocked.Add(ref pending, entry.Signals);
        });
        if (pending == 0)
        {
            foreach (var account in unknown) _directory.AddAccount(account);
            await ReleasedAsync(unknown.Select(account => (SegmentReader.Groups, account)), deadline.Token);
        }
        return receipt with { Accepted = accepted + pending, Late = late, Duplicates = duplicates, Pending = pending };
    }

    private async Task<AwaitedReply> AwaitAsync(LogEntry entry, CancellationToken deadline)
    {
        var waiting = new AwaitedReply(AwaitedState.Waiting, default);
        try
        {
            while (!deadline.IsCancellationRequested)
            {
                var reply = await _calls.CallAsync(entry.Account, grain => grain.AwaitAsync(entry.Place, LongestQuestion), deadline)
                    .WaitAsync(deadline);
                if (reply.State != AwaitedState.Waiting) return reply;
            }
        }
        catch (Exception late) when (late is OperationCanceledException or HostUnavailableException)
        {
            // The log has it: whatever became of the account, it will be taken.
        }
        return waiting;
    }

    /// <summary>
    /// Takes a profile that was just appended, at once, so that the next question sees it: who reads the log finds that it is taken.
    /// </summary>
    private async Task<bool> PutAppendedAsync(AccountProfile profile, byte[] bytes, string actor, LogPlace place)
    {
        var none = CancellationToken.None;
        var reply = await _calls.CallAsync(profile.Id, grain => grain.PutLoggedProfileAsync(bytes, actor, place), none);
        if (reply.IsOverruled) return reply.IsNew;
        await LearnAsync(profile, isNew: false);
        using var deadline = new CancellationTokenSource(_options.AppliedWithin, TimeProvider.System);
        await ReleasedAsync(
            [.. profile.ExternalIds.Select(external => (external.Key, external.Value)), (SegmentReader.Groups, profile.Id)],
            deadline.Token);
        return reply.IsNew;
    }

    /// <summary>Takes a profile that was read from the log, unless it was taken before.</summary>
    internal async Task PutProfileFromLogAsync(
        AccountProfile profile, byte[] bytes, string actor, LogPlace place, CancellationToken token)
    {
        Up();
        var reply = await _calls.CallAsync(
            profile.Id, grain => grain.PutLoggedProfileAsync(bytes, actor, place), token, outlast: true);
        // Also when it was taken before: whoever took it may have ended in between.
        if (!reply.IsOverruled) await LearnAsync(profile, reply.IsNew);
    }

    /// <summary>
    /// Waits until nothing waits any more for identities that have become known: who reads the log takes what did, and should not find
    /// this node doing the same.
    /// </summary>
    private async Task ReleasedAsync(IEnumerable<(string Source, string ExternalId)> known, CancellationToken deadline)
    {
        foreach (var (source, external) in known)
            while (!deadline.IsCancellationRequested
                && (await _directoryStore.WaitingAsync(source, external, CancellationToken.None)).Count > 0)
                await Task.Delay(Glance, TimeProvider.System, deadline).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static HashSet<string> AccountsOf(IntakeBatch batch)
    {
        var accounts = new HashSet<string>(StringComparer.Ordinal);
        foreach (ref readonly var incoming in batch.Signals) accounts.Add(incoming.Account);
        return accounts;
    }

    /// <summary>The signals of a batch without those that repeat an earlier one's id; and how many of them are late.</summary>
    private Span<IncomingSignal> Once(IntakeBatch batch, out int late, out int repeats)
    {
        var now = Now();
        var seen = new HashSet<ulong>(batch.Count);
        var once = new List<IncomingSignal>(batch.Count);
        late = 0;
        foreach (ref readonly var incoming in batch.Signals)
        {
            if (!seen.Add(incoming.Signal.Id)) continue;
            if (Calendar.IsLate(incoming.Signal.At, now)) late++;
            once.Add(incoming);
        }
        repeats = batch.Count - once.Count;
        return CollectionsMarshal.AsSpan(once);
    }
}
