using System.Buffers;
using HealthGrains.Hosting;

namespace HealthGrains.Intake;

/// <summary>Takes a stream apart into lines and reads them into batches. Holds one line at most, and none beyond the limit.</summary>
internal sealed class NdjsonSource(Stream stream, IntakeContext context, ReadOne readOne) : IDisposable
{
    private const int FirstBuffer = 256 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int _start;    // the line that is being looked for begins here
    private int _searched; // no line feed before this
    private int _end;      // the bytes read end here
    private bool _atEnd;
    private bool _skipping; // the rest of a line that was too long

    /// <summary>The line read last, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Fills a batch with about so many events. False when there was nothing left to read.</summary>
    public bool Read(IntakeBatch batch, int events)
    {
        batch.CountsLines = true;
        var writer = new BatchWriter(context, batch);
        var before = Line;
        while (batch.Sent < events && TryLine(out var start, out var length))
        {
            Line++;
            var line = _buffer.AsSpan(start, length);
            if (Line == 1 && line.StartsWith("\uFEFF"u8)) line = line[3..];
            if (_skipping || length > NdjsonFile.MaxLineBytes) writer.Reject(Line, "", $"the line is longer than {NdjsonFile.MaxLineBytes} bytes");
            else JsonBody.ReadLine(line, Line, writer, readOne);
            _skipping = false;
        }
        return Line > before;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    // The next line, within the buffer. While skipping, what is left of the line is thrown away and its end is the line.
    private bool TryLine(out int start, out int length)
    {
        while (true)
        {
            var feed = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                start = _start;
                length = _searched + feed - _start;
                _start = _searched += feed + 1;
                return true;
            }
            _searched = _end;
            if (_end - _start > NdjsonFile.MaxLineBytes) _skipping = true;
            if (_skipping) _start = _end;
            if (_atEnd)
            {
                start = _start;
                length = _end - _start;
                _start = _searched = _end;
                return length > 0 || _skipping;
            }
            Fill();
        }
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _searched -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _atEnd = read == 0;
    }
}
