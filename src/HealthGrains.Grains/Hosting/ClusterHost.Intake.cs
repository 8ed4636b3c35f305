using HealthGrains.Accounts;
using HealthGrains.Grains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using HealthGrains.Signals;
using Orleans.Runtime.Placement;

namespace HealthGrains.Grains.Hosting;

/// <content>Intake: from what was read to the accounts that take it.</content>
internal sealed partial class ClusterHost
{
    /// <inheritdoc/>
    /// <remarks>
    /// Without a log the answer comes when every account has stored what it took. With one it comes when the log has it, or when the
    /// accounts have taken it from there, as the batch asks.
    /// </remarks>
    public async ValueTask<IntakeReceipt> TakeAsync(IntakeBatch batch, CancellationToken cancellationToken)
    {
        Up();
        cancellationToken.ThrowIfCancellationRequested();
        var count = batch.Count;
        // A request larger than the limit is taken when nothing else is under way.
        if (Interlocked.Add(ref _underWay, count) is var all && all > _options.SignalsUnderWay && all > count)
        {
            Interlocked.Add(ref _underWay, -count);
            Interlocked.Increment(ref _saturated);
            throw new IntakeSaturatedException(TimeSpan.FromSeconds(1));
        }
        try
        {
            return _log is { } log ? await TakeByLogAsync(log, batch) : await TakeWholeAsync(batch);
        }
        finally
        {
            Interlocked.Add(ref _underWay, -count);
        }
    }

    private async Task<IntakeReceipt> TakeWholeAsync(IntakeBatch batch)
    {
        // From here on the batch is this node's, whatever becomes of the caller.
        var none = CancellationToken.None;
        var (learned, held) = await LearnAsync(batch, none);
        var runs = Runs(batch);
        var unknown = Unknown(runs.Select(run => run.Account));
        var replies = new TakeReply[runs.Count];
        var received = batch.ReceivedAt > 0 ? batch.ReceivedAt : ClusterFigures.Now();
        using var calls = Traces.Of(runs.Count);
        await Parallel.ForAsync(0, runs.Count, AtOnce(none), async (i, token) =>
        {
            calls.Enter(i);
            var run = new SignalRun { Signals = runs[i].Signals, ReceivedAt = received };
            replies[i] = await _calls.CallAsync(runs[i].Account, grain => grain.TakeAsync(run, stored: true), token);
        });
        await AddEvidenceAsync(batch.Evidence, none);
        AddAccounts(unknown, learned);
        var accepted = replies.Sum(reply => reply.Accepted);
        var duplicates = replies.Sum(reply => reply.Duplicates) + held.Count(isNew => !isNew);
        Interlocked.Add(ref _accepted, accepted);
        Interlocked.Add(ref _duplicates, duplicates);
        var receipt = new IntakeReceipt(
            accepted, replies.Sum(reply => reply.Late), duplicates, held.Count(isNew => isNew), batch.Rejected, [.. batch.Errors]);
        await ReleaseAsync(learned);
        return receipt;
    }

    /// <summary>
    /// Takes what was read from a log. Completes when every account has applied it, not when it is stored: the caller has the log.
    /// May be repeated. False when an account lacks what it was given before.
    /// </summary>
    internal async Task<bool> TakeFromLogAsync(
        IReadOnlyList<(string Account, SignalRun Run)> runs, IntakeBatch batch, CancellationToken token)
    {
        Up();
        var (learned, _) = await LearnAsync(batch, token);
        var unknown = Unknown(runs.Select(run => run.Account));
        var accepted = 0;
        var duplicates = 0;
        var gaps = 0;
        var gone = new System.Collections.Concurrent.ConcurrentBag<string>();
        // An account that is not active anywhere is best off where its partition is read.
        if (_silo is not null) RequestContext.Set(IPlacementDirector.PlacementHintKey, _silo);
        using var calls = Traces.Of(runs.Count);
        await Parallel.ForAsync(0, runs.Count, AtOnce(token), async (i, stop) =>
        {
            calls.Enter(i);
            var reply = await _calls.CallAsync(
                runs[i].Account, grain => grain.TakeAsync(runs[i].Run, stored: false), stop, outlast: true);
            if (reply.IsGap) Interlocked.Increment(ref gaps);
            if (reply.IsGone) gone.Add(runs[i].Account);
            Interlocked.Add(ref accepted, reply.Accepted);
            Interlocked.Add(ref duplicates, reply.Duplicates);
        });
        Interlocked.Add(ref _accepted, accepted);
        Interlocked.Add(ref _duplicates, duplicates);
        // Of one that was erased nothing comes back, however often the log is read again.
        var erased = gone.ToHashSet(StringComparer.Ordinal);
        await AddEvidenceAsync([.. batch.Evidence.Where(link => !erased.Contains(link.Account))], token);
        AddAccounts([.. unknown.Except(gone)], learned);
        await ReleaseAsync(learned);
        return gaps == 0;
    }

