using System.Diagnostics.CodeAnalysis;
using HealthGrains.Accounts;
using HealthGrains.Situations;

namespace HealthGrains.Plays;

/// <summary>Which triggers hold: episodes begin and end.</summary>
internal sealed partial class Desk
{
    // Facts tell days since, and happenings have whole seconds.
    private const long Second = 1_000;

    private const string Recovered = "recovered";

    /// <summary>When the happening of a fact in days was, to the second; <see cref="long.MinValue"/> when there is none.</summary>
    public static long Happened(Situation situation, Fact per) =>
        situation.Number(per) is var days && double.IsNaN(days) ? long.MinValue
        : (long)Math.Round((situation.At - days * Days.Millis) / Second) * Second;

    private void Watch()
    {
        foreach (var rule in _turn.Practice.Triggers)
        {
            var holds = Concerns(rule) && rule.When.Holds(Situation);
            state.Triggers.TryGetValue(rule.Id, out var memory);
            if (memory is null && !holds) continue;
            if (memory is null) state.Triggers[rule.Id] = memory = new TriggerMemory();
            if (rule.Per is { } per) Watch(rule, memory, holds, Happened(Situation, per));
            else Watch(rule, memory, holds);
        }
        // A trigger that was taken away holds no longer.
        foreach (var (id, memory) in state.Triggers)
            if (memory.Holds && RuleOf(id) is null) End(id, memory, "the trigger was taken away");
    }

    /// <summary>Starts the plays of the triggers that hold. True when one was started.</summary>
    private bool StartPlays()
    {
        var started = false;
        foreach (var rule in _turn.Practice.Triggers)
            if (IsToBePlayed(rule, out var memory) && rule.When.Holds(Situation)) started |= Play(rule, memory);
        return started;
    }

    private bool IsToBePlayed(TriggerRule rule, [NotNullWhen(true)] out TriggerMemory? memory) =>
        state.Triggers.TryGetValue(rule.Id, out memory) && memory is { Holds: true, Played: false } && Concerns(rule);

    // Of an account that has churned only what is about that.
    private bool Concerns(TriggerRule rule) => !HasChurned || rule.When.Facts.Any(fact => fact.Key == Churned.Key);

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
        else if (memory.Holds) Clear(rule, memory, happened != long.MinValue && Concerns(rule));
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
        if (HasChurned || Now - memory.ClearSince >= rule.ClearDays * Days.Millis) End(rule.Id, memory, HasChurned ? "churned" : Recovered);
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
            if (alert.Rule == id && alert.ResolvedAt is null) Close(alert, how);
        if (how != Recovered) return;
        foreach (var play in state.Plays.ToArray())
            if (play.Trigger == id && play.State != PlayState.Ended && BookOf(play) is { Exits.Recovered: true }) End(play, Recovered);
    }

    /// <summary>
    /// Starts the playbook of a trigger, once an episode: the first that is for this account and that nothing speaks against. One that is
    /// being played already is the answer, and none is begun beside it; what forbids every play forbids the next as well.
    /// </summary>
    private bool Play(TriggerRule rule, TriggerMemory memory)
    {
        var refused = new List<(Playbook Book, string Why)>();
        foreach (var book in _turn.Practice.Playbooks)
        {
            if (book.Trigger != rule.Id || book.Who?.Holds(Situation) == false) continue;
            if (Refusal(book) is not { } refusal)
            {
                Remember(memory, refused);
                memory.Played = true;
                Start(book, rule.Id, memory.Episodes, rule.Title, Text($"trigger {rule.Id} {rule.Version}"));
                return true;
            }
            refused.Add((book, refusal));
            if (Running(book.Id) is not null || HoldoutRefusal() is not null) break;
        }
        Remember(memory, refused);
        return false;
    }

    // Asked at every look, told once.
    private void Remember(TriggerMemory memory, List<(Playbook Book, string Why)> refused)
    {
        if (refused.Count == 0) return;
        var all = string.Join("; ", refused.Select(one => one.Why));
        if (memory.Refusal == all) return;
        memory.Refusal = all;
        foreach (var (book, why) in refused) Note(Machine, "play.refused", Text($"{book.Id} {book.Version}: {why}"));
    }

    // A play that waits for its cooldown is tried again when that is over.
    private long NextStart()
    {
        var next = long.MaxValue;
        foreach (var rule in _turn.Practice.Triggers)
        {
            if (!IsToBePlayed(rule, out _)) continue;
            foreach (var book in _turn.Practice.Playbooks)
                if (book.Trigger == rule.Id && CooldownEnd(book) is var end && end > Now) next = Math.Min(next, end);
        }
        return next;
    }

    private long CooldownEnd(Playbook book) =>
        state.Past.LastOrDefault(past => past.Playbook == book.Id) is { } last ? last.EndedAt + book.CooldownDays * Days.Millis : Now;

    private string? Refusal(Playbook book)
    {
        if (Running(book.Id) is not null) return "it is being played already";
        if (state.Plays.FirstOrDefault(play => play.State != PlayState.Ended && book.NotDuring.Contains(play.Playbook)) is { } other)
            return $"not during {other.Title}";
        if (CooldownEnd(book) > Now) return $"it was played less than {book.CooldownDays} days ago";
        return StartRefusal(book);
    }
}
