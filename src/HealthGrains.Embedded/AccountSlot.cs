using HealthGrains.Accounts;
using HealthGrains.Hosting;

namespace HealthGrains.Embedded;

/// <summary>An account in memory: its state, and what the turn thread notes about it. Only the turn thread touches it.</summary>
internal sealed class AccountSlot(int number, string id, AccountState state)
{
    public int Number { get; } = number;
    public string Id { get; } = id;
    public AccountState State { get; set; } = state;

    /// <summary>The row as it was last published.</summary>
    public AccountSummary? Summary { get; set; }

    /// <summary>Whether the state has changed since it was last written.</summary>
    public bool Dirty { get; set; }

    /// <summary>Whether the profile has changed since it was last written.</summary>
    public bool ProfileDirty { get; set; }

    /// <summary>Whether it waits for a decision.</summary>
    public bool Touched { get; set; }

    /// <summary>Whether it was erased; entries in queues may outlive it.</summary>
    public bool Gone { get; set; }

    /// <summary>When <see cref="Summary"/> was evaluated, host time.</summary>
    public long EvaluatedAt { get; set; }

    /// <summary>Its place in the order of evaluation.</summary>
    public LinkedListNode<AccountSlot>? Place { get; set; }

    // Grouping of one commit's signals by account.
    public long Stamp;
    public int Count;
    public int Offset;
}