    /// <summary>Stores what an account has taken from a log; false when it has not taken it.</summary>
    internal Task<bool> SaveAsync(string account, LogPlace[] places, CancellationToken token) =>
        _calls.CallAsync(account, grain => grain.SaveAsync(places), token, outlast: true);

    private ParallelOptions AtOnce(CancellationToken token) =>
        new() { MaxDegreeOfParallelism = _options.CallsUnderWay, CancellationToken = token };

    /// <summary>What a batch teaches beside its signals. Returns the identities that became known, and which held events are new.</summary>
    private async Task<(List<(string Source, string ExternalId)> Learned, bool[] Held)> LearnAsync(
        IntakeBatch batch, CancellationToken token)
    {
        await _directory.AddNamesAsync(batch.Names, token);
        var learned = (await _directory.SetLinksAsync(batch.Links, token)).Select(link => (link.Source, link.ExternalId)).ToList();
        return (learned, batch.Held.Count > 0 ? await _directoryStore.HoldAsync(batch.Held, Now(), token) : []);
    }

    private Task AddEvidenceAsync(List<EvidenceLink> links, CancellationToken token) =>
        links.Count == 0 ? Task.CompletedTask : _directoryStore.AddEvidenceAsync(links, token);

    /// <summary>What a profile teaches beside itself: the account's ids elsewhere, and that it is there.</summary>
    private async Task LearnAsync(AccountProfile profile, bool isNew)
    {
        var links = profile.ExternalIds.Select(external => new IdentityLink(external.Key, external.Value, profile.Id)).ToList();
        var learned = (await _directory.SetLinksAsync(links, CancellationToken.None))
            .Select(link => (link.Source, link.ExternalId)).ToList();
        _directory.AddAccount(profile.Id);
        if (isNew) learned.Add((SegmentReader.Groups, profile.Id));
        await ReleaseAsync(learned);
    }

    /// <summary>
    /// Those that are not known here. To be asked before they take signals: what waits for them is to be taken once they have, and by
    /// then somebody else may have told of them.
    /// </summary>
    private List<string> Unknown(IEnumerable<string> accounts) => [.. accounts.Where(account => !_directory.AccountExists(account))];

    private void AddAccounts(List<string> accounts, List<(string Source, string ExternalId)> learned)
    {
        foreach (var account in accounts) _directory.AddAccount(account);
        learned.AddRange(accounts.Select(account => (SegmentReader.Groups, account)));
    }

    /// <summary>The signals of each account, in order of arrival.</summary>
    private static List<(string Account, Signal[] Signals)> Runs(IntakeBatch batch)
    {
        var runs = new Dictionary<string, List<Signal>>(StringComparer.Ordinal);
        foreach (ref readonly var incoming in batch.Signals)
        {
            if (!runs.TryGetValue(incoming.Account, out var run)) runs.Add(incoming.Account, run = []);
            run.Add(incoming.Signal);
        }
        return [.. runs.Select(run => (run.Key, run.Value.ToArray()))];
    }

    /// <summary>Takes events that waited for identities which have become known. They wait until their signals are stored.</summary>
    private async Task ReleaseAsync(List<(string Source, string ExternalId)> learned)
    {
        foreach (var (source, external) in learned)
        {
            var waiting = await _directoryStore.WaitingAsync(source, external, CancellationToken.None);
            if (waiting.Count == 0) continue;
            var batch = new IntakeBatch();
            IntakeReader.ReadHeld(waiting, IntakeContext.Of(this), batch);
            await TakeWholeAsync(batch);
            // One may wait on, for another identity.
            var onwards = batch.Held.Select(again => (again.Source, again.EventId)).ToHashSet();
            await _directoryStore.SettleAsync(
                [.. waiting.Where(one => !onwards.Contains((one.Source, one.EventId)))], CancellationToken.None);
        }
    }
}
