namespace HealthGrains.Grains.Accounts;

/// <summary>
/// What came of entries of the log whose writers wait to hear it, for as long as they may ask: the answer is often there before the
/// question. Of one activation, and never stored: who is not answered here is told that it is not known.
/// </summary>
internal sealed class AwaitedEntries(TimeSpan kept)
{
    private readonly Dictionary<LogPlace, Entry> _entries = [];
    private readonly Queue<(LogPlace Place, long At)> _answered = new();

    /// <summary>The account has taken the entry.</summary>
    public void Taken(LogPlace place, TakeReply reply, long now)
    {
        while (_answered.TryPeek(out var oldest) && now - oldest.At > kept.TotalMilliseconds)
        {
            _answered.Dequeue();
            _entries.Remove(oldest.Place);
        }
        if (Of(place).Answer.TrySetResult(new AwaitedReply(AwaitedState.Counted, reply))) _answered.Enqueue((place, now));
    }

    /// <summary>What came of the entry; waits for it when it has not come yet.</summary>
    /// <param name="place">The entry.</param>
    /// <param name="isTaken">Whether the account has taken it.</param>
    /// <param name="atMost">How long to wait.</param>
    public async Task<AwaitedReply> WaitAsync(LogPlace place, bool isTaken, TimeSpan atMost)
    {
        if (isTaken && !_entries.ContainsKey(place)) return new AwaitedReply(AwaitedState.Taken, default);
        var entry = Of(place);
        entry.Waiting++;
        try
        {
            return await entry.Answer.Task.WaitAsync(atMost, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            return new AwaitedReply(AwaitedState.Waiting, default);
        }
        finally
        {
            // Who gave up leaves nothing behind; what was answered is kept for a while.
            if (--entry.Waiting == 0 && !entry.Answer.Task.IsCompleted) _entries.Remove(place);
        }
    }

    private Entry Of(LogPlace place)
    {
        if (!_entries.TryGetValue(place, out var entry)) _entries.Add(place, entry = new Entry());
        return entry;
    }

    private sealed class Entry
    {
        public TaskCompletionSource<AwaitedReply> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Waiting { get; set; }
    }
}
