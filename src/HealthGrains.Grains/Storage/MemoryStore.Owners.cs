using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Hosting;
using HealthGrains.Plays;

namespace HealthGrains.Grains.Storage;

/// <content>What owners are told.</content>
public sealed partial class MemoryStore
{
    private readonly Dictionary<string, OwnerState> _owners = new(StringComparer.Ordinal);
    private readonly List<(string Owner, AlertPush Push, string? Alert, string? Account)> _pushes = [];

    /// <inheritdoc/>
    public Task<OwnerLooked> LookAtOwnerAsync(string owner, OwnerWays ways, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_owners.TryGetValue(owner, out var state)) _owners.Add(owner, state = new OwnerState());
            var mine = _alerts.Values.Where(alert => (alert.Owner ?? "") == owner).ToArray();
            var open = mine.Where(alert => alert.State < AlertState.Resolved).ToArray();
            var sight = new OwnerSight
            {
                Owner = owner, Alerts = open, Pushes = [.. _pushes.Where(push => push.Owner == owner).Select(push => push.Push)],
                AtRisk = open.Select(alert => alert.Account).Distinct().Select(_index.Find).Where(account => account?.ArrAtRisk is not null)
                    .ToDictionary(account => account!.Id, account => account!.ArrAtRisk!.Value),
                Morning = OwnerTurns.DigestDue(state, owner, ways.Practice, ways.Now) is { } since ? Morning(owner, mine, since) : null,
            };
            var left = new OwnerOutbox();
            OwnerTurns.Look(state, sight, new OwnerTurn(ways.Now, ways.Practice, ways.Writer, left));
            _pushes.AddRange(left.Pushed.Select(pushed => (owner, pushed.Push, (string?)pushed.Alert.Id, (string?)pushed.Alert.Account)));
            _desks.Deliveries.Add(left.Dispatches);
            _audit.AddRange(left.Audit);
            return Task.FromResult(new OwnerLooked(state.WakeAt,
                [.. left.Pushed.Select(pushed => pushed.Alert with { PushedAt = pushed.Push.At })],
                [.. left.Dispatches.Select(sent => sent.Receiver).Distinct()]));
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> OwnersAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<string>>([.. _owners.Keys.Concat(
                _alerts.Values.Where(alert => alert.State == AlertState.Open).Select(alert => alert.Owner ?? "")).Distinct()]);
        }
    }

    /// <inheritdoc/>
    public Task<TeamRows> TeamAsync(IReadOnlyList<string> owners, long since, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var from = Days.Time(since);
            return Task.FromResult(new TeamRows(
                owners,
                [.. _pushes.Where(push => push.Push.At >= from)
                    .Select(push => (push.Owner, push.Push.At.ToUnixTimeMilliseconds(), push.Push.Urgent))],
                Times(_alerts.Values.Where(alert => alert.AcknowledgedAt >= from), alert => alert.AcknowledgedAt),
                Times(_alerts.Values.Where(alert => alert.State == AlertState.Resolved && alert.ResolvedAt >= from),
                    alert => alert.ResolvedAt),
                [.. _alerts.Values.Where(alert => alert.State < AlertState.Resolved).GroupBy(alert => alert.Owner ?? "").Select(mine =>
                    (mine.Key, mine.Count(), mine.Count(alert => alert.State == AlertState.Open && PushedAt(alert) is null)))]));
        }

        static IReadOnlyList<(string, long, long)> Times(IEnumerable<AlertView> alerts, Func<AlertView, DateTimeOffset?> at) =>
        [
            .. alerts.Select(alert =>
                (alert.Owner ?? "", alert.RaisedAt.ToUnixTimeMilliseconds(), at(alert)!.Value.ToUnixTimeMilliseconds())),
        ];
    }

    private OwnerMorning Morning(string owner, AlertView[] mine, long since)
    {
        var ended = mine.Where(alert => alert.ResolvedAt >= Days.Time(since)).OrderBy(alert => alert.ResolvedAt).ThenBy(alert => alert.Id);
        return owner.Length == 0 ? new OwnerMorning([.. ended], [], []) : new OwnerMorning(
            [.. ended], _desks.Work<TaskView>(WorkKind.Task, new WorkQuery("open", owner)),
            _desks.Work<DraftView>(WorkKind.Draft, new WorkQuery("pending", owner)));
    }

    private DateTimeOffset? PushedAt(AlertView alert) =>
        _pushes.Where(push => push.Alert == alert.Id && push.Owner == (alert.Owner ?? "")).Max(push => (DateTimeOffset?)push.Push.At);

    private AlertView WithPush(AlertView alert) => alert with { PushedAt = PushedAt(alert) };

    private void ErasePushes(string account)
    {
        for (var i = 0; i < _pushes.Count; i++)
            if (_pushes[i].Account == account)
                _pushes[i] = (_pushes[i].Owner, _pushes[i].Push with { Key = $"erased {i}" }, null, null);
    }
}
