using System.Globalization;
using HealthGrains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Signals;
using Microsoft.Data.Sqlite;

namespace HealthGrains.Embedded;

/// <summary>
/// Looks for an account's signals in the journal, from its end backwards: as far as what happened in the span can have arrived, or as
/// many signals as one question may look at.
/// </summary>
internal sealed class JournalSearch(int account, SignalsQuery query, EmbeddedOptions options, INames names)
{
    // A signal is taken up to a day before its time, and as late as it comes.
    private const long Ahead = Days.Millis;

    private readonly long _since = query.Since.ToUnixTimeMilliseconds();
    private readonly long _until = query.Until.ToUnixTimeMilliseconds();
    // The oldest of the newest on top, to give way.
    private readonly PriorityQueue<Signal, long> _newest = new();
    private int _found;

    public SignalsFound Run(SqliteConnection connection, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        using var entries = new Statement(
            connection.Handle!, "SELECT kind, at, body FROM journal WHERE kind = 1 OR kind = 7 ORDER BY seq DESC");
        string? reason = null;
        var looked = 0L;
        while (reason is null && entries.Step())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var at = entries.Long(1);
            if (at < _since - Ahead) break;
            if (entries.Int(0) == (int)EntryKind.Ids)
            {
                if (at >= _since)
                    reason = $"signals are kept for {options.JournalDays} days, and those that came before {Moment(at)} are gone";
                continue;
            }
            if (looked >= options.SearchedSignals)
            {
                reason = string.Create(CultureInfo.InvariantCulture,
                    $"{looked:#,0} signals were looked through, back to those that came at {Moment(at)}; ask for a later span");
                continue;
            }
            looked += Take(entries.Blob(2));
        }
        entries.Reset();

        var signals = new List<Signal>(_newest.Count);
        while (_newest.TryDequeue(out var signal, out _)) signals.Add(signal);
        return new SignalsFound(
            [.. signals.OrderByDescending(signal => signal.At).ThenBy(signal => signal.Id).Select(signal => SignalView.Of(signal, names))],
            _found, reason is null, reason, asOf);
    }

    private int Take(ReadOnlySpan<byte> blob)
    {
        var count = SignalBlob.Open(blob, out var records);
        if (count < 0) throw StorageException.Damaged("a journal entry");
        for (var i = 0; i < count; i++)
        {
            if (SignalBlob.Account(records, i) != account) continue;
            var signal = SignalBlob.Read(records, i).Signal;
            if (signal.At < _since || signal.At >= _until || (query.Source is { } source && signal.Source != source)) continue;
            _found++;
            _newest.Enqueue(signal, signal.At);
            if (_newest.Count > query.Limit) _newest.Dequeue();
        }
        return count;
    }

    private static string Moment(long at) => Days.Time(at).ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
