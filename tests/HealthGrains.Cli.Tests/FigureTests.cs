using HealthGrains.Cli.Bench;

namespace HealthGrains.Cli.Tests;

public sealed class FigureTests
{
    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(1, 100)]
    [InlineData(0, 1)]
    public void A_percentile_is_the_nearest_rank(double share, double expected) =>
        Assert.Equal(expected, Figure.Percentile([.. Enumerable.Range(1, 100).Select(i => (double)i)], share));

    [Fact]
    public void No_latencies_have_no_percentile() => Assert.True(double.IsNaN(Figure.Percentile([], 0.5)));
}
