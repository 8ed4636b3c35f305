using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;
using HealthGrains.Policy;

namespace HealthGrains.Grains;

/// <summary>Settings that all nodes of a cluster share.</summary>
public sealed class ClusterOptions
{
    /// <summary>The tenant whose accounts these are.</summary>
    public string Tenant { get; set; } = "default";

    /// <summary>The host's one clock.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>What drives <see cref="Clock"/>.</summary>
    public ClockKind ClockKind { get; set; } = ClockKind.Wall;

    /// <summary>The tenant's keys; null to keep the random ones that are made at the first start (the rule outside tests).</summary>
    public TenantKeys? Keys { get; set; }

    /// <summary>The models to choose from; the first one is active until another is activated.</summary>
    public IReadOnlyList<HealthModel> Models { get; set; } = HealthModels.Presets;

    /// <summary>The policies to choose from; the first one is active.</summary>
    public IReadOnlyList<HealthPolicy> Policies { get; set; } = HealthPolicies.Presets;

    /// <summary>Writes the texts of drafts and briefs.</summary>
    public ITextWriter Writer { get; set; } = PlainWriter.Instance;

    /// <summary>The practice that decides until files add to it; the same on every node.</summary>
    public PracticeBook Practice { get; set; } = PracticeBook.Empty(NoTemplateCheck.Instance);

    /// <summary>How long an account fed by a log may wait to be stored: one write then holds all it took in that time.</summary>
    public TimeSpan SaveDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a sender who waits for the accounts is kept waiting, where signals go to a log first.</summary>
    public TimeSpan AppliedWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often each shard looks for accounts whose wake-up is due.</summary>
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long changes are gathered before watchers are told.</summary>
    public TimeSpan ChangesEvery { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// For how long a node that is watched has the silos send changes; it says so again and again. Where nobody watches none are sent.
    /// </summary>
    public TimeSpan WatchLease { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a node looks for names, identities and accounts that others made known.</summary>
    public TimeSpan DirectoryEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many days of daily closes are kept.</summary>
    public int CloseDays { get; set; } = 800;

    /// <summary>
    /// How many days it is kept of an erased account how far the log had been taken, so that reading the log again does not bring it
    /// back: longer than the log keeps its messages. 0 for good.
    /// </summary>
    public int ErasureDays { get; set; } = 800;

    /// <summary>How many watchers a node may have.</summary>
    public int WatcherLimit { get; set; } = 10_000;

    /// <summary>How many signals a node may have under way; a request beyond is refused, so that callers slow down.</summary>
    public int SignalsUnderWay { get; set; } = 262_144;

    /// <summary>How many accounts a node calls at once.</summary>
    public int CallsUnderWay { get; set; } = 1_024;

    /// <summary>How long a call to an account that moves or whose silo died is tried again.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long plays, drafts, tasks and deliveries that are over are kept.</summary>
    public Retention Retention { get; set; } = Retention.Default;

    /// <summary>A model by its version; null without one.</summary>
    public HealthModel? Model(string version) => Models.FirstOrDefault(model => model.Version == version);

    /// <summary>Throws <see cref="ArgumentException"/> that says which setting is wrong, and what would be right.</summary>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Tenant)) throw new ArgumentException("Tenant is empty; name the company whose accounts these are");
        if (Models.Count == 0) throw new ArgumentException("Models is empty; at least one health model is needed");
        if (Policies.Count == 0) throw new ArgumentException("Policies is empty; at least one policy is needed");
        Within(nameof(SaveDelay), SaveDelay, TimeSpan.FromMilliseconds(40), TimeSpan.FromMinutes(1));
        Within(nameof(AppliedWithin), AppliedWithin, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        Within(nameof(SweepEvery), SweepEvery, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10));
        Within(nameof(ChangesEvery), ChangesEvery, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));
        Within(nameof(WatchLease), WatchLease, TimeSpan.FromMilliseconds(600), TimeSpan.FromMinutes(10));
        Within(nameof(DirectoryEvery), DirectoryEvery, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10));
        Within(nameof(Patience), Patience, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Within(nameof(CloseDays), CloseDays, 42, 3_650);
        Within(nameof(ErasureDays), ErasureDays, 0, 36_500);
        Within(nameof(WatcherLimit), WatcherLimit, 1, 1_000_000);
        Within(nameof(SignalsUnderWay), SignalsUnderWay, 1, 16_777_216);
        Within(nameof(CallsUnderWay), CallsUnderWay, 1, 1_000_000);
        ArgumentNullException.ThrowIfNull(Retention);
        Retention.Validate();
    }

    private static void Within<T>(string name, T value, T least, T most) where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            throw new ArgumentException($"{name} is {value}; it must be between {least} and {most}");
    }
}
