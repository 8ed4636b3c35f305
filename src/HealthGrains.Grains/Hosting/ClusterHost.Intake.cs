using HealthGrains.Grains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using HealthGrains.Signals;

namespace HealthGrains.Grains.Hosting;

/// <content>Intake: from what was read to the accounts that take it.</content>
internal sealed partial class ClusterHost
{
    /// <inheritdoc/>
    /// <remarks>The answer comes when every account has stored what it took.</remarks>
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
            return await TakeWholeAsync(batch);
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
        await _directory.AddNamesAsync(batch.Names, none);
        var learned = (await _directory.SetLinksAsync(batch.Links, none)).Select(link => (link.Source, link.ExternalId)).ToList();
        var held = batch.Held.Count > 0 ? await _directoryStore.HoldAsync(batch.Held, Now(), none) : [];
        var runs = Runs(batch);
        var replies = new TakeReply[runs.Count];
        await Parallel.ForAsync(0, runs.Count, new ParallelOptions { MaxDegreeOfParallelism = _options.CallsUnderWay }, async (i, token) =>
        {
            var run = new SignalRun { Signals = runs[i].Signals };
            replies[i] = await _calls.CallAsync(runs[i].Account, grain => grain.TakeAsync(run, stored: true), token);
        });
        for (var i = 0; i < runs.Count; i++)
        {
            if (_directory.AccountExists(runs[i].Account)) continue;
            _directory.AddAccount(runs[i].Account);
            learned.Add((SegmentReader.Groups, runs[i].Account));
        }
        var accepted = replies.Sum(reply => reply.Accepted);
        var duplicates = replies.Sum(reply => reply.Duplicates) + held.Count(isNew => !isNew);
        Interlocked.Add(ref _accepted, accepted);
        Interlocked.Add(ref _duplicates, duplicates);
        var receipt = new IntakeReceipt(
            accepted, replies.Sum(reply => reply.Late), duplicates, held.Count(isNew => isNew), batch.Rejected, [.. batch.Errors]);
        await ReleaseAsync(learned);
        return receipt;
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
