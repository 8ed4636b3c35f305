using HealthGrains.Delivery;
using HealthGrains.Grains.Desks;
using HealthGrains.Hosting;

namespace HealthGrains.Grains.Storage;

/// <content>What desks leave, and the practice.</content>
public sealed partial class MemoryStore
{
    private readonly MemoryDesks _desks = new();

    /// <inheritdoc/>
    public IDeliveryStore Deliveries => _desks.Deliveries;

    /// <inheritdoc/>
    public Task<DeskWritten> WriteDeskAsync(string account, DeskMessage left, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_rows.ContainsKey(account)) return Task.FromResult(DeskWritten.NoAccount);
            if (!_desks.Write(account, left)) return Task.FromResult(DeskWritten.Before);
            foreach (var alert in left.Alerts) _alerts[alert.Alert.Id] = alert.Alert;
            _audit.AddRange(left.Audit);
            return Task.FromResult(DeskWritten.Now);
        }
    }

    /// <inheritdoc/>
    public Task WriteTenantAsync(IReadOnlyList<Dispatch> dispatches, IReadOnlyList<AuditView> audit, CancellationToken cancellationToken)
    {
        lock (_gate)
            for (var i = 0; i < dispatches.Count; i++)
                if (_desks.Write(dispatches[i])) _audit.Add(audit[i]);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<int> PruneSettledAsync(long work, long deliveries, int most, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_desks.Prune(work, deliveries));
    }

    /// <inheritdoc/>
    public Task<T?> WorkAsync<T>(WorkKind kind, string id, CancellationToken cancellationToken) where T : class
    {
        lock (_gate) return Task.FromResult(_desks.Work<T>(kind, id));
    }

    /// <inheritdoc/>
    public Task<Page<T>> WorkAsync<T>(WorkKind kind, WorkQuery query, long now, CancellationToken cancellationToken)
    {
        var from = From(query.Cursor);
        lock (_gate) return Task.FromResult(PageOf(_desks.Work<T>(kind, query), from, query.Limit, now));
    }

    /// <inheritdoc/>
    public Task<ReviewFigures> ReviewsAsync(string? owner, DateTimeOffset since, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_desks.Reviews(owner, since));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredEdit>> PracticeAsync(long after, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_desks.Practice(after));
    }

    /// <inheritdoc/>
    public Task<bool> AddPracticeAsync(StoredEdit edit, IReadOnlyList<AuditView> audit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_desks.AddPractice(edit)) return Task.FromResult(false);
            _audit.AddRange(audit);
            return Task.FromResult(true);
        }
    }
}
