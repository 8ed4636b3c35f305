using System.Diagnostics;
using System.Globalization;
using HealthGrains.CrashChild;
using Microsoft.Extensions.Logging.Abstractions;

namespace HealthGrains.Embedded.Tests;

public sealed class KillTests
{
    private const int Rounds = 50;

    [Fact]
    public async Task After_fifty_kills_every_acknowledged_signal_is_there_and_none_counts_twice()
    {
        const int seed = 20261122;
        var random = new Random(seed);
        var directory = Directory.CreateTempSubdirectory("healthgrains-kill-").FullName;
        var acknowledged = new HashSet<int>();
        var last = 0;
        for (var round = 0; round < Rounds; round++)
        {
            // Every tenth is killed while it recovers, the others after so many acknowledgements and a moment more.
            var acknowledgements = round % 10 == 9 ? 0 : random.Next(1, 60);
            var spins = random.Next(0, 200_000);
            var from = Enumerable.Range(0, last + 2).First(number => !acknowledged.Contains(number));
            foreach (var number in await KillAsync(directory, from, acknowledgements, spins))
            {
                acknowledged.Add(number);
                last = Math.Max(last, number);
            }
        }

        Assert.True(acknowledged.Count > Rounds, $"only {acknowledged.Count} batches in {Rounds} rounds");
        var host = new EmbeddedHost(NumberedBatches.Options(directory), NullLogger<EmbeddedHost>.Instance);
        await host.StartAsync(CancellationToken.None);
        foreach (var number in acknowledged)
        {
            var receipt = await host.TakeAsync(NumberedBatches.Make(number), CancellationToken.None);
            Assert.True(receipt.Duplicates == NumberedBatches.Signals, $"seed {seed}: batch {number} was acknowledged and is not whole");
        }

        // A few beyond the last acknowledged one may have been taken when the answer was killed.
        var end = last + 10;
        for (var number = 0; number < end; number++) await host.TakeAsync(NumberedBatches.Make(number), CancellationToken.None);
        Assert.Equal(end * NumberedBatches.Signals, host.Status.Signals);
        await host.SettleAsync();
        var taken = await host.AskAsync(turns => turns.Book.All().Sum(slot => slot.State.Calendar.Taken + slot.State.Calendar.Late));
        Assert.Equal(end * NumberedBatches.Signals, taken);
        await host.StopAsync(CancellationToken.None);
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task After_fifty_kills_between_decision_and_delivery_everything_left_once_for_a_receiver_that_drops_repeats()
    {
        const int seed = 20261123;
        var random = new Random(seed);
        var directory = Directory.CreateTempSubdirectory("healthgrains-kill-").FullName;
        var receiver = Path.Combine(directory, "received.txt");
        var next = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var numbers = await KillAsync(directory, next, random.Next(1, 12), random.Next(0, 400_000), receiver);
            next = Math.Max(next, numbers.Count == 0 ? 0 : numbers.Max() + 1);
        }

        Assert.True(next > Rounds, $"only {next} accounts in {Rounds} rounds");
        // One may have been taken when its answer was killed.
        var alerts = await NumberedDetractors.FinishAsync(directory, next + 1, receiver);
        var received = (await File.ReadAllLinesAsync(receiver)).Where(line => line.Length > 0).ToArray();
        var left = received.Distinct().ToLookup(id => id.Contains($":{NumberedDetractors.Budgeted}:", StringComparison.Ordinal));
        var each = left[false].GroupBy(id => id.Split(':')[0]).ToDictionary(group => group.Key, group => group.Count());
        for (var number = 0; number <= next; number++)
        {
            var count = each.GetValueOrDefault($"account-{number}");
            Assert.True(count == NumberedDetractors.DispatchesEach, $"seed {seed}: account-{number} had {count} deliveries");
        }

        // What was pushed within the budget left once, under one id, and never more of it in a day than the budget lets.
        var pushed = alerts.Where(alert => alert.Rule == NumberedDetractors.Budgeted && alert.PushedAt is not null).ToArray();
        Assert.Equal(
            pushed.Select(alert => alert.Id).Order(StringComparer.Ordinal),
            left[true].Select(id => id[..id.IndexOf(":push:", StringComparison.Ordinal)]).Order(StringComparer.Ordinal));
        Assert.True(pushed.Length > 10, $"only {pushed.Length} alerts were pushed");
        Assert.All(pushed, last => Assert.InRange(pushed.Count(
            alert => alert.PushedAt <= last.PushedAt && alert.PushedAt > last.PushedAt!.Value.AddDays(-1)), 1, NumberedDetractors.Budget));
        Assert.True(each["digest"] > 3, "a digest a working morning");

        Directory.Delete(directory, recursive: true);
    }

    private static async Task<List<int>> KillAsync(string directory, int from, int acknowledgements, int spins, string? receiver = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "HealthGrains.CrashChild.dll"),
                directory,
                from.ToString(CultureInfo.InvariantCulture),
            },
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        if (receiver is not null) start.ArgumentList.Add(receiver);
        using var child = Process.Start(start)!;
        var numbers = new List<int>();
        while (await child.StandardOutput.ReadLineAsync() is { } line)
        {
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) numbers.Add(number);
            if (numbers.Count < acknowledgements || child.HasExited) continue;
            if (acknowledgements > 0 || line == "opening") break;
        }

        Thread.SpinWait(spins);
        child.Kill();
        // What it said before it died counts.
        while (await child.StandardOutput.ReadLineAsync() is { } line)
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) numbers.Add(number);
        await child.WaitForExitAsync();
        Assert.True(child.ExitCode == 137 || acknowledgements == 0, $"the child ended by itself with {child.ExitCode}");
        return numbers;
    }
}
