using System.Buffers;

namespace HealthGrains.Api.Http;

/// <summary>
/// A request's body in a rented buffer. All bodies together stay below a budget: a thousand callers that send 32 MiB each are
/// told to wait rather than allowed to take the process down.
/// </summary>
internal sealed class PooledBody : IDisposable
{
    private const long Budget = 1L << 30;
    private const int Spare = 1; // room for one byte more than allowed, which is how an overlong body is noticed

    private static long _rented;

    private readonly int _limit;
    private byte[] _buffer;

    public PooledBody(long expected, int limit)
    {
        _limit = limit;
        _buffer = Rent((int)Math.Clamp(expected + Spare, 4096, (long)limit + Spare));
    }

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, Length);

    /// <summary>The buffer behind <see cref="Memory"/>, for what takes only arrays.</summary>
    public byte[] Array => _buffer;

    /// <summary>Bytes in rented buffers of the whole process.</summary>
    public static long Rented => Interlocked.Read(ref _rented);

    /// <summary>Free room at the end, at least one byte. Throws a refusal when the limit has been passed.</summary>
    public Memory<byte> Room()
    {
        if (Length > _limit) throw TooLarge(_limit);
        if (Length == _buffer.Length) Grow();
        return _buffer.AsMemory(Length);
    }

    public void Advance(int count)
    {
        Length += count;
        if (Length > _limit) throw TooLarge(_limit);
    }

    public static Refusal TooLarge(int limit) =>
        new(ProblemKind.TooLarge, $"the body is larger than {limit / (1024 * 1024)} MiB unpacked; send it in parts");

    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0) Return(buffer);
    }

    private void Grow()
    {
        var larger = Rent((int)Math.Min((long)_buffer.Length * 2, (long)_limit + Spare));
        _buffer.AsSpan(0, Length).CopyTo(larger);
        Return(_buffer);
        _buffer = larger;
    }

    private static byte[] Rent(int size)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        if (Interlocked.Add(ref _rented, buffer.Length) <= Budget) return buffer;
        Return(buffer);
        throw new Refusal(ProblemKind.Saturated, "too many large bodies are being read at once; nothing of this request was taken")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };
    }

    private static void Return(byte[] buffer)
    {
        Interlocked.Add(ref _rented, -buffer.Length);
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
