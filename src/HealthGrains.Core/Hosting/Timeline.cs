using System.Globalization;
using HealthGrains.Alerts;
using HealthGrains.Health;
using HealthGrains.Plays;

namespace HealthGrains.Hosting;

/// <summary>What an event means for the account, so that whoever shows it need not know every kind.</summary>
public enum TimelineTone : byte
{
    /// <summary>Neither good nor bad news.</summary>
    Neutral,
    /// <summary>Good news.</summary>
    Good,
    /// <summary>Bad news.</summary>
    Bad,
}

/// <summary>Something that happened to an account and is worth a mark on its history.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What: a signal's kind as it is on the wire (milestoneReached), or what the stream calls it (alert.raised).</param>
/// <param name="Title">In words.</param>
/// <param name="Tone">Whether that is good news.</param>
/// <param name="Detail">More words; null where the title says all.</param>
/// <param name="Link">Where more of it is told, as a path of this server; null where nothing is.</param>
/// <param name="Url">Where it can be seen in its own system, an https address; null where the signal did not say.</param>
public sealed record TimelineItem(
    DateTimeOffset At, string Kind, string Title, TimelineTone Tone, string? Detail = null, string? Link = null,
    string? Url = null);

/// <summary>An account's events from several places, as one list.</summary>
public static class Timeline
{
    private const int MostAlerts = 500;
    private const int MostWork = 500;

    /// <summary>One list, newest first; of one moment in the order of their kinds and titles.</summary>
    public static IReadOnlyList<TimelineItem> Merge(params ReadOnlySpan<IEnumerable<TimelineItem>> parts)
    {
        var all = new List<TimelineItem>();
        foreach (var part in parts) all.AddRange(part);
        return [.. all.OrderByDescending(item => item.At).ThenBy(item => item.Kind, StringComparer.Ordinal)
            .ThenBy(item => item.Title, StringComparer.Ordinal)];
    }

    /// <summary>What happened to alerts from a moment on.</summary>
    public static IEnumerable<TimelineItem> OfAlerts(IEnumerable<AlertView> alerts, DateTimeOffset since) =>
        alerts.SelectMany(Of).Where(item => item.At >= since);

    /// <summary>What people wrote down and put off from a moment on, as a host lists it.</summary>
    public static async Task<IReadOnlyList<TimelineItem>> OfPeopleAsync(
        IHealthGrains host, string account, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var notes = await host.Desks.ListNotesAsync(new WorkQuery(Account: account, Limit: MostWork), cancellationToken);
        var tasks = new Dictionary<string, TaskView>(StringComparer.Ordinal);
        foreach (var state in (string?[])[null, "done", "cancelled"])
        {
            var page = await host.Desks.ListTasksAsync(new WorkQuery(state, Account: account, Limit: MostWork), cancellationToken);
            foreach (var task in page.Items) tasks[task.Id] = task;
        }
        return [.. notes.Items.Select(Of).Concat(tasks.Values.SelectMany(Of)).Where(item => item.At >= since)];
    }

    /// <summary>An account's alerts in whatever state, as a host lists them.</summary>
    public static async Task<IReadOnlyList<AlertView>> AlertsAsync(
        IHealthGrains host, string account, CancellationToken cancellationToken)
    {
        var alerts = new Dictionary<string, AlertView>(StringComparer.Ordinal);
        // Without a state those that are not over. One that ends between two questions is told of as it ended.
        foreach (var state in (AlertState?[])[null, AlertState.Resolved, AlertState.Closed])
        {
            var page = await host.ListAlertsAsync(new AlertQuery(state, Account: account, Limit: MostAlerts), cancellationToken);
            foreach (var alert in page.Items) alerts[alert.Id] = alert;
        }
        return [.. alerts.Values];
    }

    private static TimelineItem Of(NoteView note) => new(
        note.At, "note.added", By(note.Kind == NoteKind.Note ? "Note" : $"{note.Kind} noted", note.By), TimelineTone.Neutral, note.Text);

    private static IEnumerable<TimelineItem> Of(TaskView task) => task.Postponed.Select(put => new TimelineItem(
        put.At, "task.postponed", string.Create(CultureInfo.InvariantCulture, $"Task put off to {put.To:yyyy-MM-dd} by {put.By}: {task.Title}"),
        TimelineTone.Neutral, put.Reason));

    private static IEnumerable<TimelineItem> Of(AlertView alert)
    {
        // The reason is worded anew when the alert turns red, so the first words are gone then.
        var turnedRed = alert.EscalatedAt is { } escalated && escalated > alert.RaisedAt;
        yield return new TimelineItem(
            alert.RaisedAt, "alert.raised", !turnedRed && alert.Severity == Band.Red ? "Red alert raised" : "Yellow alert raised",
            TimelineTone.Bad, turnedRed ? null : alert.Reason);
        if (turnedRed) yield return new TimelineItem(
            alert.EscalatedAt!.Value, "alert.escalated", "Alert turned red", TimelineTone.Bad, alert.Reason);
        if (alert.AcknowledgedAt is { } acknowledged) yield return new TimelineItem(
            acknowledged, "alert.acknowledged", By("Alert acknowledged", alert.AcknowledgedBy), TimelineTone.Neutral);
        if (alert.ResolvedAt is not { } over) yield break;
        yield return alert.ResolvedBy is { } person
            ? new TimelineItem(over, "alert.resolved", By("Alert resolved", person), TimelineTone.Neutral, alert.Resolution)
            : new TimelineItem(
                over, "alert.closed", "Alert closed", alert.Resolution == RiskEpisode.Recovered ? TimelineTone.Good : TimelineTone.Neutral,
                alert.Resolution);
    }

    private static string By(string what, string? person) => person is null ? what : $"{what} by {person}";
}
