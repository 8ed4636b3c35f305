using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;
using HealthGrains.Policy;

namespace HealthGrains.Embedded;

/// <summary>Settings of the embedded host. Every queue and every table has a limit; the defaults fit one machine with two cores.</summary>
public sealed class EmbeddedOptions
{
    /// <summary>Where the data is kept; created when absent. One process at a time.</summary>
    public string DataDirectory { get; set; } = "healthgrains-data";

    /// <summary>The host's one clock.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>What drives <see cref="Clock"/>.</summary>
    public ClockKind ClockKind { get; set; } = ClockKind.Wall;

    /// <summary>The tenant's keys; null to keep the random ones that are made with the data (the rule outside replays and tests).</summary>
    public TenantKeys? Keys { get; set; }

    /// <summary>The models to choose from; the first one is active until another is activated.</summary>
    public IReadOnlyList<HealthModel> Models { get; set; } = HealthModels.Presets;

    /// <summary>The policies to choose from; the first one is active.</summary>
    public IReadOnlyList<HealthPolicy> Policies { get; set; } = HealthPolicies.Presets;

    /// <summary>Writes the texts of drafts and briefs.</summary>
    public ITextWriter Writer { get; set; } = PlainWriter.Instance;

    /// <summary>The practice that decides until files add to it.</summary>
    public PracticeBook Practice { get; set; } = PracticeBook.Empty(NoTemplateCheck.Instance);

    /// <summary>How often states are written, so that recovery has less to replay. In wall time, for it is about work.</summary>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>A checkpoint also begins after this many signals, so that recovery stays short under load.</summary>
    public int CheckpointSignals { get; set; } = 1_000_000;

    /// <summary>How many days of raw signals the journal keeps.</summary>
    public int JournalDays { get; set; } = 30;

    /// <summary>How many days of daily closes are kept.</summary>
    public int CloseDays { get; set; } = 800;

    /// <summary>How long plays, drafts, tasks and deliveries that are over are kept.</summary>
    public Retention Retention { get; set; } = Retention.Default;

    /// <summary>How many signal ids are remembered at least.</summary>
    public int DuplicateMemory { get; set; } = 5_000_000;

    /// <summary>How many requests may wait for the journal; one more is refused with <see cref="IntakeSaturatedException"/>.</summary>
    public int QueuedRequests { get; set; } = 4_096;

    /// <summary>How many signals may wait for the journal. A request larger than this is taken when nothing else waits.</summary>
    public int QueuedSignals { get; set; } = 262_144;

    /// <summary>How many signals one commit gathers.</summary>
    public int CommitSignals { get; set; } = 32_768;

    /// <summary>How many questions may wait for the turn thread.</summary>
    public int QueuedQuestions { get; set; } = 16_384;

    /// <summary>How many accounts there may be.</summary>
    public int AccountLimit { get; set; } = 1_000_000;

    /// <summary>How many names (features, workflows ...) are kept as text.</summary>
    public int NameLimit { get; set; } = 100_000;

    /// <summary>How many identity links are kept.</summary>
    public int IdentityLimit { get; set; } = 5_000_000;

    /// <summary>How many events may wait for an identity.</summary>
    public int HeldLimit { get; set; } = 1_000_000;

    /// <summary>How many bytes of events may wait for an identity.</summary>
    public long HeldBytesLimit { get; set; } = 1L << 30;

    /// <summary>How many watchers there may be.</summary>
    public int WatcherLimit { get; set; } = 10_000;

    /// <summary>How many signals of the journal one question for an account's signals looks at.</summary>
    public int SearchedSignals { get; set; } = 4_000_000;

    /// <summary>Throws <see cref="ArgumentException"/> that says which setting is wrong, and what would be right.</summary>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(DataDirectory))
            throw new ArgumentException("DataDirectory is empty; name a directory to keep the data in");
        ArgumentNullException.ThrowIfNull(Clock);
        if (Models.Count == 0) throw new ArgumentException("Models is empty; at least one health model is needed");
        if (Policies.Count == 0) throw new ArgumentException("Policies is empty; at least one policy is needed");
        if (CheckpointInterval < TimeSpan.FromMilliseconds(10) || CheckpointInterval > TimeSpan.FromDays(1))
            throw new ArgumentException($"CheckpointInterval is {CheckpointInterval}; it must be between 10 ms and 1 day");
        Within(nameof(CheckpointSignals), CheckpointSignals, 1, int.MaxValue);
        Within(nameof(JournalDays), JournalDays, 1, 3_650);
        Within(nameof(CloseDays), CloseDays, 42, 3_650);
        ArgumentNullException.ThrowIfNull(Retention);
        Retention.Validate();
        Within(nameof(DuplicateMemory), DuplicateMemory, 1_000, 100_000_000);
        Within(nameof(QueuedRequests), QueuedRequests, 1, 1_000_000);
        Within(nameof(QueuedSignals), QueuedSignals, 1, 16_777_216);
        Within(nameof(CommitSignals), CommitSignals, 1, 262_144);
        Within(nameof(QueuedQuestions), QueuedQuestions, 1, 1_000_000);
        Within(nameof(AccountLimit), AccountLimit, 1, 10_000_000);
        Within(nameof(NameLimit), NameLimit, 0, 10_000_000);
        Within(nameof(IdentityLimit), IdentityLimit, 0, 50_000_000);
        Within(nameof(HeldLimit), HeldLimit, 0, 50_000_000);
        Within(nameof(HeldBytesLimit), HeldBytesLimit, 0, 1L << 40);
        Within(nameof(WatcherLimit), WatcherLimit, 1, 1_000_000);
        Within(nameof(SearchedSignals), SearchedSignals, 1, 1_000_000_000);
    }

    private static void Within(string name, long value, long least, long most)
    {
        if (value < least || value > most) throw new ArgumentException($"{name} is {value}; it must be between {least} and {most}");
    }
}
