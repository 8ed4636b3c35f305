using HealthGrains.Hosting;

namespace HealthGrains.Embedded;

/// <summary>What the host keeps in memory beside the accounts; recovery fills it and the journal thread adds to it.</summary>
internal sealed class HostMemory
{
    public HostMemory(EmbeddedOptions options)
    {
        Names = new NameTable(options.NameLimit);
        Accounts = new AccountNumbers();
        Identities = new IdentityTable(Accounts, options.IdentityLimit);
        Ids = new DuplicateMemory(options.DuplicateMemory);
        Clock = new HostClock(options.Clock);
    }

    public TenantKeys Keys { get; set; }
    public NameTable Names { get; }
    public AccountNumbers Accounts { get; }
    public IdentityTable Identities { get; }
    public DuplicateMemory Ids { get; }

    public HostClock Clock { get; }

    /// <summary>Events that wait for an identity.</summary>
    public long HeldCount { get; set; }

    /// <summary>Their bytes.</summary>
    public long HeldBytes { get; set; }

    /// <summary>The last journal sequence at the start.</summary>
    public long Sequence { get; set; }

    /// <summary>Signals accepted over all time, at the start.</summary>
    public long Total { get; set; }
}
