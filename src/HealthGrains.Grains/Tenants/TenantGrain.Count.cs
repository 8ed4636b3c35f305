using HealthGrains.Delivery;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using HealthGrains.Tenants;

namespace HealthGrains.Grains.Tenants;

/// <content>The count over all accounts: what it finds is stored with what is to be told of it, and told after that.</content>
internal sealed partial class TenantGrain
{
    private bool _counting;

    public async Task CountAsync()
    {
        // Reentrant: another call finds this one at work.
        if (_counting) return;
        _counting = true;
        try
        {
            await TellAsync();
            var before = Pulse();
            var now = options.Clock.GetUtcNow().ToUnixTimeMilliseconds();
            if (now < before.DueAt) return;
            var count = new TenantCount(now);
            if (await book.CountPulsesAsync(count, CancellationToken.None) == 0) return;
            var turn = TenantTurns.Close(
                count, Ruling.FactsOf(stored.State.FirstAt, before), options.Policies[0], watch.Practice.Practice);
            (stored.State.Pulse, stored.State.News) = (
                StoredJson.WriteBytes(turn.Pulse), TenantNews.Of(turn) is { } news ? StoredJson.WriteBytes(news) : null);
            await ChangedAsync();
            await TellAsync();
            // Should this fail, accounts find out when they are next woken, within a day.
            if (turn.TouchesScores) await accounts.MakeDueAsync(now, CancellationToken.None);
        }
        finally
        {
            _counting = false;
        }
    }

    private TenantPulse Pulse() =>
        stored.State.Pulse is { } bytes ? StoredJson.Read<TenantPulse>(bytes, "what was counted of the tenant") : TenantPulse.Unknown;

    private async Task TellAsync()
    {
        if (stored.State.News is not { } bytes) return;
        var news = StoredJson.Read<TenantNews>(bytes, "what is to be told of the tenant");
        await store.WriteTenantAsync(news.Dispatches, news.Audit, CancellationToken.None);
        foreach (var receiver in news.Dispatches.Select(dispatch => dispatch.Receiver).Distinct(StringComparer.Ordinal))
            bell?.Ring(receiver);
        foreach (var source in news.Changed)
            changes.Publish(source.Alert is null ? ChangeType.SourceBack : ChangeType.SourceSilent, "", null, source);
        stored.State.News = null;
        await stored.WriteStateAsync();
    }
}
