using HealthGrains.Accounts;
using HealthGrains.Grains.Hosting;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using HealthGrains.Kafka;

namespace HealthGrains.Silo;

/// <summary>From the log to the accounts.</summary>
internal sealed class LogSink(LogIntake intake) : ISignalSink
{
    private const string UnknownActor = "log";

    public ValueTask BeginAsync(LogPartition partition, long offset, CancellationToken cancellationToken)
    {
        intake.Rewound(partition.Topic, partition.Partition);
        return default;
    }

    public async ValueTask ApplyAsync(
        LogPartition partition, IntakeBatch batch, ReadOnlyMemory<long> offsets, IReadOnlyCollection<long> awaited,
        CancellationToken cancellationToken) =>
        await intake.ApplyAsync(partition.Topic, partition.Partition, batch, offsets, awaited, cancellationToken);

    public async ValueTask PutProfileAsync(
        LogPartition partition, long offset, string account, ReadOnlyMemory<byte> profile, string? actor,
        CancellationToken cancellationToken)
    {
        AccountProfile read;
        try
        {
            read = StoredJson.Read<AccountProfile>(profile.Span, "the profile");
        }
        catch (InvalidDataException wrong)
        {
            throw new IntakeFormatException(wrong.Message);
        }
        if (read.Id != account) throw new IntakeFormatException($"the profile is of account '{read.Id}', its message of '{account}'");
        await intake.PutProfileAsync(partition.Topic, partition.Partition, offset, read, actor ?? UnknownActor, cancellationToken);
    }

    public ValueTask<Unsaved> UnsavedAsync(LogPartition partition, CancellationToken cancellationToken)
    {
        var progress = intake.ProgressOf(partition.Topic, partition.Partition);
        return ValueTask.FromResult(progress switch
        {
            { Lost: true } => Unsaved.Lost,
            { Lowest: { } lowest } => Unsaved.From(lowest),
            _ => Unsaved.None,
        });
    }

    public void End(LogPartition partition) => intake.Forget(partition.Topic, partition.Partition);
}
