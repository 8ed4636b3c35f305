using HealthGrains.Hosting;

namespace HealthGrains.Embedded;

/// <content>Events that wait for an identity.</content>
internal sealed partial class JournalThread
{
    public IReadOnlyList<HeldEvent> ReleaseHeld(string source, string external, long now)
    {
        var (events, released, bytes) = _store.Release(source, external, now);
        _memory.HeldCount -= released;
        _memory.HeldBytes -= bytes;
        return events;
    }

    /// <summary>Adds the events that wait for an identity which has just become known.</summary>
    public void FindHeld(string source, string external, List<HeldEvent> found)
    {
        if (_memory.HeldCount > 0) _store.FindHeld(source, external, found);
    }

    private void Hold(IntakeRequest request, HeldEvent held, long now)
    {
        if (_memory.HeldCount >= _options.HeldLimit || _memory.HeldBytes + held.Body.Length > _options.HeldBytesLimit)
        {
            // A held event does not know its place in the request.
            request.Batch.Reject(
                -1, "", $"event {held.EventId}: too many events wait for an identity; link {held.Source} ids to accounts first");
            return;
        }

        if (!_store.Hold(held, now))
        {
            request.Duplicates++;
            return;
        }

        request.Held++;
        _memory.HeldCount++;
        _memory.HeldBytes += held.Body.Length;
    }
}
