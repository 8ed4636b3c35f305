using HealthGrains.Accounts;
using HealthGrains.Cli.Replay;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using HealthGrains.Policy;

namespace HealthGrains.Cli.Bench;

/// <summary>Measures a replay from a file, and beside it the naive way: one signal read, one taken, one decided.</summary>
internal static class ReplayBench
{
    public static async Task<IReadOnlyList<Figure>> RunAsync(
        Workload work, string directory, TimeProvider wall, CancellationToken cancellationToken)
    {
        var path = Path.Combine(directory, "signals.ndjson");
        await File.WriteAllBytesAsync(path, work.Lines(0, work.Count), cancellationToken);
        var replayer = new Replayer(HealthModels.Presets[0], HealthPolicies.Presets[0]);
        var report = await replayer.RunAsync([path], Stream.Null, wall, _ => { }, cancellationToken);
        var naive = Math.Min(work.Count, 20_000);
        return
        [
            new Figure("replay", "replay of a file", report.SignalsPerSecond, "signals/s",
                $"{report.Sent:N0} signals, {report.Accounts:N0} accounts") { AtLeast = 500_000 },
            new Figure("replayOneByOne", "  one signal read, taken and decided", naive / OneByOne(work, naive, wall).TotalSeconds, "signals/s",
                $"{naive:N0} signals", "replay"),
        ];
    }

    private static TimeSpan OneByOne(Workload work, int count, TimeProvider wall)
    {
        var tables = new ReplayTables();
        var accounts = new Dictionary<string, AccountState>(StringComparer.Ordinal);
        var facts = new TenantFacts();
        var outbox = new Outbox();
        var batch = new IntakeBatch();
        var context = new IntakeContext { Now = work.End, Keys = TenantKeys.Repeatable, Identities = tables, Names = tables };
        var lines = Enumerable.Range(0, count).Select(i => work.Lines(i, 1)).ToArray();
        var started = wall.GetTimestamp();
        foreach (var line in lines)
        {
            batch.Clear();
            IntakeReader.Read(WireFormat.Any, line, context, batch, BodyShape.Lines);
            foreach (var (account, signal) in batch.Signals)
            {
                if (!accounts.TryGetValue(account, out var state))
                    accounts[account] = state = new AccountState(AccountProfile.Unknown(account));
                facts.Merge(signal.Source, signal.At);
                var turn = new Turn(signal.At, HealthModels.Presets[0], HealthPolicies.Presets[0], facts, outbox);
                AccountTurns.Take(state, [signal], turn);
                AccountTurns.Decide(state, turn);
            }
        }
        return wall.GetElapsedTime(started);
    }
}
