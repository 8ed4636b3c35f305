using HealthGrains.Accounts;
using HealthGrains.Situations;

namespace HealthGrains.Plays;

/// <summary>Which triggers hold: episodes begin and end.</summary>
internal sealed partial class Desk
{
    // Facts tell days since, and happenings have whole seconds.
    private const long Second = 1_000;

    /// <summary>When the happening of a fact in days was, to the second; <see cref="long.MinValue"/> when there is none.</summary>
    public static long Happened(Situation situation, Fact per) =>
        situation.Number(per) is var days && double.IsNaN(days) ? long.MinValue
        : (long)Math.Round((situation.At - days * Days.Millis) / Second) * Second;

    private void Watch()
    {
        foreach (var rule in _turn.Practice.Triggers)
        {
            var holds = (!HasChurned || rule.When.Facts.Any(fact => fact.Key == Churned.Key)) && rule.When.Holds(Situation);
            state.Triggers.TryGetValue(rule.Id, out var memory);
            if (memory is null && !holds) continue;
            if (memory is null) state.Triggers[rule.Id] = memory = new TriggerMemory();
            if (rule.Per is { } per) Watch(rule, memory, holds, Happened(Situation, per));
            else Watch(rule, memory, holds);
            if (memory.Holds && holds) Play(rule, memory);
        }
        // A trigger that was taken away holds no longer.
        foreach (var (id, memory) in state.Triggers)
            if (memory.Holds && RuleOf(id) is null) End(id, memory, "the trigger was taken away");
    }

    // A condition that comes and goes.
    private void Watch(TriggerRule rule, TriggerMemory memory, bool holds)
    {
        if (holds && !memory.Holds) Begin(rule, memory, Now);
        else if (memory.Holds) Clear(rule, memory, holds);
    }

    // Something that happens: what holds no longer is not over, for the condition may only say that it is no longer new.
    private void Watch(TriggerRule rule, TriggerMemory memory, bool holds, long happened)
    {
        if (holds && happened > memory.Since + Second) Begin(rule, memory, happened);
        else if (memory.Holds) Clear(rule, memory, happened != long.MinValue);
    }

    private void Clear(TriggerRule rule, TriggerMemory memory, bool holds)
    {
        if (holds)
        {
            if (memory.ClearSince is null) return;
            memory.ClearSince = null;
            _changed = true;
            return;
        }
        if (memory.ClearSince is null)
        {
            memory.ClearSince = Now;
            _changed = true;
        }
        if (HasChurned || Now - memory.ClearSince >= rule.ClearDays * Days.Millis) End(rule.Id, memory, HasChurned ? "churned" : "recovered");
    }

    private void Begin(TriggerRule rule, TriggerMemory memory, long since)
    {
        memory.Episodes++;
        (memory.Holds, memory.Since, memory.ClearSince, memory.Rule) = (true, since, null, rule.Version);
        (memory.Played, memory.Refusal) = (false, null);
        Note(Machine, "trigger.fired", Text($"{rule.Id} {rule.Version}: {rule.When.Words}"));
        if (rule.Alert is { } alert) Raise(rule, memory, alert);
    }

    private void End(string id, TriggerMemory memory, string how)
    {
        (memory.Holds, memory.ClearSince) = (false, null);
        _changed = true;
        foreach (var alert in state.Alerts)
            if (alert.Rule == id && alert.Number == memory.Episodes && alert.ResolvedAt is null) Close(alert, how);
        foreach (var play in state.Plays.ToArray())
            if (play.Trigger == id && play.State != PlayState.Ended && how != "churned" && BookOf(play) is { Exits.Recovered: true })
                End(play, "recovered");
    }

    /// <summary>Starts the playbook of a trigger, once an episode: the first that is for this account and that guardrails allow.</summary>
    private void Play(TriggerRule rule, TriggerMemory memory)
    {
        if (memory.Played) return;
        foreach (var book in _turn.Practice.Playbooks)
        {
            if (book.Trigger != rule.Id || book.Who?.Holds(Situation) == false) continue;
            if (Refusal(book) is { } refusal)
            {
                if (memory.Refusal == refusal) return;
                memory.Refusal = refusal;
                Note(Machine, "play.refused", Text($"{book.Id} {book.Version}: {refusal}"));
                return;
            }
            memory.Played = true;
            Start(book, rule.Id, memory.Episodes, rule.Title, Text($"trigger {rule.Id} {rule.Version}"));
            return;
        }
    }

    private string? Refusal(Playbook book)
    {
        if (state.Plays.Any(play => play.Playbook == book.Id && play.State != PlayState.Ended)) return "it is being played already";
        if (state.Plays.FirstOrDefault(play => play.State != PlayState.Ended && book.NotDuring.Contains(play.Playbook)) is { } other)
            return $"not during {other.Title}";
        if (state.Past.LastOrDefault(past => past.Playbook == book.Id) is { } last && Now - last.EndedAt < book.CooldownDays * Days.Millis)
            return $"it was played less than {book.CooldownDays} days ago";
        return StartRefusal(book);
    }
}
