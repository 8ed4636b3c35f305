using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text;

namespace HealthGrains.Cli.Bench;

/// <summary>A client of the stream that notes when the change it waits for arrives.</summary>
internal sealed class StreamWatch : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Expected> _expected = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _wall;
    private readonly Stream _stream;
    private readonly Task _reading;
    private long _frames;

    private StreamWatch(Stream stream, TimeProvider wall)
    {
        (_stream, _wall) = (stream, wall);
        _reading = ReadAsync();
    }

    /// <summary>Changes that came, awaited or not.</summary>
    public long Frames => Interlocked.Read(ref _frames);

    public static async Task<StreamWatch> OpenAsync(
        BenchClient client, string query, TimeProvider wall, CancellationToken cancellationToken) =>
        new(await client.StreamAsync("v1/stream" + query, cancellationToken), wall);

    /// <summary>The timestamp at which the account's change with at least this version has come.</summary>
    public Task<long> Expect(string account, long version)
    {
        var expected = new Expected(version, new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
        _expected[account] = expected;
        return expected.Arrived.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)_reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stream.DisposeAsync();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        var pipe = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        while (true)
        {
            var result = await pipe.ReadAsync(_stop.Token);
            var buffer = result.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                if (line.IsSingleSegment) Line(line.FirstSpan);
                else Line(line.ToArray());
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }
            pipe.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted) return;
        }
    }

    private void Line(ReadOnlySpan<byte> line)
    {
        var start = "data: {\"id\":\""u8;
        if (!line.StartsWith(start)) return;
        Interlocked.Increment(ref _frames);
        var id = line[start.Length..];
        id = id[..Math.Max(id.IndexOf((byte)'"'), 0)];
        if (!_expected.TryGetValue(Encoding.UTF8.GetString(id), out var expected)) return;
        if (BenchClient.VersionIn(line) >= expected.Version) expected.Arrived.TrySetResult(_wall.GetTimestamp());
    }

    private sealed record Expected(long Version, TaskCompletionSource<long> Arrived);
}
