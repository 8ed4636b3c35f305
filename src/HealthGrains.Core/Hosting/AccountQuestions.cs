using HealthGrains.Accounts;
using HealthGrains.Health;
using HealthGrains.Signals;

namespace HealthGrains.Hosting;

/// <summary>
/// Questions about one account, answered from a copy of its state: what every host does once it has the copy, so that a question
/// is refused and answered alike on all of them. A copy answers one question; some of them change it.
/// </summary>
public static class AccountQuestions
{
    /// <summary>How far ahead a what-if may look, days.</summary>
    public const int FutureDays = 365;

    /// <summary>How many days of history are told when nobody says how many.</summary>
    public const int UsualHistoryDays = 90;

    private const long InTransit = 10_000;

    /// <summary>
    /// A moment of the past within the calendar, Unix milliseconds. Throws <see cref="InvalidQueryException"/> that names
    /// <paramref name="field"/> for any other.
    /// </summary>
    public static long Past(string field, DateTimeOffset at, long now)
    {
        var moment = at.ToUnixTimeMilliseconds();
        if (moment > now) throw new InvalidQueryException(field, "it is in the future");
        var oldest = now - Calendar.OpenDays * Days.Millis;
        // Who asks for 42 days ago has counted from a now that is over when the question arrives.
        if (moment < oldest - InTransit)
            throw new InvalidQueryException(field, $"it is more than {Calendar.OpenDays} days ago, before the account's calendar");
        return Math.Max(moment, oldest);
    }

    /// <summary>
    /// How many days of history are asked for. Throws <see cref="InvalidQueryException"/> for more than <paramref name="kept"/>.
    /// </summary>
    public static int HistoryDays(int? asked, int kept)
    {
        var days = asked ?? Math.Min(UsualHistoryDays, kept);
        return days >= 1 && days <= kept ? days : throw new InvalidQueryException("days", $"it must be between 1 and {kept}");
    }

    /// <summary>The moment that a what-if is about: up to <see cref="FutureDays"/> ahead, or within the calendar.</summary>
    public static long Moment(DateTimeOffset? at, long now)
    {
        if (at is not { } asked) return now;
        var moment = asked.ToUnixTimeMilliseconds();
        if (moment < now) return Past("at", asked, now);
        return moment <= now + FutureDays * Days.Millis ? moment
            : throw new InvalidQueryException("at", $"it is more than {FutureDays} days ahead");
    }

    /// <summary>The account as it would be.</summary>
    /// <param name="copy">The account; it takes the signals.</param>
    /// <param name="question">What would be.</param>
    /// <param name="other">The model to judge by.</param>
    /// <param name="moment">See <see cref="Moment"/>.</param>
    /// <param name="now">The host's clock, Unix milliseconds.</param>
    /// <param name="ruling">What decides at present.</param>
    /// <param name="names">Known names.</param>
    public static AccountView WhatIf(
        AccountState copy, WhatIfQuestion question, HealthModel other, long moment, long now, Ruling ruling, INames names)
    {
        var then = Math.Max(now, moment);
        var signals = new List<Signal>();
        foreach (ref readonly var incoming in question.Signals.Signals) signals.Add(incoming.Signal);
        // People act now; asked about the past, they would have acted then.
        if (question.Scenario is { } scenario) signals.AddRange(OpenItems.Imagine(scenario, copy.Calendar, Math.Min(now, moment)));
        foreach (var signal in signals) ruling = ruling.Merge(signal.Source, signal.At, then);
        var turn = ruling.Turn(then, new Outbox());
        foreach (var signal in signals) AccountTurns.Take(copy, [signal], turn);
        if (other.Version != ruling.Model.Version)
        {
            turn = turn with { Model = other };
            AccountTurns.ChangeModel(copy, ruling.Model, turn);
        }

        return moment >= now ? AccountTurns.View(copy, names, turn) : AccountTurns.ViewAt(copy, moment, names, turn);
    }

    /// <summary>Throws <see cref="InvalidQueryException"/> for a search of signals that is none.</summary>
    public static void Check(SignalsQuery query)
    {
        if (query.Limit is < 1 or > 500) throw new InvalidQueryException("limit", "it must be between 1 and 500");
        if (query.Since >= query.Until) throw new InvalidQueryException("since", "it must be before until");
    }
}
