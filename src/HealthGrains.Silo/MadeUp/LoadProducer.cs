using System.Buffers;
using HealthGrains.Kafka;
using HealthGrains.Signals;
using HealthGrains.Simulation;

namespace HealthGrains.Silo.MadeUp;

/// <summary>
/// Writes so many signals a second, for load: what the accounts of a made-up company do on one day, over and over, as of now. Every run
/// makes new signals: none of them is a duplicate of an earlier run's.
/// </summary>
internal sealed class LoadProducer(KafkaOptions options, ulong seed, int accounts, TextWriter say, TimeProvider clock)
{
    private const int BeatsASecond = 20;
    private static readonly TimeSpan Telling = TimeSpan.FromSeconds(10);

    /// <summary>Writes until cancelled, or until so many are written.</summary>
    public async Task RunAsync(int rate, long most, CancellationToken cancellationToken)
    {
        var day = Templates();
        var topic = options.TopicOf(SignalSource.Usage);
        // Beyond the numbers of any life, and of every run before: there are fewer than a million signals a millisecond.
        var first = clock.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;
        using var writer = new MessageWriter(options);
        using var wire = new WireWriter(nativeOnly: true);
        var body = new ArrayBufferWriter<byte>();
        var (start, told, sent) = (clock.GetTimestamp(), TimeSpan.Zero, 0L);
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1) / BeatsASecond, clock);
        say.WriteLine(FormattableString.Invariant($"{rate:N0} signals a second to {topic}, over {accounts:N0} accounts"));
        while (sent < most)
        {
            await beat.WaitForNextTickAsync(cancellationToken);
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            // What a late beat missed is made up for, so that the rate holds.
            for (var due = Math.Min(most, (long)(clock.GetElapsedTime(start).TotalSeconds * rate)); sent < due; sent++)
            {
                var signal = day[(int)(sent % day.Length)] with { At = now, Number = first + sent };
                body.ResetWrittenCount();
                wire.Write(signal, body);
                await writer.WriteAsync(topic, signal.Account, body.WrittenSpan.ToArray());
            }
            await writer.FlushAsync();
            var lasted = clock.GetElapsedTime(start);
            if (lasted - told < Telling && sent < most) continue;
            told = lasted;
            say.WriteLine(FormattableString.Invariant($"{writer.Written:N0} signals, {writer.Written / lasted.TotalSeconds:N0} a second"));
        }
    }

    /// <summary>The usage of the first day that has some. Usage alone: tickets and invoices must not be opened a thousand times.</summary>
    private SimulatedEvent[] Templates()
    {
        var life = Company.Create(new CompanySettings { Seed = seed, Accounts = accounts }).Simulate();
        while (true)
        {
            SimulatedEvent[] usage =
                [.. life.Advance().Events.Where(happened => happened.IsSignal && happened.Kind.Source() == SignalSource.Usage)];
            if (usage.Length >= accounts) return usage;
            if (life.NextDay > 60 && usage.Length > 0) return usage;
        }
    }
}
