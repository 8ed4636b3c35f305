using System.Text;
using FactAttribute = Xunit.FactAttribute;

namespace HealthGrains.Cluster.Tests;

/// <summary>That the measure of all tests of survival can tell right from wrong.</summary>
public sealed class ProducedTests
{
    private const int Accounts = 30;

    [Fact]
    public void A_signal_that_is_missing_or_counted_twice_is_seen_wherever_it_lies()
    {
        var now = TimeProvider.System.GetUtcNow();
        // As few for each account as any of those tests sends.
        var signals = new Load(1, Accounts).Messages(Accounts * 40).Select(one => (one.Account, Line: Encoding.UTF8.GetString(one.Message)))
            .GroupBy(one => one.Account, one => one.Line).ToDictionary(mine => mine.Key, mine => mine.ToArray());
        Assert.Equal(Accounts, signals.Count);
        foreach (var (account, lines) in signals)
        {
            Assert.False(IsSeen(account, lines, lines));
            // In another order, as after every accident.
            Assert.False(IsSeen(account, lines, [.. lines.Reverse()]));
            for (var k = 0; k < lines.Length; k++)
            {
                Assert.True(IsSeen(account, lines, [.. lines[..k], .. lines[(k + 1)..]]), $"{account} without {lines[k]}");
                Assert.True(IsSeen(account, lines, [.. lines, lines[k]]), $"{account} with another {lines[k]}");
            }
        }

        bool IsSeen(string account, string[] sent, string[] taken) => Array.Exists(Load.Moments, at =>
            Of(sent).WhatIsWrong(account, Of(taken).Answer(account, now, at), at) is not null);
    }

    private static Produced Of(IEnumerable<string> lines)
    {
        var produced = new Produced(Accounts);
        foreach (var line in lines) produced.Add(line);
        return produced;
    }
}
