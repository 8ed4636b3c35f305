using System.Text.Json;

namespace HealthGrains.Cli.Tests;

public sealed class BenchTests
{
    // Not a measurement: a tiny book, and no figure is looked at but those that must be exact at any scale.
    [Fact]
    public async Task A_tiny_bench_runs_end_to_end_and_loses_nothing()
    {
        using var cli = new Cli();
        Assert.Equal(0, await cli.RunAsync("bench", "--quick", "--json", "--accounts", "300", "--seconds", "1"));

        using var json = JsonDocument.Parse(cli.Out);
        var root = json.RootElement;
        Assert.True(root.GetProperty("quick").GetBoolean());
        Assert.Equal(300, root.GetProperty("accounts").GetInt32());
        Assert.True(root.GetProperty("cores").GetInt32() > 0);
        var figures = root.GetProperty("figures").EnumerateArray().ToDictionary(figure => figure.GetProperty("key").GetString()!);
        string[] expected =
        [
            "replay", "replayOneByOne", "profiles", "intake", "intakeOnePerRequest", "intakeOnePerCommit", "accountP50", "accountP99",
            "listP50", "listP99", "listEveryRow", "portfolioP50", "portfolioP99", "portfolioEveryRow", "accountStreamP50",
            "accountStreamP99", "bookStreamP50", "bookStreamP99", "readYourWrites", "memory", "memoryPerAccount", "file", "restart",
            "lostOrDoubled",
        ];
        Assert.Empty(expected.Except(figures.Keys));
        foreach (var (key, figure) in figures)
        {
            Assert.Equal(JsonValueKind.Number, figure.GetProperty("value").ValueKind);
            Assert.NotEmpty(figure.GetProperty("unit").GetString()!);
            if (figure.TryGetProperty("baselineOf", out var of)) Assert.Contains(of.GetString()!, figures.Keys);
            if (key is "readYourWrites" or "lostOrDoubled") continue;
            Assert.True(figure.GetProperty("value").GetDouble() > 0, key);
        }
        Assert.Equal(0, figures["readYourWrites"].GetProperty("value").GetDouble());
        Assert.Equal(0, figures["lostOrDoubled"].GetProperty("value").GetDouble());
        Assert.True(figures["lostOrDoubled"].GetProperty("met").GetBoolean());
    }

    [Fact]
    public async Task A_book_too_small_to_measure_is_refused()
    {
        using var cli = new Cli();
        Assert.Equal(2, await cli.RunAsync("bench", "--accounts", "3"));
        Assert.Contains("--accounts", cli.Error, StringComparison.Ordinal);
    }
}
