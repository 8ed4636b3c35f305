using System.Globalization;
using System.Text;
using HealthGrains.Accounts;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using HealthGrains.Policy;
using HealthGrains.Signals;
using WireFormat = HealthGrains.Intake.WireFormat;

namespace HealthGrains.Grains.Tests;

/// <summary>Made-up signals of sixty accounts, and what they amount to without a host.</summary>
internal static class MadeUp
{
    public const int Book = 60;
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public static double Offline(IHealthGrains host, string account, List<string> sent)
    {
        var ruling = new Ruling(HealthModels.Presets[0], HealthPolicies.Presets[0], new TenantFacts());
        var now = Now.ToUnixTimeMilliseconds();
        var mine = new List<Signal>();
        foreach (var body in sent)
        {
            foreach (var incoming in Read(host, body).Signals.ToArray())
            {
                ruling = ruling.Merge(incoming.Signal.Source, incoming.Signal.At, now);
                if (incoming.Account == account) mine.Add(incoming.Signal);
            }
        }
        var state = new AccountState(AccountProfile.Unknown(account));
        var turn = ruling.Turn(now, new Outbox());
        AccountTurns.Take(state, [.. mine], turn);
        return AccountTurns.View(state, host.Names, turn).Health.Score;
    }

    public static string Round(int round) => string.Concat(Enumerable.Range(0, Book).SelectMany(account => new[]
    {
        Line(account, round * 3, "usage", "login"),
        Line(account, round * 3 + 1, "usage", "login"),
        Line(account, round * 3 + 2, "usage", "workflowCompleted"),
    }));

    public static string Line(int account, int number, string source, string kind)
    {
        var at = Now.AddHours(-5 * (number % 190)).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        return $$"""
            {"id":"{{account}}-{{number}}","account":"a{{account}}","source":"{{source}}","kind":"{{kind}}","at":"{{at}}","subject":"u{{number % 4}}"}

            """;
    }

    public static IntakeBatch Read(IHealthGrains host, string body)
    {
        var batch = new IntakeBatch();
        IntakeReader.Read(WireFormat.Native, Encoding.UTF8.GetBytes(body), IntakeContext.Of(host), batch, BodyShape.Lines);
        Assert.Equal(0, batch.Rejected);
        return batch;
    }
}

/// <summary>A clock that stands until it is set.</summary>
internal sealed class FixedClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
