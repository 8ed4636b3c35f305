using HealthGrains.Accounts;
using HealthGrains.Hosting;

namespace HealthGrains.Grains.Storage;

/// <summary>An account as it is stored.</summary>
/// <param name="Version">Grows by one with every write; a write names the version that it replaces.</param>
/// <param name="Profile">The profile, JSON.</param>
/// <param name="State">What <see cref="AccountState.Write"/> wrote.</param>
/// <param name="Intake">What <see cref="Accounts.IntakeMarks"/> wrote: watermarks and recent ids.</param>
/// <param name="Model">The version of the model that the state was last ruled by.</param>
/// <param name="DueAt">When the account next needs a wake-up, Unix milliseconds; <see cref="long.MaxValue"/> for never.</param>
public sealed record AccountRow(long Version, byte[] Profile, byte[] State, byte[] Intake, string Model, long DueAt)
{
    /// <summary>Whether the account was erased, so that there is nothing but <see cref="Intake"/>: how far the log was taken.</summary>
    public bool IsErased => Version == 0;

    /// <summary>What is stored of the account's desk. Read with the row and never written with it.</summary>
    public Desks.DeskHead Desk { get; init; }

    /// <summary>What is left of an erased account.</summary>
    /// <param name="intake">What <see cref="Accounts.IntakeMarks.OfErased"/> kept.</param>
    public static AccountRow Erased(byte[] intake) => new(0, [], [], intake, "", long.MaxValue);
}

/// <summary>One account's part of a write: its row and the effects of the turns since the last one. Stored whole or not at all.</summary>
public sealed record AccountWrite
{
    /// <summary>The account.</summary>
    public required string Id { get; init; }
    /// <summary>The version that is replaced; 0 when there is no row. Any other than the stored one refuses the write.</summary>
    public required long Replaces { get; init; }
    /// <summary>The row, with the next version.</summary>
    public required AccountRow Row { get; init; }
    /// <summary>The profile, as the row of lists needs it.</summary>
    public required AccountProfile Profile { get; init; }
    /// <summary>How the account stands, for the row of lists.</summary>
    public required AccountFigures Figures { get; init; }
    /// <summary>Days closed. Storing one twice is harmless.</summary>
    public required IReadOnlyList<DailyClose> Closes { get; init; }
    /// <summary>Alerts as they are now, oldest change first. The id is the key.</summary>
    public required IReadOnlyList<AlertView> Alerts { get; init; }
    /// <summary>
    /// What the account says about its tenant (<see cref="HealthGrains.Tenants.AccountPulse"/>); null to leave it as it was said last.
    /// </summary>
    public byte[]? Pulse { get; init; }
    /// <summary>What people did to the account since the last write.</summary>
    public required IReadOnlyList<AuditView> Audit { get; init; }
}

/// <summary>What an erasure removed.</summary>
/// <param name="Closes">Daily closes.</param>
/// <param name="Links">Identity links, as (source, external id).</param>
public sealed record ErasedRows(int Closes, IReadOnlyList<(string Source, string ExternalId)> Links);

/// <summary>Where accounts are kept. Every member may be called from many threads.</summary>
public interface IAccountStore
{
    /// <summary>
    /// An account's row; null without one. Of an account that was erased, and has not come anew since, what
    /// <see cref="AccountRow.Erased"/> makes; it is found by the pseudonym.
    /// </summary>
    Task<AccountRow?> ReadAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Writes many accounts at once, each whole or not at all. The answer says of each whether it was written: false when its row
    /// has another version than the one it replaces. Throws when nothing was written, or when that is not known.
    /// </summary>
    /// <param name="writes">At most one of each account.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<bool[]> WriteAsync(IReadOnlyList<AccountWrite> writes, CancellationToken cancellationToken);

    /// <summary>
    /// Erases an account's row, summary, closes, alerts, links and held events, and puts a pseudonym in its place in the audit. What
    /// <see cref="Accounts.IntakeMarks.OfErased"/> makes of the row's intake is kept under the pseudonym. Null when there is no such
    /// account.
    /// </summary>
    /// <param name="id">The account.</param>
    /// <param name="pseudonym">What the audit calls it from now on.</param>
    /// <param name="entry">The erasure's own entry in the audit.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<ErasedRows?> EraseAsync(string id, string pseudonym, AuditView entry, CancellationToken cancellationToken);

    /// <summary>Accounts of a shard whose wake-up is due, the longest due first.</summary>
    /// <param name="shard">0..<see cref="Time.Shards.Count"/> - 1.</param>
    /// <param name="now">The host's clock, Unix milliseconds.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<IReadOnlyList<string>> DueAsync(int shard, long now, int limit, CancellationToken cancellationToken);

    /// <summary>Makes every account due, so that the sweep visits all of them.</summary>
    Task MakeDueAsync(long now, CancellationToken cancellationToken);
}
