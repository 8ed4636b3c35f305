using HealthGrains.Accounts;
using HealthGrains.Hosting;

namespace HealthGrains.Api;

/// <summary>The host's clock.</summary>
internal sealed record ClockJson(DateTimeOffset Now, ClockKind Kind);

/// <summary>How the host does.</summary>
internal sealed record StatusJson(string Status, int? Accounts = null, long? Signals = null);

/// <summary>A refusal, as the API's description shows it.</summary>
internal sealed record ProblemJson(string Type, string Title, int Status, string Detail, IReadOnlyList<ProblemErrorJson>? Errors, string TraceId);

/// <summary>One thing that is wrong.</summary>
internal sealed record ProblemErrorJson(string Field, string Reason, int? Index = null, int? Line = null);

/// <summary>What became of the signals of a request; accepted + duplicates + held + rejected = sent.</summary>
internal sealed record ReceiptJson(int Accepted, int Late, int Duplicates, int Held, int Rejected, IReadOnlyList<ProblemErrorJson> Errors);

/// <summary>A native signal, as callers write it.</summary>
internal sealed record SignalJson(
    string Id, string Account, string Source, string Kind, DateTimeOffset? At, string? Subject, string? Name, double? Value, string? Text);

/// <summary>Signals that have not happened, to see what they would do.</summary>
internal sealed record WhatIfJson(IReadOnlyList<SignalJson> Signals, string? Model, DateTimeOffset? At);

/// <summary>An external id and the account it belongs to.</summary>
internal sealed record LinkJson(string Source, string ExternalId, string Account);

/// <summary>Why an alert is resolved.</summary>
internal sealed record ResolveJson(string? Reason);

/// <summary>A profile, as callers write it. What is absent is not known; an account's profile is replaced as a whole.</summary>
internal sealed record ProfileJson(
    string? Name, Tier? Tier, string? Segment, string? Plan, decimal? Arr, string? Currency, int? Seats,
    DateTimeOffset? StartedAt, DateTimeOffset? RenewalDate, int? TermMonths, string? Owner, string? OwnerEmail, string? Parent,
    IReadOnlyDictionary<string, string>? ExternalIds, IReadOnlyList<string>? Goals, IReadOnlyList<string>? Promises,
    IReadOnlyList<string>? ValueBlocks, IReadOnlyList<Contact>? Contacts);
