using HealthGrains.Grains.Hosting;
using HealthGrains.Grains.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Silo.Watching;

/// <summary>
/// Compares this machine's clock with the database server's each minute: health, alerts and wake-ups are decided by each silo's own
/// clock, so clocks that drift apart make one account's time jump when it moves. At start <see cref="DatabaseSetup"/> refuses.
/// </summary>
internal sealed partial class ClockWatch(
    Func<CancellationToken, Task<ClockOffset>> compare, NodeFigures figures, TimeSpan most, TimeProvider clock, ILogger<ClockWatch> logger)
    : BackgroundService, INodeCheck
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private volatile string? _wrong;

    /// <inheritdoc/>
    public string? NotReady => _wrong;

    /// <summary>Compares them once.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        ClockOffset offset;
        try
        {
            offset = await compare(cancellationToken);
        }
        catch (Exception unknown) when (unknown is not OperationCanceledException)
        {
            // A database that does not answer is told by those who need it; what was known of the clocks still holds.
            return;
        }
        figures.Clock(offset.Estimate);
        var wrong = offset.WhyNot(most);
        if (wrong is not null) Differ(logger, wrong);
        else if (_wrong is not null) Agree(logger);
        _wrong = wrong;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await LookAsync(stoppingToken);
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await LookAsync(stoppingToken);
    }

    [LoggerMessage(1, LogLevel.Warning, "This node is not ready: {Reason}")]
    private static partial void Differ(ILogger logger, string reason);

    [LoggerMessage(2, LogLevel.Warning, "The database server's clock and this machine's agree again")]
    private static partial void Agree(ILogger logger);
}
