using System.Globalization;
using System.Threading.Channels;
using HealthGrains.Accounts;
using HealthGrains.Grains.Accounts;
using HealthGrains.Grains.Watching;
using HealthGrains.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace HealthGrains.Grains.Storage;

/// <summary>
/// The storage provider of accounts: gathers the writes of many grains into one call of the store. While one is under way the next
/// fills up, so that a batch is as large as the load makes it and a lone write waits for nobody.
/// </summary>
/// <remarks>Why: one row a write is hundreds a second, thousands of rows a write are a hundred thousand.</remarks>
internal sealed class AccountStorage : IGrainStorage, IAsyncDisposable
{
    /// <summary>The provider's name.</summary>
    public const string Name = "accounts";

    private const int MostRows = 4_096;
    private const int Writers = 2;

    private readonly IAccountStore _store;
    private readonly ChangePublisher _changes;
    private readonly ClusterFigures _figures;
    private readonly ILogger _logger;
    private readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _writers;

    public AccountStorage(IAccountStore store, ChangePublisher changes, ClusterFigures figures, ILoggerFactory logging)
    {
        // Not by this class's name: Orleans takes that for its own words about every single write.
        _logger = logging.CreateLogger("HealthGrains.Grains.Storage");
        _store = store;
        (_changes, _figures) = (changes, figures);
        // The first account that is stored is not where all later writes come from.
        using (ExecutionContext.SuppressFlow()) _writers = [.. Enumerable.Range(0, Writers).Select(_ => Task.Run(WriteAsync))];
    }

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = await ReadAsync(grainId.Key.ToString()!);
        var record = new AccountRecord();
        if (row is not null) record.Load(row);
        grainState.State = (T)(object)record;
        grainState.RecordExists = row is not null;
        grainState.ETag = row?.Version.ToString(CultureInfo.InvariantCulture);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var record = (AccountRecord)(object)grainState.State!;
        if (!record.IsDirty) return;
        var waiting = new Waiting(record.BeginWrite());
        IReadOnlyList<AlertEffect> told;
        try
        {
            _waiting.Writer.TryWrite(waiting);
            if (!await waiting.Task)
            {
                throw new InconsistentStateException(
                    $"account {waiting.Write.Id} was stored by another activation since this one read version {waiting.Write.Replaces}",
                    "another", grainState.ETag);
            }
        }
        catch (HostUnavailableException away)
        {
            record.FailWrite();
            throw new StoreUnavailableException(away.Message);
        }
        catch
        {
            record.FailWrite();
            throw;
        }
        told = record.EndWrite(Environment.TickCount64);
        grainState.RecordExists = true;
        grainState.ETag = record.Version.ToString(CultureInfo.InvariantCulture);
        // Only now, when it is stored, does anybody hear of an alert.
        foreach (var effect in told)
        {
            _changes.Publish(ChangeType.Of(effect.Change), waiting.Write.Id, effect.Alert.Owner, effect.Alert);
            _figures.Alert(effect);
            Traces.Alert(effect);
        }
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        throw new NotSupportedException("an account is erased through its grain");

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await Task.WhenAll(_writers);
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    private async Task<AccountRow?> ReadAsync(string id)
    {
        try
        {
            return await _store.ReadAsync(id, CancellationToken.None);
        }
        catch (HostUnavailableException away)
        {
            throw new StoreUnavailableException(away.Message);
        }
    }

    private async Task WriteAsync()
    {
        var batch = new List<Waiting>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (batch.Count < MostRows && _waiting.Reader.TryRead(out var waiting)) batch.Add(waiting);
            if (batch.Count == 0) continue;
            var started = TimeProvider.System.GetTimestamp();
            using var span = Traces.BeginWrite(batch.Select(waiting => waiting.Span), batch.Count);
            try
            {
                // By id, so that two writers lock rows in one order.
                batch.Sort(static (a, b) => string.CompareOrdinal(a.Write.Id, b.Write.Id));
                var written = await _store.WriteAsync([.. batch.Select(waiting => waiting.Write)], _stop.Token);
                _figures.Wrote(batch.Count, written.Count(done => !done), started);
                for (var i = 0; i < batch.Count; i++) batch[i].Complete(written[i]);
            }
            catch (Exception fault)
            {
                _figures.WriteFailed(batch.Count, started);
                span?.SetStatus(System.Diagnostics.ActivityStatusCode.Error, fault.Message);
                // Once for all of them; Orleans would say it of each.
                Log.WriteFailed(_logger, batch.Count, fault.Message, fault);
                foreach (var waiting in batch) waiting.Fail(fault);
            }
            batch.Clear();
        }
    }

    private sealed class Waiting(AccountWrite write)
    {
        private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public AccountWrite Write { get; } = write;

        public System.Diagnostics.ActivityContext Span { get; } = Traces.Current;

        public Task<bool> Task => _done.Task;

        public void Complete(bool written) => _done.TrySetResult(written);

        public void Fail(Exception fault) => _done.TrySetException(fault);
    }
}
