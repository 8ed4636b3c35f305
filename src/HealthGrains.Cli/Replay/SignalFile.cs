using System.IO.Compression;

namespace HealthGrains.Cli.Replay;

/// <summary>
/// A file of signals, or standard input, unpacked. What is packed with gzip is told by its first bytes and not by its name, and
/// so is a JSON array from lines.
/// </summary>
internal sealed class SignalFile : IDisposable
{
    private const int Glance = 4096;
    private readonly Stream _raw;

    private SignalFile(Stream raw, Stream unpacked, bool isArray)
    {
        _raw = raw;
        Unpacked = unpacked;
        IsArray = isArray;
    }

    /// <summary>The bytes, unpacked.</summary>
    public Stream Unpacked { get; }

    /// <summary>Whether they are one JSON array and not lines.</summary>
    public bool IsArray { get; }

    /// <summary>How much has been read, packed where it is packed; 0 for standard input.</summary>
    public long BytesRead => _raw.CanSeek ? _raw.Position : 0;

    /// <summary>Opens a file, or standard input for '-'. Throws <see cref="Refusal"/> where it cannot be read.</summary>
    public static SignalFile Open(string path, Stream input)
    {
        var raw = path == "-" ? input : OpenFile(path);
        try
        {
            var whole = Peek(raw, 2, out var magic);
            Stream unpacked = magic is [0x1f, 0x8b] ? new GZipStream(whole, CompressionMode.Decompress) : whole;
            var lines = Peek(unpacked, Glance, out var start);
            return new SignalFile(raw, lines, BeginsArray(start));
        }
        catch (InvalidDataException error)
        {
            raw.Dispose();
            throw Damaged(path, error.Message);
        }
    }

    public static Refusal Damaged(string path, string why) => new($"{path} is damaged ({why.TrimEnd('.')}); pack it again, or send it unpacked");

    public void Dispose() => Unpacked.Dispose();

    private static FileStream OpenFile(string path)
    {
        if (Directory.Exists(path)) throw new Refusal($"{path} is a directory; name the files in it");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new Refusal($"there is no file {path}; check the name, or use '-' for standard input");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new Refusal($"{path} cannot be read: {error.Message}");
        }
    }

    private static bool BeginsArray(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("\uFEFF"u8)) start = start[3..];
        var first = start.IndexOfAnyExcept(" \t\r\n"u8);
        return first >= 0 && start[first] == '[';
    }

    private static Prefixed Peek(Stream stream, int count, out byte[] start)
    {
        var bytes = new byte[count];
        start = bytes[..stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false)];
        return new Prefixed(start, stream);
    }

    /// <summary>A stream with bytes put back before it, for standard input cannot be wound back.</summary>
    private sealed class Prefixed(ReadOnlyMemory<byte> prefix, Stream rest) : Stream
    {
        private ReadOnlyMemory<byte> _prefix = prefix;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            if (_prefix.IsEmpty) return rest.Read(buffer);
            var count = Math.Min(buffer.Length, _prefix.Length);
            _prefix.Span[..count].CopyTo(buffer);
            _prefix = _prefix[count..];
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) rest.Dispose();
            base.Dispose(disposing);
        }
    }
}
