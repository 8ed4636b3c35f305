using System.Buffers;
using System.Runtime.CompilerServices;
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
    // A turn of an account at rest costs 3 us more, and rest saves 2 KB: it is for those who are not about to be called again.
    private const long RestAfter = 5_000;

    // A write begins and ends with its bytes on one thread; what it would leave behind 10,000 times a second is most of all garbage.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    private AccountRow? _rest;
    private AccountState? _state;
    private IntakeMarks? _intake;
    private StrongBox<AccountFigures>? _figures;
    private AccountEffects? _effects;
    private byte[]? _profileBytes;
    private AccountProfile? _profileWritten;
    private long _turnedAt = long.MinValue / 2;
    private long _quietBefore = long.MaxValue;

    /// <summary>
    /// What is stored, while nothing has changed since and nothing but these bytes is held: most accounts are known and asked for far
    /// more often than anything happens to them.
    /// </summary>
    public AccountRow? AtRest => _rest;

    /// <summary>Whether there is an account: it has had a signal or a profile.</summary>
    public bool Exists => _rest is not null || _state is not null;

    /// <summary>The account; null before its first signal or profile. Whoever asks for it wakes it up.</summary>
    public AccountState? State
    {
        get
        {
            WakeUp();
            return _state;
        }
        set => _state = value;
    }

    /// <summary>What it remembers of its intake.</summary>
    public IntakeMarks Intake
    {
        get
        {
            WakeUp();
            return _intake ??= new IntakeMarks();
        }
    }

    /// <summary>The version of the model that the state was last ruled by; empty before the first.</summary>
    public string Model { get; set; } = "";

    /// <summary>The version of the stored row; 0 without one.</summary>
    public long Version { get; set; }

    /// <summary>How the account stood after its last turn; not known after a rest.</summary>
    public AccountFigures Figures
    {
        get => _figures is { } known ? known.Value : throw new InvalidOperationException("an account is evaluated before it is written");
        set => (_figures ??= new StrongBox<AccountFigures>()).Value = value;
    }

    /// <summary>Whether <see cref="Figures"/> is known.</summary>
    public bool HasFigures => _figures is not null;

    /// <summary>When it next needs a wake-up.</summary>
    public long DueAt { get; set; } = long.MaxValue;

    /// <summary>What is known of the account's desk.</summary>
    public Desks.DeskHead Desk { get; set; }

    /// <summary>Grows with every change that is to be stored.</summary>
    public long Changes { get; set; }

    /// <summary>The number of changes that are stored.</summary>
    public long Stored { get; private set; }

    /// <summary>Whether something is not stored yet.</summary>
    public bool IsDirty => Changes > Stored;

    /// <summary>Effects that are not stored yet, oldest first.</summary>
    public AccountEffects Effects => _effects ??= new AccountEffects();

    /// <summary>Whether there are any.</summary>
    public bool HasEffects => _effects is { IsEmpty: false };

    /// <summary>When the account last said something about its tenant, host time.</summary>
    public long PulsedAt { get; set; } = long.MinValue;

    /// <summary>What it says about its tenant and is not stored yet; null for nothing new.</summary>
    public byte[]? Pulse { get; set; }

    /// <summary>What was handed out to be written, until it is known what became of it.</summary>
    private (AccountEffects? Effects, long Changes, AccountRow? Row) Writing { get; set; }

    /// <summary>Takes over what is stored.</summary>
    public void Load(AccountRow row)
    {
        if (row.IsErased)
        {
            _intake = IntakeMarks.Read(row.Intake);
            return;
        }
        _rest = row;
        Model = row.Model;
        Desk = row.Desk;
        Version = row.Version;
        DueAt = row.DueAt;
    }

    /// <summary>A turn was made, at a time in milliseconds of any origin.</summary>
    public void Turned(long now)
    {
        _quietBefore = now - _turnedAt;
        _turnedAt = now;
    }

    /// <summary>The write that stores everything up to now. One at a time.</summary>
    public AccountWrite BeginWrite()
    {
        var state = State ?? throw new InvalidOperationException("an account without a state cannot be stored");
        var row = new AccountRow(Version + 1, ProfileBytes(), StateBytes(), Intake.Write(), Model, DueAt);
        var effects = _effects;
        Writing = (effects, Changes, row);
        _effects = null;
        return new AccountWrite
        {
            Id = state.Profile.Id,
            Replaces = Version,
            Row = row,
            Profile = state.Profile,
            Figures = Figures,
            Closes = effects?.Closes ?? [],
            Alerts = effects is null ? [] : [.. effects.Alerts.Select(effect => effect.Alert)],
            Audit = effects?.Audit ?? [],
            Pulse = Pulse,
        };
    }

    /// <summary>The write is stored. Returns the alerts that may be told of now.</summary>
    /// <param name="now">As for <see cref="Turned"/>.</param>
    public IReadOnlyList<AlertEffect> EndWrite(long now)
    {
        Version++;
        Stored = Writing.Changes;
        Pulse = null;
        var (effects, _, row) = Writing;
        Writing = default;
        if (!IsDirty && (_quietBefore >= RestAfter || now - _turnedAt >= RestAfter)) Rest(row!);
        return effects?.Alerts ?? [];
    }

    /// <summary>The write was not stored, or that is not known: its effects wait for the next one.</summary>
    public void FailWrite()
    {
        if (Writing.Effects is { } kept)
        {
            if (_effects is { } later) kept.Add(later);
            _effects = kept;
        }
        Writing = default;
    }

    private void Rest(AccountRow row)
    {
        _rest = row;
        (_state, _intake, _figures, _effects) = (null, null, null, null);
        (_profileWritten, _profileBytes) = (null, null);
    }

    private void WakeUp()
    {
        if (_rest is not { } row) return;
        var profile = StoredJson.Read<AccountProfile>(row.Profile, "a profile");
        _state = AccountState.Read(row.State, profile);
        _intake = IntakeMarks.Read(row.Intake);
        (_profileWritten, _profileBytes) = (profile, row.Profile);
        _rest = null;
    }

    /// <summary>The state, as it is stored.</summary>
    public byte[] StateBytes()
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(4096);
        buffer.ResetWrittenCount();
        State!.Write(buffer);
        return buffer.WrittenSpan.ToArray();
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
