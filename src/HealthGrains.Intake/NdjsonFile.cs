using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using HealthGrains.Hosting;

namespace HealthGrains.Intake;

/// <summary>What was read of a file since the part before.</summary>
/// <param name="Batch">The events. Valid until the next part is asked for; then its buffers serve again.</param>
/// <param name="LastLine">The line that it ends with, from 1.</param>
/// <param name="BytesRead">How much of the file has been read so far, packed where it is packed.</param>
/// <param name="BytesTotal">How large the file is; 0 when not known.</param>
public sealed record NdjsonPart(IntakeBatch Batch, int LastLine, long BytesRead, long BytesTotal);

/// <summary>
/// Reads files of any size, one event a line, plain or gzip (told by the first bytes), in parts. It reads ahead by a few parts on a
/// thread of its own, so that one core parses while another applies.
/// </summary>
public static class NdjsonFile
{
    /// <summary>The longest line, in bytes; a longer one is rejected and never held in memory.</summary>
    public const int MaxLineBytes = 1 << 20;

    private const int FileBuffer = 1 << 16;
    private const int PartsAhead = 2;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">The wire format of its lines.</param>
    /// <param name="context">What intake must know.</param>
    /// <param name="eventsPerPart">About how many events a part holds.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="IntakeFormatException">The file is damaged gzip; the parts given before are good.</exception>
    public static async IAsyncEnumerable<NdjsonPart> ReadAsync(
        string path, WireFormat format, IntakeContext context, int eventsPerPart = 4096,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileBuffer, FileOptions.SequentialScan);
        await foreach (var part in ReadAsync(file, format, context, eventsPerPart, cancellationToken).ConfigureAwait(false))
            yield return part;
    }

    /// <summary>Reads a stream. One that cannot seek is taken as plain and tells no progress. The caller disposes it.</summary>
    /// <param name="file">The stream, at the beginning.</param>
    /// <param name="format">The wire format of its lines.</param>
    /// <param name="context">What intake must know.</param>
    /// <param name="eventsPerPart">About how many events a part holds.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="IntakeFormatException">The stream is damaged gzip; the parts given before are good.</exception>
    public static async IAsyncEnumerable<NdjsonPart> ReadAsync(
        Stream file, WireFormat format, IntakeContext context, int eventsPerPart = 4096,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfLessThan(eventsPerPart, 1);
        context = context.WithGroups();

        var parts = Channel.CreateBounded<NdjsonPart>(new BoundedChannelOptions(PartsAhead) { SingleReader = true, SingleWriter = true });
        var free = Channel.CreateUnbounded<IntakeBatch>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var parsing = Task.Run(() => ParseAsync(file, format, context, eventsPerPart, parts.Writer, free.Reader, stop.Token),
            CancellationToken.None);
        try
        {
            await foreach (var part in parts.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return part;
                part.Batch.Clear();
                free.Writer.TryWrite(part.Batch);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await parsing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task ParseAsync(
        Stream file, WireFormat format, IntakeContext context, int eventsPerPart,
        ChannelWriter<NdjsonPart> parts, ChannelReader<IntakeBatch> free, CancellationToken stop)
    {
        try
        {
            var total = file.CanSeek ? file.Length : 0;
            var unpacked = IsGzip(file) ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;
            using var source = new NdjsonSource(unpacked, context, IntakeReader.ReaderOf(format));
            while (true)
            {
                var batch = free.TryRead(out var used) ? used : new IntakeBatch();
                if (!Read(source, batch, eventsPerPart)) break;
                await parts.WriteAsync(new NdjsonPart(batch, source.Line, file.CanSeek ? file.Position : 0, total), stop)
                    .ConfigureAwait(false);
            }
            parts.Complete();
        }
#pragma warning disable CA1031 // whatever goes wrong is the reader's to see
        catch (Exception failure)
        {
            parts.Complete(failure);
        }
#pragma warning restore CA1031
    }

    private static bool Read(NdjsonSource source, IntakeBatch batch, int events)
    {
        try
        {
            return source.Read(batch, events);
        }
        catch (InvalidDataException damaged)
        {
            throw new IntakeFormatException($"the file cannot be unpacked after line {source.Line}: {damaged.Message}");
        }
    }

    private static bool IsGzip(Stream file)
    {
        if (!file.CanSeek) return false;
        var start = file.Position;
        var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = start;
        return isGzip;
    }
}
