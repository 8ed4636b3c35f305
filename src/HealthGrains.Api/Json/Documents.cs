using HealthGrains.Accounts;
using HealthGrains.Hosting;

namespace HealthGrains.Api.Json;

/// <summary>The host's clock.</summary>
internal sealed record ClockJson(DateTimeOffset Now, ClockKind Kind);

/// <summary>How the host does.</summary>
internal sealed record StatusJson(
    string Status, int? Accounts = null, long? Signals = null, IReadOnlyList<string>? Degraded = null);

/// <summary>A refusal, as the API's description shows it.</summary>
internal sealed record ProblemJson(
    string Type, string Title, int Status, string Detail, string TraceId, IReadOnlyList<ProblemErrorJson>? Errors = null);

/// <summary>One thing that is wrong.</summary>
internal sealed record ProblemErrorJson(string Field, string Reason, int? Index = null, int? Line = null);

/// <summary>
/// What became of the signals of a request; accepted + duplicates + held + rejected = sent. Pending, with status 202 alone: how many of
/// the accepted are durable and not known to be applied yet.
/// </summary>
internal sealed record ReceiptJson(
    int Accepted, int Late, int Duplicates, int Held, int Rejected, IReadOnlyList<ProblemErrorJson> Errors, int? Pending = null);

/// <summary>A native signal, as callers write it.</summary>
internal sealed record SignalJson(
    string Id, string Account, string Source, string Kind, DateTimeOffset? At = null, string? Subject = null, string? Name = null,
    double? Value = null, string? Text = null);

/// <summary>What has not happened, to see what it would do.</summary>
internal sealed record WhatIfJson(
    IReadOnlyList<SignalJson>? Signals = null, bool? CloseTickets = null, bool? PayInvoices = null, int? Logins = null,
    string? Model = null, DateTimeOffset? At = null);

/// <summary>An external id and the account it belongs to.</summary>
internal sealed record LinkJson(string Source, string ExternalId, string Account);

/// <summary>Why an alert is resolved.</summary>
internal sealed record ResolveJson(string? Reason = null);

/// <summary>A profile, as callers write it. What is absent is not known; an account's profile is replaced as a whole.</summary>
internal sealed record ProfileJson(
    string? Name = null, Tier? Tier = null, string? Segment = null, string? Plan = null, decimal? Arr = null, string? Currency = null,
    int? Seats = null, DateTimeOffset? StartedAt = null, DateTimeOffset? RenewalDate = null, int? TermMonths = null,
    string? Owner = null, string? OwnerEmail = null, string? Parent = null, IReadOnlyDictionary<string, string>? ExternalIds = null,
    IReadOnlyList<string>? Goals = null, IReadOnlyList<string>? Promises = null, IReadOnlyList<string>? ValueBlocks = null,
    IReadOnlyList<Contact>? Contacts = null);
