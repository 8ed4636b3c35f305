using System.IO.Compression;

namespace HealthGrains.Cli.Replay;

/// <summary>
/// Reads a file, or standard input, in blocks of whole lines. What is packed with gzip is unpacked, told by its first bytes and
/// not by its name. A file that is one JSON array comes as one block.
/// </summary>
internal sealed class LineBlocks : IDisposable
{
    /// <summary>A block is about this long: some thousand signals, so that handing it over costs nothing by comparison.</summary>
    public const int TargetBytes = 1 << 20;

    /// <summary>The longest line, and the largest array.</summary>
    public const int MaxBytes = 1 << 30;

    private readonly Stream _stream;
    private readonly string _name;
    private byte[] _rest = [];
    private bool _ended;
    private bool _begun;
    private long _line = 1;

    private LineBlocks(Stream stream, string name)
    {
        _stream = stream;
        _name = name;
    }

    public static LineBlocks Open(string path, Stream input)
    {
        var name = path == "-" ? "standard input" : path;
        var raw = path == "-" ? input : OpenFile(path);
        var head = new byte[2];
        var count = raw.ReadAtLeast(head, 2, throwOnEndOfStream: false);
        Stream stream = new Prefixed(head.AsMemory(0, count), raw);
        if (count == 2 && head[0] == 0x1f && head[1] == 0x8b) stream = new GZipStream(stream, CompressionMode.Decompress);
        return new LineBlocks(stream, name);
    }

    /// <summary>
    /// Fills the buffer with the next block, growing it where a line needs that. False at the end. The buffer stays the caller's.
    /// </summary>
    /// <param name="buffer">Receives the block.</param>
    /// <param name="length">How many bytes of it.</param>
    /// <param name="firstLine">Number of the block's first line, from 1.</param>
    /// <param name="isArray">Whether the block is a JSON array and not lines.</param>
    public bool Next(ref byte[] buffer, out int length, out long firstLine, out bool isArray)
    {
        firstLine = _line;
        isArray = false;
        length = 0;
        if (_ended && _rest.Length == 0) return false;
        EnsureRoom(ref buffer, Math.Max(TargetBytes, _rest.Length * 2), 0);
        _rest.CopyTo(buffer, 0);
        length = _rest.Length;
        _rest = [];
        var end = 0;
        while (!_ended)
        {
            if (length == buffer.Length) EnsureRoom(ref buffer, buffer.Length * 2, length);
            var read = Read(buffer.AsSpan(length));
            if (read == 0)
            {
                _ended = true;
                break;
            }
            length += read;
            if (!_begun && IsArray(buffer.AsSpan(0, length))) isArray = true;
            if (isArray || length < TargetBytes) continue;
            end = buffer.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
            if (end > 0) break;
        }
        if (!_ended && end > 0 && end < length)
        {
            _rest = buffer.AsSpan(end, length - end).ToArray();
            length = end;
        }
        _begun = true;
        _line += buffer.AsSpan(0, length).Count((byte)'\n');
        return length > 0;
    }

    public void Dispose() => _stream.Dispose();

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

    private int Read(Span<byte> into)
    {
        try
        {
            return _stream.Read(into);
        }
        catch (InvalidDataException error)
        {
            throw new Refusal($"{_name} begins like gzip but cannot be unpacked ({error.Message}); pack it again, or send it unpacked");
        }
        catch (IOException error)
        {
            throw new Refusal($"{_name} cannot be read to its end: {error.Message}");
        }
    }

    private static bool IsArray(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("\uFEFF"u8)) start = start[3..];
        var first = start.IndexOfAnyExcept(" \t\r\n"u8);
        return first >= 0 && start[first] == '[';
    }

    private void EnsureRoom(ref byte[] buffer, long size, int keep)
    {
        if (buffer.Length >= size) return;
        if (size > MaxBytes) throw new Refusal($"{_name} has a line, or an array, of more than {MaxBytes >> 20} MiB; split it into lines");
        var larger = new byte[size];
        buffer.AsSpan(0, keep).CopyTo(larger);
        buffer = larger;
    }

    /// <summary>A stream with some bytes before it, for standard input cannot be wound back.</summary>
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
