using System.Buffers;
using HealthGrains.Accounts;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;

namespace HealthGrains.Grains.Accounts;

/// <summary>
/// What an account's grain holds: its state, what it remembers of its intake, and the effects that are not stored yet. State and
/// effects are stored in one write.
/// </summary>
public sealed class AccountRecord
{
    private byte[]? _profileBytes;
    private AccountProfile? _profileWritten;

    /// <summary>The account; null before its first signal or profile.</summary>
    public AccountState? State { get; set; }

    /// <summary>What it remembers of its intake.</summary>
    public IntakeMarks Intake { get; private set; } = new();

    /// <summary>The version of the model that the state was last ruled by; empty before the first.</summary>
    public string Model { get; set; } = "";

    /// <summary>The version of the stored row; 0 without one.</summary>
    public long Version { get; set; }

    /// <summary>How the account stood after its last turn.</summary>
    public AccountFigures Figures { get; set; }

    /// <summary>When it next needs a wake-up.</summary>
    public long DueAt { get; set; } = long.MaxValue;

    /// <summary>Grows with every change that is to be stored.</summary>
    public long Changes { get; set; }

    /// <summary>The number of changes that are stored.</summary>
    public long Stored { get; private set; }

    /// <summary>Whether something is not stored yet.</summary>
    public bool IsDirty => Changes > Stored;

    /// <summary>Effects that are not stored yet, oldest first.</summary>
    public AccountEffects Effects { get; private set; } = new();

    /// <summary>What was handed out to be written, until it is known what became of it.</summary>
    private (AccountEffects Effects, long Changes) Writing { get; set; } = (new(), 0);

    /// <summary>Takes over what is stored.</summary>
    public void Load(AccountRow row)
    {
        Intake = IntakeMarks.Read(row.Intake);
        if (row.IsErased) return;
        var profile = StoredJson.Read<AccountProfile>(row.Profile, "a profile");
        State = AccountState.Read(row.State, profile);
        Model = row.Model;
        Version = row.Version;
        DueAt = row.DueAt;
        (_profileWritten, _profileBytes) = (profile, row.Profile);
    }

    /// <summary>The write that stores everything up to now. One at a time.</summary>
    public AccountWrite BeginWrite()
    {
        var state = State ?? throw new InvalidOperationException("an account without a state cannot be stored");
        Writing = (Effects, Changes);
        Effects = new AccountEffects();
        var bytes = new ArrayBufferWriter<byte>(4096);
        state.Write(bytes);
        return new AccountWrite
        {
            Id = state.Profile.Id,
            Replaces = Version,
            Row = new AccountRow(Version + 1, ProfileBytes(), bytes.WrittenSpan.ToArray(), Intake.Write(), Model, DueAt),
            Profile = state.Profile,
            Figures = Figures,
            Closes = Writing.Effects.Closes,
            Alerts = [.. Writing.Effects.Alerts.Select(effect => effect.Alert)],
            Audit = Writing.Effects.Audit,
        };
    }

    /// <summary>The write is stored. Returns the alerts that may be told of now.</summary>
    public IReadOnlyList<AlertEffect> EndWrite()
    {
        Version++;
        Stored = Writing.Changes;
        var told = Writing.Effects.Alerts;
        Writing = (new(), 0);
        return told;
    }

    /// <summary>The write was not stored, or that is not known: its effects wait for the next one.</summary>
    public void FailWrite()
    {
        Writing.Effects.Add(Effects);
        Effects = Writing.Effects;
        Writing = (new(), 0);
    }

    /// <summary>The profile, JSON.</summary>
    public byte[] ProfileBytes()
    {
        var profile = State!.Profile;
        if (!ReferenceEquals(profile, _profileWritten))
            (_profileWritten, _profileBytes) = (profile, StoredJson.WriteBytes(profile));
        return _profileBytes!;
    }
}
