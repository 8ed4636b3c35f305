using System.Globalization;
using System.Text.Json;
using HealthGrains.Cli.Output;

namespace HealthGrains.Cli.Bench;

/// <summary>Kills the server with a full journal and measures how long it is away; then counts what it has.</summary>
internal sealed class CrashBench(
    Terminal terminal, string data, Book book, Acknowledged acknowledged, IntakeBench intake, BenchScale scale, TimeProvider wall)
{
    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        SignalBatch last;
        // A server that makes no checkpoint of its own accord: the worst moment to be killed at, and later than the rule allows.
        terminal.Say(FormattableString.Invariant($"journaling {scale.Journaled:N0} signals without a checkpoint, then SIGKILL ..."));
        using (var server = await ServerProcess.StartAsync(data, int.MaxValue, cancellationToken))
        {
            using var client = new BenchClient(server.Address);
            var now = wall.GetUtcNow();
            last = await intake.SendAsync(client, scale.Journaled, now.AddHours(-1), now, cancellationToken);
            await server.KillAsync(cancellationToken);
        }

        var started = wall.GetTimestamp();
        using var again = await ServerProcess.StartAsync(data, null, cancellationToken);
        using var asker = new BenchClient(again.Address);
        var status = await asker.GetAsync("health/ready", cancellationToken);
        await asker.GetAsync($"v1/accounts/{Book.Id(book.Accounts / 2)}", cancellationToken);
        var took = wall.GetElapsedTime(started);

        terminal.Say("counting what came back ...");
        using var json = JsonDocument.Parse(status);
        var signals = json.RootElement.GetProperty("signals").GetInt64();
        var accounts = json.RootElement.GetProperty("accounts").GetInt32();
        var short_ = await ShortAsync(asker, cancellationToken);
        var (accepted, _) = await asker.PostAsync(last.Body, packed: true, cancellationToken);
        var off = Math.Abs(signals - acknowledged.Total) + Math.Abs(accounts - book.Accounts) + short_ + accepted;
        var count = signals.ToString("N0", CultureInfo.InvariantCulture);
        return
        [
            new Figure("restart", "restart after SIGKILL, to an answer", took.TotalSeconds, "s",
                $"{accounts:N0} accounts, {scale.Journaled:N0} signals since the last checkpoint") { AtMost = 10 },
            new Figure("lostOrDoubled", "acknowledged signals lost or doubled", off, "signals",
                $"{count} there, {acknowledged.Total:N0} acknowledged; 500 accounts and a request sent again agree") { AtMost = 0 },
        ];
    }

    /// <summary>How many of some accounts show less than was acknowledged.</summary>
    private async Task<int> ShortAsync(BenchClient client, CancellationToken cancellationToken)
    {
        var fewer = 0;
        for (var i = 0; i < Math.Min(500, book.FirstWatched); i++)
        {
            var account = (int)(Book.Mix((ulong)i) % (ulong)book.FirstWatched);
            // The profile counts as one change.
            if (await client.VersionAsync(account, cancellationToken) < acknowledged.Of(account) + 1) fewer++;
        }
        return fewer;
    }
}
