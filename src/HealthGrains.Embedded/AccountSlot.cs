using HealthGrains.Accounts;
using HealthGrains.Health;
using HealthGrains.Plays;

namespace HealthGrains.Embedded;

/// <summary>The parts of an account's health whose change is news; the ETag is made of the same.</summary>
internal readonly record struct Said(long Version, double Score, Band Band, string? Model);

/// <summary>An account in memory: its state, and what the turn thread notes about it. Only the turn thread touches it.</summary>
internal sealed class AccountSlot(int number, string id, AccountState state)
{
    public int Number { get; } = number;
    public string Id { get; } = id;
    public AccountState State { get; set; } = state;

    /// <summary>What watchers were last told.</summary>
    public Said Said { get; set; }

    /// <summary>Whether the state has changed since it was last written.</summary>
    public bool Dirty { get; set; }

    /// <summary>Whether the profile has changed since it was last written.</summary>
    public bool ProfileDirty { get; set; }

    /// <summary>What people do for the account; null while nobody ever did anything.</summary>
    public DeskState? Desk { get; set; }

    /// <summary>Whether the desk has changed since it was last written.</summary>
    public bool DeskDirty { get; set; }

    /// <summary>What the desk was last called for.</summary>
    public ulong Calls { get; set; }

    /// <summary>When it was last asked whether the desk should look, host time.</summary>
    public long LookedAt { get; set; } = long.MinValue;

    /// <summary>Whether a signal came that a trigger may wait for.</summary>
    public bool Notable { get; set; }

    /// <summary>Whether it waits for a decision.</summary>
    public bool Touched { get; set; }

    /// <summary>Whether it was erased; entries in queues may outlive it.</summary>
    public bool Gone { get; set; }

    /// <summary>When its row was last evaluated, host time.</summary>
    public long EvaluatedAt { get; set; }

    // Grouping of one commit's signals by account.
    public long Stamp;
    public int Count;
    public int Offset;
}
