using HealthGrains.Accounts;
using HealthGrains.Grains.Accounts;
using HealthGrains.Grains.Hosting;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Grains.Tests;

/// <summary>A log in memory with one partition a topic: signals in one, profiles in the other. Read while it is told to.</summary>
internal sealed class MemoryLog : ISignalLog
{
    public const string Signals = "signals";
    public const string Profiles = "crm";

    private readonly Lock _gate = new();
    private readonly List<Entry> _signals = [];
    private readonly List<Entry> _profiles = [];
    private readonly SemaphoreSlim _reading = new(1, 1);
    private int _nextSignals;
    private int _nextProfile;

    /// <summary>Whether what is appended is read.</summary>
    public bool IsRead { get; set; } = true;

    public int Entries
    {
        get
        {
            lock (_gate) return _signals.Count;
        }
    }

    public ValueTask<IReadOnlyList<LogEntry>> AppendAsync(
        ReadOnlySpan<IncomingSignal> signals, bool awaited, CancellationToken cancellationToken)
    {
        var byAccount = signals.ToArray().GroupBy(one => (one.Account, one.Signal.Source));
        var entries = new List<LogEntry>();
        lock (_gate)
        {
            foreach (var group in byAccount)
            {
                entries.Add(new LogEntry(group.Key.Account, group.Count(), LogPlace.Of(Signals, 0, _signals.Count)));
                _signals.Add(new Entry(group.Key.Account, [.. group.Select(one => one.Signal)], awaited, null, ""));
            }
        }
        return new(entries);
    }

    public ValueTask<LogPlace> AppendProfileAsync(string account, byte[] profile, string actor, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _profiles.Add(new Entry(account, [], false, profile, actor));
                return new(LogPlace.OfProfile(Profiles, 0, _profiles.Count - 1));
        }
    }

    /// <summary>Reads on until it is told to stop.</summary>
    public async Task ReadAsync(LogIntake intake, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (await timer.WaitForNextTickAsync(stop))
            if (IsRead) await ReadOnAsync(intake);
    }

    /// <summary>
    /// Reads what has not been read, several entries at once as a reader of a busy log would; all of it again when some was lost.
    /// </summary>
    public async Task ReadOnAsync(LogIntake intake)
    {
        await _reading.WaitAsync();
        try
        {
            if (intake.ProgressOf(Signals, 0).Lost)
            {
                intake.Rewound(Signals, 0);
                Rewind();
            }
            await ReadSignalsAsync(intake);
            await ReadProfilesAsync(intake);
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task ReadSignalsAsync(LogIntake intake)
    {
        List<Entry> entries;
        int first;
        lock (_gate) (first, entries, _nextSignals) = (_nextSignals, _signals[_nextSignals..], _signals.Count);
        var batch = new IntakeBatch();
        var offsets = new List<long>();
        var awaited = new List<long>();
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].IsAwaited) awaited.Add(first + i);
            foreach (var signal in entries[i].Signals)
            {
                batch.Add(entries[i].Account, signal);
                offsets.Add(first + i);
            }
        }
        if (batch.Count > 0) await intake.ApplyAsync(Signals, 0, batch, offsets.ToArray(), awaited, CancellationToken.None);
    }

    private async Task ReadProfilesAsync(LogIntake intake)
    {
        List<Entry> entries;
        int first;
        lock (_gate) (first, entries, _nextProfile) = (_nextProfile, _profiles[_nextProfile..], _profiles.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            var profile = StoredJson.Read<AccountProfile>(entries[i].Profile, "a profile");
            await intake.PutProfileAsync(Profiles, 0, first + i, profile, entries[i].Actor, CancellationToken.None);
        }
    }

    /// <summary>Goes back to the beginning.</summary>
    public void Rewind()
    {
        lock (_gate) (_nextSignals, _nextProfile) = (0, 0);
    }

    private sealed record Entry(string Account, Signal[] Signals, bool IsAwaited, byte[]? Profile, string Actor);
}
