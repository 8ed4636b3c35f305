using HealthGrains.Accounts;
using HealthGrains.Situations;

namespace HealthGrains.Plays;

/// <summary>The turns of a desk: pure functions of state, input and <see cref="DeskTurn"/>.</summary>
public static class DeskTurns
{
    /// <summary>Who is named as the one who approved what goes out by itself.</summary>
    public const string ByItself = Desk.Machine;

    /// <summary>
    /// What of a situation a desk has to hear about, hashed: which triggers hold and since when, the churn risk, the owner, the band,
    /// renewals, a churn, and of accounts in a CRM the score in steps. While it is the same a desk need not look.
    /// </summary>
    public static ulong Calls(Situation situation, Practice practice)
    {
        var hash = new HashCode64();
        foreach (var rule in practice.Triggers)
        {
            if (!rule.When.Holds(situation)) continue;
            hash.Add(HashText(rule.Id));
            hash.Add((ulong)rule.Version);
            if (rule.Per is { } per) hash.Add((ulong)Desk.Happened(situation, per));
        }
        if (situation.Risk is { } risk)
        {
            hash.Add(HashText(risk.Id));
            hash.Add((ulong)risk.Severity);
            hash.Add((ulong)risk.State);
        }
        hash.Add(HashText(situation.Profile.Owner ?? ""));
        hash.Add((ulong)situation.Band);
        hash.Add((ulong)Desk.Happened(situation, Desk.RenewedAge));
        hash.Add(situation.Number(Desk.Churned) == 1 ? 1u : 0u);
        if (Desk.IsInCrm(situation.Profile)) hash.Add((ulong)Math.Round(situation.Score / Desk.Points));
        return hash.ToUInt64();
    }

    /// <summary>
    /// Looks at the account and at the time: triggers, plays, drafts, alerts. Safe to call at any time and any number of times; what has
    /// been done is not done again. True when anything changed.
    /// </summary>
    public static bool Look(DeskState state, in DeskTurn turn) => new Desk(state, turn).Run();

    /// <summary>A person asks for something. The desk looks first, so that what fell due before is done before.</summary>
    public static DeskReply Do(DeskState state, DeskCommand command, in DeskTurn turn)
    {
        var desk = new Desk(state, turn);
        desk.Look();
        var reply = desk.Do(command);
        desk.Run();
        return reply;
    }

    /// <summary>The desk as people see it.</summary>
    public static DeskView View(DeskState state, in DeskTurn turn) => new Desk(state, turn).View();

    private static ulong HashText(string text)
    {
        var hash = new HashCode64();
        foreach (var letter in text) hash.Add(letter);
        return hash.ToUInt64();
    }
}
