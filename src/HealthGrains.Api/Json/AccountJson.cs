using System.Globalization;
using HealthGrains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Signals;

namespace HealthGrains.Api.Json;

/// <summary>An account, live: its profile, its health and why, its trend, its risk, and what is being done.</summary>
internal sealed record AccountJson
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required Tier Tier { get; init; }
    public required string? Segment { get; init; }
    public required decimal? Arr { get; init; }
    public required string Currency { get; init; }
    public required string? Owner { get; init; }
    public required DateTimeOffset? RenewalDate { get; init; }
    public required int? DaysToRenewal { get; init; }
    public required AccountStatus Status { get; init; }
    public required HealthView Health { get; init; }
    public required DeclineView Decline { get; init; }
    public required RiskView Risk { get; init; }
    public required IReadOnlyList<AlertView> Alerts { get; init; }
    public required IReadOnlyList<PlayView> Plays { get; init; }
    public required OverrideView? Override { get; init; }
    public required int OpenTasks { get; init; }
    public required int OpenDrafts { get; init; }
    public required RenewalJson? Renewal { get; init; }
    public required IReadOnlyDictionary<string, DateTimeOffset> LastSignals { get; init; }
    public required IReadOnlyList<AccountSourceView> Sources { get; init; }
    public required OpenItemsView Open { get; init; }
    public required string? Plan { get; init; }
    public required int? Seats { get; init; }
    public required DateTimeOffset? StartedAt { get; init; }
    public required int? TermMonths { get; init; }
    public required string? OwnerEmail { get; init; }
    public required string? Parent { get; init; }
    public required IReadOnlyDictionary<string, string> ExternalIds { get; init; }
    public required IReadOnlyList<string> Goals { get; init; }
    public required IReadOnlyList<string> Promises { get; init; }
    public required IReadOnlyList<string> ValueBlocks { get; init; }
    public required IReadOnlyList<Contact> Contacts { get; init; }
    public required long Version { get; init; }

    public static AccountJson Of(AccountView view) => new()
    {
        Id = view.Profile.Id,
        Name = view.Profile.Name,
        Tier = view.Profile.Tier,
        Segment = view.Profile.Segment,
        Arr = view.Profile.Arr,
        Currency = view.Profile.Currency,
        Owner = view.Profile.Owner,
        RenewalDate = view.Profile.RenewalDate,
        DaysToRenewal = view.DaysToRenewal,
        Status = view.Status,
        Health = view.Health,
        Decline = view.Decline,
        Risk = view.Risk,
        Alerts = view.Alerts,
        Plays = view.Desk?.Plays ?? [],
        Override = view.Desk?.Override,
        OpenTasks = view.Desk?.Tasks.Count ?? 0,
        OpenDrafts = view.Desk?.Drafts.Count ?? 0,
        Renewal = view is { Profile.RenewalDate: { } date, DaysToRenewal: { } days } ? new RenewalJson(date, days) : null,
        LastSignals = view.LastSignals,
        Sources = view.Sources,
        Open = view.Open,
        Plan = view.Profile.Plan,
        Seats = view.Profile.Seats,
        StartedAt = view.Profile.StartedAt,
        TermMonths = view.Profile.TermMonths,
        OwnerEmail = view.Profile.OwnerEmail,
        Parent = view.Profile.Parent,
        ExternalIds = view.Profile.ExternalIds,
        Goals = view.Profile.Goals,
        Promises = view.Profile.Promises,
        ValueBlocks = view.Profile.ValueBlocks,
        Contacts = view.Profile.Contacts,
        Version = view.Version,
    };

    /// <summary>
    /// What a watcher can see change: versions, score to a tenth, band, model and which sources are silent, but not the time of evaluation.
    /// </summary>
    public static string TagOf(AccountView view)
    {
        var (health, desk) = (view.Health, view.Desk?.Version ?? 0);
        var sources = view.Sources.Aggregate(0, (all, source) => all * 4 + (int)source.State);
        return string.Create(CultureInfo.InvariantCulture,
            $"{view.Version}-{desk}-{Math.Round(health.Score * 10):0}-{(byte)health.Band}-{NameId.Of(health.Model):x8}-{sources:x}");
    }
}

/// <summary>When the contract ends.</summary>
internal sealed record RenewalJson(DateTimeOffset Date, int DaysLeft);
