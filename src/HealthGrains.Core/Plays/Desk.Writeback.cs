using System.Text.Json.Nodes;
using HealthGrains.Accounts;
using HealthGrains.Delivery;

namespace HealthGrains.Plays;

/// <summary>What the CRM is told: where the account stands, its tasks, what came of plays. Only of accounts that it knows.</summary>
internal sealed partial class Desk
{
    // Less is noise there, and every write costs a call.
    internal const double Points = 5;

    internal static bool IsInCrm(AccountProfile account) =>
        account.ExternalIds.ContainsKey("hubspot") || account.ExternalIds.ContainsKey("salesforce");

    private void WriteBack()
    {
        if (!IsInCrm(Account)) return;
        var score = Math.Round(Situation.Score, 1);
        if (state.WrittenBand == Situation.Band && Math.Abs(score - state.WrittenScore) < Points) return;
        (state.WrittenBand, state.WrittenScore) = (Situation.Band, score);
        _changed = true;
        Crm(CrmKind.Account, null, ("score", score), ("band", Situation.Band.ToString().ToLowerInvariant()),
            ("asOf", Days.Time(Now).ToString("O")));
    }

    private void WriteTask(DeskTask task)
    {
        if (!IsInCrm(Account)) return;
        Crm(CrmKind.Task, DeskIds.Task(Account.Id, task.Number), ("subject", task.Title), ("text", task.Brief),
            ("dueAt", Days.Time(task.DueAt).ToString("O")), ("status", task.State == TaskState.Open ? "open" : "done"),
            ("owner", task.Assignee), ("link", Link()));
    }

    private void WriteOutcome(PlayRun play)
    {
        if (!IsInCrm(Account)) return;
        Crm(CrmKind.Outcome, IdOf(play), ("subject", play.Title), ("outcome", play.Outcome ?? play.Exit),
            ("text", Text($"{play.Title}: {play.Exit}; score {play.ScoreAtStart:0} to {Situation.Score:0}")),
            ("at", Days.Time(Now).ToString("O")), ("owner", Owner), ("link", Link()));
    }

    private void Crm(CrmKind kind, string? reference, params ReadOnlySpan<(string Key, JsonNode? Value)> fields) =>
        Dispatch(ReceiverKeys.Crm, new CrmBody(kind, Account.Id, Account.ExternalIds, Data(fields), reference));

    private static JsonObject Data(params ReadOnlySpan<(string Key, JsonNode? Value)> fields)
    {
        var data = new JsonObject();
        foreach (var (key, value) in fields) data[key] = value;
        return data;
    }
}
