namespace HealthGrains.Accounts;

/// <summary>How much care an account is given by contract.</summary>
public enum Tier : byte
{
    /// <summary>Named CSM, executive sponsor.</summary>
    Enterprise,
    /// <summary>Pooled CSM. The tier of an account that nobody described yet.</summary>
    Standard,
    /// <summary>Low touch.</summary>
    Smb,
}

/// <summary>A person at the customer, as the profile names them.</summary>
/// <param name="Id">The customer's id of the contact.</param>
/// <param name="Name">Name for people to read.</param>
/// <param name="Email">E-mail address.</param>
/// <param name="Role">champion, executive, admin or user.</param>
/// <param name="Consent">Whether the contact agreed to be written to.</param>
/// <param name="TimeZone">IANA time zone, for quiet hours.</param>
public sealed record Contact(
    string Id, string? Name = null, string? Email = null, string? Role = null, bool? Consent = null, string? TimeZone = null);

/// <summary>What the company knows of an account beside its behaviour: who it is, what it pays, when it renews.</summary>
public sealed record AccountProfile
{
    /// <summary>The account's id: [A-Za-z0-9._:-]{1,128}.</summary>
    public required string Id { get; init; }
    /// <summary>Name for people to read; the id until somebody gives one.</summary>
    public required string Name { get; init; }
    /// <summary>Contracted care.</summary>
    public Tier Tier { get; init; } = Tier.Standard;
    /// <summary>Segment, the company's own word (industry, size, region); null when not given.</summary>
    public string? Segment { get; init; }
    /// <summary>Plan, the company's own word.</summary>
    public string? Plan { get; init; }
    /// <summary>Annual recurring revenue in <see cref="Currency"/>; null when not known, which is not zero.</summary>
    public decimal? Arr { get; init; }
    /// <summary>ISO 4217 code of <see cref="Arr"/>.</summary>
    public string Currency { get; init; } = "USD";
    /// <summary>Seats paid for; null when the plan is not by seat.</summary>
    public int? Seats { get; init; }
    /// <summary>Start of the first contract.</summary>
    public DateTimeOffset? StartedAt { get; init; }
    /// <summary>Next renewal.</summary>
    public DateTimeOffset? RenewalDate { get; init; }
    /// <summary>Length of the term in months.</summary>
    public int? TermMonths { get; init; }
    /// <summary>The CSM who owns the account.</summary>
    public string? Owner { get; init; }
    /// <summary>The owner's e-mail address.</summary>
    public string? OwnerEmail { get; init; }
    /// <summary>Id of the parent account.</summary>
    public string? Parent { get; init; }
    /// <summary>The account's ids in other systems, by source (segment, stripe, zendesk ...).</summary>
    public IReadOnlyDictionary<string, string> ExternalIds { get; init; } = new Dictionary<string, string>();
    /// <summary>What the customer wants to reach.</summary>
    public IReadOnlyList<string> Goals { get; init; } = [];
    /// <summary>What was promised to the customer.</summary>
    public IReadOnlyList<string> Promises { get; init; } = [];
    /// <summary>What the customer bought the product for, in the company's own blocks of value.</summary>
    public IReadOnlyList<string> ValueBlocks { get; init; } = [];
    /// <summary>People at the customer.</summary>
    public IReadOnlyList<Contact> Contacts { get; init; } = [];

    /// <summary>The profile of an account of which nothing but signals is known.</summary>
    public static AccountProfile Unknown(string id) => new() { Id = id, Name = id };
}
