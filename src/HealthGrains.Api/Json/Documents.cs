using HealthGrains.Accounts;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;

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
    double? Value = null, string? Text = null, string? Url = null, string? Priority = null);

/// <summary>What has not happened, to see what it would do.</summary>
internal sealed record WhatIfJson(
    IReadOnlyList<SignalJson>? Signals = null, bool? CloseTickets = null, bool? PayInvoices = null, int? Logins = null,
    string? Model = null, DateTimeOffset? At = null);

/// <summary>An external id and the account it belongs to.</summary>
internal sealed record LinkJson(string Source, string ExternalId, string Account);

/// <summary>Why an alert is resolved.</summary>
internal sealed record ResolveJson(string? Reason = null);

/// <summary>Until when an alert is put off.</summary>
internal sealed record SnoozeJson(DateTimeOffset Until);

/// <summary>Who is to have it.</summary>
internal sealed record AssignJson(string To);

/// <summary>Which playbook is to begin, on which account.</summary>
internal sealed record StartPlayJson(string Account, string Playbook);

/// <summary>Why.</summary>
internal sealed record ReasonJson(string Reason);

/// <summary>What came of a step or a task, and what is to be done next: each action becomes a task.</summary>
internal sealed record OutcomeJson(string? Outcome = null, string? Notes = null, IReadOnlyList<string>? Actions = null);

/// <summary>A draft as a person wants it.</summary>
internal sealed record EditJson(string Text, string? Subject = null);

/// <summary>A task of its own.</summary>
internal sealed record AddTaskJson(string Account, string Title, string? Owner = null, DateTimeOffset? DueAt = null);

/// <summary>Until when a task is put off, and why.</summary>
internal sealed record PostponeJson(DateTimeOffset Until, string Reason);

/// <summary>What was learned about an account; with a day, a task follows it up.</summary>
internal sealed record AddNoteJson(
    string Text, NoteKind? Kind = null, DateTimeOffset? FollowUpOn = null, string? FollowUp = null, string? FollowUpBy = null);

/// <summary>To whom open plays and tasks go, of one account or of all of an owner's, and whether the accounts go with them.</summary>
internal sealed record HandOverJson(string To, string? Account = null, string? From = null, bool WithAccounts = false);

/// <summary>How many accounts were handed over.</summary>
internal sealed record HandedOverJson(int Accounts);

/// <summary>What a person says against the computed score, until a time.</summary>
internal sealed record OverrideJson(string Reason, DateTimeOffset Until, Band? Band = null, double? Score = null);

/// <summary>Files of the practice to add or replace, and paths of files to take away.</summary>
internal sealed record PracticeEditJson(IReadOnlyList<PracticeFile>? With = null, IReadOnlyList<string>? Without = null);

/// <summary>What came of a change of the practice; refused names the files that were not taken.</summary>
internal sealed record PracticeChangeJson(IReadOnlyList<string> Refused, IReadOnlyList<PracticeProblem> Problems);

/// <summary>A file of the practice.</summary>
internal sealed record PracticeFilesJson(IReadOnlyList<PracticeFile> Files);

/// <summary>A part of the practice in a line.</summary>
internal sealed record PracticePartJson(string Id, int Version, string Title, string? Detail = null);

/// <summary>A fact that conditions and texts may name, with its name for people.</summary>
internal sealed record FactJson(string Key, string Title, string Unit);

/// <summary>The practice that decides.</summary>
internal sealed record PracticeJson(
    IReadOnlyList<PracticePartJson> Triggers, IReadOnlyList<PracticePartJson> Playbooks, IReadOnlyList<PracticePartJson> Guardrails,
    IReadOnlyList<PracticePartJson> Templates, IReadOnlyList<Team> Teams, IReadOnlyList<FactJson> Facts);

/// <summary>A profile, as callers write it. What is absent is not known; an account's profile is replaced as a whole.</summary>
internal sealed record ProfileJson(
    string? Name = null, Tier? Tier = null, string? Segment = null, string? Plan = null, decimal? Arr = null, string? Currency = null,
    int? Seats = null, DateTimeOffset? StartedAt = null, DateTimeOffset? RenewalDate = null, int? TermMonths = null,
    string? Owner = null, string? OwnerEmail = null, string? Parent = null, IReadOnlyDictionary<string, string>? ExternalIds = null,
    IReadOnlyList<string>? Goals = null, IReadOnlyList<string>? Promises = null, IReadOnlyList<string>? ValueBlocks = null,
    IReadOnlyList<Contact>? Contacts = null);
