using HealthGrains.Hosting;
using Microsoft.Data.Sqlite;

namespace HealthGrains.Embedded.Tests;

public sealed class PruningTests
{
    [Fact]
    public async Task After_the_journals_days_only_ids_are_left_and_a_late_repeat_is_still_known_after_a_restart()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync();
        var then = directory.Clock.GetUtcNow();
        await host.TakeAsync(MadeUp.Login("acme", 1, 100, then), CancellationToken.None);
        await host.StopAsync(CancellationToken.None);
        directory.Clock.Advance(TimeSpan.FromDays(31));
        host = await directory.StartAsync(options => options.CheckpointSignals = 1);

        // Housekeeping is done between commits: a few of them pass until it is through.
        ulong id = 1_000;
        for (var round = 0; Count(directory, "kind = 7") == 0; round++)
        {
            Assert.True(round < 1_000, "the old entry is never reduced");
            await host.TakeAsync(MadeUp.Login("other", id++, 1, directory.Clock.GetUtcNow()), CancellationToken.None);
            await host.SettleAsync();
        }

        Assert.Equal(0, Count(directory, $"kind = 1 AND at <= {then.ToUnixTimeMilliseconds()}"));
        host.StopAbruptly();
        host = await directory.StartAsync();
        var receipt = await host.TakeAsync(MadeUp.Login("acme", 1, 100, then), CancellationToken.None);
        Assert.Equal(100, receipt.Duplicates);
    }

    [Fact]
    public async Task A_host_that_keeps_fewer_closes_than_a_history_usually_shows_shows_those()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync(options => options.CloseDays = 60);
        await host.TakeAsync(MadeUp.Login("acme", 1, 1, directory.Clock.GetUtcNow()), CancellationToken.None);
        Assert.Single((await host.GetHistoryAsync("acme", null, CancellationToken.None))!);
        var refused = await Assert.ThrowsAsync<InvalidQueryException>(
            async () => await host.GetHistoryAsync("acme", 61, CancellationToken.None));
        Assert.Equal("days", refused.Field);
    }

    private static long Count(HostDirectory directory, string where)
    {
        var file = Path.Combine(directory.Path, "healthgrains.db");
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM journal WHERE {where}";
        return (long)command.ExecuteScalar()!;
    }
}
