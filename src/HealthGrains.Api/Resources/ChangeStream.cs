using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using HealthGrains.Hosting;

namespace HealthGrains.Api.Resources;

/// <summary>
/// One watcher's server-sent events. It asks the feed only when its client can take a frame, and not before the frame's
/// interval has passed: what happens meanwhile waits in the feed, where only the latest change of an account is kept. So
/// nothing queues up here, however slow the client.
/// </summary>
internal sealed class ChangeStream(IHealthGrains host, WatchFilter filter, PipeWriter output, TimeProvider time) : IDisposable
{
    /// <summary>Frames of one account: as good as at once, and yet not one a signal.</summary>
    public static readonly TimeSpan AccountInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Frames of a book: four a second are more than a person follows.</summary>
    public static readonly TimeSpan BookInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>How long silence lasts before a comment shows that the connection lives.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private const int RetryMilliseconds = 2000;
    private const int FlushAt = 64 * 1024;

    private static int _open;

    private readonly TimeSpan _interval = filter.Account is null ? BookInterval : AccountInterval;
    private readonly Utf8JsonWriter _json = new(output, Wire.WriterOptions);

    /// <summary>Streams of the whole process.</summary>
    public static int Open => Volatile.Read(ref _open);

    /// <summary>Runs until the client goes or the host stops.</summary>
    public async Task RunAsync(long? after, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (feed, missed) = await WatchAsync(after, stop.Token);
        Interlocked.Increment(ref _open);
        Task<IReadOnlyList<ChangeEvent>>? pending = null;
        try
        {
            Text($"retry: {RetryMilliseconds}\n: connected\n\n");
            if (missed) Reset(null);
            await output.FlushAsync(stop.Token);
            while (true)
            {
                pending ??= feed.ReadAsync(stop.Token).AsTask();
                if (!await ArrivesAsync(pending, stop.Token))
                {
                    Text(": still here\n\n");
                    await output.FlushAsync(stop.Token);
                    continue;
                }
                var changes = await pending;
                pending = null;
                if (feed.Missed && changes.Count > 0)
                {
                    // Whatever a feed means by Missed later on, a new one starts without it.
                    feed.Dispose();
                    (feed, _) = await WatchAsync(changes[^1].Sequence, stop.Token);
                    Reset(changes[0].Sequence - 1);
                }
                // From the beginning of a frame: what a large one takes to write is part of the interval, not added to it.
                var begun = time.GetTimestamp();
                await SendAsync(changes, stop.Token);
                var rest = _interval - time.GetElapsedTime(begun);
                if (rest > TimeSpan.Zero) await Task.Delay(rest, time, stop.Token);
            }
        }
        finally
        {
            await stop.CancelAsync();
            if (pending is not null) await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            feed.Dispose();
            Interlocked.Decrement(ref _open);
        }
    }

    /// <summary>
    /// Opens a feed. One that cannot resume is replaced by one for what comes, before the client is told to reload: so nothing
    /// falls between.
    /// </summary>
    private async ValueTask<(IChangeFeed Feed, bool Missed)> WatchAsync(long? after, CancellationToken cancellationToken)
    {
        var feed = await host.WatchAsync(filter, after, cancellationToken);
        if (!feed.Missed) return (feed, false);
        feed.Dispose();
        return (await host.WatchAsync(filter, null, cancellationToken), true);
    }

    private async Task<bool> ArrivesAsync(Task pending, CancellationToken cancellationToken)
    {
        if (pending.IsCompleted) return true;
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var silence = Task.Delay(Heartbeat, time, timer.Token);
        var first = await Task.WhenAny(pending, silence);
        await timer.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == pending;
    }

    private async Task SendAsync(IReadOnlyList<ChangeEvent> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
        {
            Text($"id: {change.Sequence}\nevent: {change.Type}\ndata: ");
            _json.Reset(output);
            JsonSerializer.Serialize(_json, change.Data, change.Data.GetType(), Wire.Options);
            _json.Flush();
            Text("\n\n");
            if (output.UnflushedBytes >= FlushAt) await output.FlushAsync(cancellationToken);
        }
        await output.FlushAsync(cancellationToken);
    }

    private void Reset(long? sequence)
    {
        if (sequence is { } id) Text($"id: {id}\n");
        Text("event: reset\ndata: {\"reason\":\"changes before this point are gone; load what is shown again\"}\n\n");
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private void Text(string text) => Encoding.UTF8.GetBytes(text, output);
}
