using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Unicode;

namespace HealthGrains.Cli.Bench;

/// <summary>A request body of signals, and whose they are.</summary>
internal sealed record SignalBatch(byte[] Body, int[] Accounts);

/// <summary>
/// A large book of accounts and what happens to them, by number: signal i is the same in every run but for its time. Accounts come
/// at random, so that neighbours in a request have nothing in common: the worst case for every cache.
/// </summary>
internal sealed class Book(int accounts, int watched)
{
    private const int LineLimit = 256;
    private const int Users = 20;
    private int _next;

    public int Accounts => accounts;

    /// <summary>The last accounts are left out of batches: whoever watches them knows each of their signals.</summary>
    public int FirstWatched => accounts - watched;

    public static string Id(int account) => string.Create(CultureInfo.InvariantCulture, $"co-{account:000000}");

    /// <summary>What a CRM knows about an account.</summary>
    public static byte[] Profile(int account)
    {
        var dice = Mix((ulong)account);
        var tier = (dice % 10) switch { 0 => "enterprise", < 5 => "standard", _ => "smb" };
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $$"""{"name":"Company {{account}}","tier":"{{tier}}","arr":{{1_000 + (dice >> 8) % 200_000}},"owner":"csm-{{(dice >> 32) % 40}}"}"""));
    }

    /// <summary>The next signal, as a line; returns its length.</summary>
    public int Next(Span<byte> line, DateTimeOffset at, out int account)
    {
        var number = Interlocked.Increment(ref _next) - 1;
        return Write(line, number, at, out account);
    }

    /// <summary>The next signals, spread evenly over a time.</summary>
    public SignalBatch Next(int count, DateTimeOffset from, DateTimeOffset until)
    {
        var first = Interlocked.Add(ref _next, count) - count;
        // Rented: as garbage these would make the collector pause, and a pause here looks like one of the server's.
        var lines = ArrayPool<byte>.Shared.Rent(count * LineLimit);
        var whose = new int[count];
        var length = 0;
        for (var i = 0; i < count; i++)
        {
            length += Write(lines.AsSpan(length), first + i, from + (until - from) * ((double)i / count), out whose[i]);
        }
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(lines, 0, length);
        ArrayPool<byte>.Shared.Return(lines);
        return new SignalBatch(packed.ToArray(), whose);
    }

    /// <summary>One login, unpacked.</summary>
    public SignalBatch Login(int account, DateTimeOffset at)
    {
        var line = new byte[LineLimit];
        var number = Interlocked.Increment(ref _next) - 1;
        var length = Write(line, $"b{number}", account, 99 - 1, at);
        return new SignalBatch(line[..length], [account]);
    }

    private int Write(Span<byte> line, int number, DateTimeOffset at, out int account)
    {
        var dice = Mix((ulong)number ^ 0x5EED_0000_0000_0000);
        account = (int)((dice >> 40) % (ulong)FirstWatched);
        return Write(line, $"b{number}", account, dice, at);
    }

    private static int Write(Span<byte> line, string id, int account, ulong dice, DateTimeOffset at)
    {
        var user = 1 + (dice >> 16) % Users;
        var name = 1 + (dice >> 24) % 12;
        var (source, kind, subject, extra) = (dice % 100) switch
        {
            < 35 => ("usage", "featureUsed", 'u', $",\"name\":\"feature-{name}\""),
            < 55 => ("usage", "sessionEnded", 'u', ",\"value\":20"),
            < 65 => ("usage", "workflowCompleted", 'u', $",\"name\":\"workflow-{name}\""),
            < 69 => ("engagement", "emailSent", 'u', ""),
            < 71 => ("engagement", "emailOpened", 'u', ""),
            < 72 => ("ticket", "opened", 't', ""),
            < 73 => ("ticket", "solved", 't', ""),
            < 74 => ("engagement", "meetingHeld", 'u', ""),
            < 75 => ("billing", "invoicePaid", 'i', ""),
            _ => ("usage", "login", 'u', ""),
        };
        if (!Utf8.TryWrite(line, CultureInfo.InvariantCulture,
            $$"""{"id":"{{id}}","account":"{{Id(account)}}","source":"{{source}}","kind":"{{kind}}","at":"{{at.UtcDateTime:s}}Z","subject":"{{subject}}{{user}}"{{extra}}}{{'\n'}}""",
            out var written)) throw new InvalidOperationException("a signal's line is longer than expected");
        return written;
    }

    /// <summary>The finaliser of SplitMix64: a number that looks random, from one that does not.</summary>
    public static ulong Mix(ulong number)
    {
        var z = (number + 1) * 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
