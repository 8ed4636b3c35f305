using HealthGrains.Grains.Postgres;
using HealthGrains.Silo.Watching;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Silo.Tests;

public sealed class ClockWatchTests
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_clock_that_drifts_makes_the_node_not_ready_until_it_agrees_again()
    {
        using var figures = new NodeFigures(null!);
        var logger = new Lines();
        var offset = TimeSpan.Zero;
        var isThere = true;
        using var watch = new ClockWatch(
            _ => isThere ? Task.FromResult(new ClockOffset(offset, offset.Duration(), default)) : throw new IOException("gone"),
            figures, Most, TimeProvider.System, logger);

        await watch.LookAsync(CancellationToken.None);
        Assert.Null(watch.NotReady);
        offset = TimeSpan.FromSeconds(-3.5);
        await watch.LookAsync(CancellationToken.None);
        Assert.Contains("differ by 3.5 s", watch.NotReady, StringComparison.Ordinal);
        Assert.Contains("NTP", watch.NotReady, StringComparison.Ordinal);
        // A database that does not answer says nothing about clocks.
        isThere = false;
        await watch.LookAsync(CancellationToken.None);
        Assert.NotNull(watch.NotReady);
        (isThere, offset) = (true, TimeSpan.FromSeconds(1));
        await watch.LookAsync(CancellationToken.None);
        Assert.Null(watch.NotReady);
        Assert.Equal(2, logger.Warnings.Count);
        Assert.Contains("differ by 3.5 s", logger.Warnings[0], StringComparison.Ordinal);
    }

    private sealed class Lines : ILogger<ClockWatch>
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Warnings.Add(formatter(state, exception));
    }
}
