using Confluent.Kafka;
using Microsoft.Extensions.Hosting;

namespace HealthGrains.Kafka;

/// <summary>
/// Whether the log's writer reaches its brokers: asked for every <see cref="KafkaOptions.StatisticsInterval"/>, for an idle writer would
/// not notice. Checks the settings and the topics at start, and throws <see cref="KafkaSetupException"/> for what is wrong with them.
/// </summary>
public sealed class KafkaReach(KafkaLog log, KafkaOptions options) : BackgroundService
{
    private volatile string? _trouble;

    /// <summary>Why the brokers cannot be reached; null while they can.</summary>
    public string? Trouble => _trouble;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await KafkaCheck.RunAsync(options, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        // librdkafka's metadata call blocks; it is made on a thread that may.
        Task.Factory.StartNew(() => Watch(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Watch(CancellationToken stopping)
    {
        while (!stopping.WaitHandle.WaitOne(options.StatisticsInterval)) _trouble = Ask();
    }

    private string? Ask()
    {
        try
        {
            log.Ask(options.StatisticsInterval);
            return null;
        }
        catch (KafkaException failure)
        {
            return $"no broker of {options.BootstrapServers} answers ({failure.Error.Reason}); signals cannot be written to the log";
        }
    }
}
