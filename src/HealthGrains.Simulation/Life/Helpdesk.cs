using HealthGrains.Signals;

namespace HealthGrains.Simulation;

/// <summary>
/// The tickets of an account. A ticket's course is drawn when it is opened: replies, solution, whether it is opened again, and
/// what the customer thinks of it.
/// </summary>
internal sealed class Helpdesk(CompanyAccount account, Diary diary, Workforce workforce)
{
    private const double UsualRate = 0.019, CalmSatisfaction = 0.76;
    private const double Hour = 3_600_000;

    private readonly Rng _rng = new(account.Settings.Seed, account.Index, Draw.Tickets);
    private int _opened;

    /// <summary>Lives a day.</summary>
    public void Live(int day, in Weather weather)
    {
        var rng = _rng.Restart(account.Settings.Seed, account.Index, Draw.Tickets, day);
        // A bad week is an incident: it brings tickets to everybody alike, those who write every day and those who never do.
        var rate = account.Traits.TicketRate + (weather.TicketBurst - 1) * UsualRate;
        var mean = rate * Math.Sqrt(workforce.Count) * (weather.Workday ? 1 : 0.12) * weather.Decline.Tickets;
        var opened = rng.Poisson(mean * rng.Gamma(1.5));
        for (; opened > 0; opened--) Open(rng, weather);
    }

    private void Open(Rng rng, in Weather weather)
    {
        // A ticket is about its trouble: how people feel about the product at other times colours it little.
        var mood = Moods.Of(weather.Satisfaction + 0.75 * (CalmSatisfaction - account.Traits.Satisfaction), rng);
        var upset = mood < Mood.Neutral;
        var swamped = account.Churn.Shape == ChurnShape.SupportMeltdown && weather.Decline.Tickets > 1;
        var ticket = $"t-{account.Index:0000}-{++_opened}";
        var at = diary.WorkTime(rng);
        var category = rng.Pick(upset ? TicketTexts.Trouble : TicketTexts.Calm);
        diary.Add(at, SignalKind.TicketOpened, ticket, category, text: TicketTexts.Body(mood, rng));

        var hours = Math.Clamp(account.Traits.SolvingTime * rng.LogNormal(swamped ? 110 : upset ? 26 : 12, 0.9), 0.3, 900);
        var replies = Math.Min(9, 1 + rng.Poisson(upset ? 2 : 0.8));
        for (var reply = 0; reply < replies; reply++)
        {
            var when = at + (long)(hours * Hour * (reply + rng.Between(0.2, 0.9)) / replies);
            var text = reply % 2 == 0 ? TicketTexts.FromAgent(rng) : TicketTexts.FromCustomer(mood, rng);
            diary.Add(when, SignalKind.TicketReplied, ticket, text: text);
        }

        // A ticket in a hundred is forgotten; of a swamped desk, one in six.
        if (rng.Chance(swamped ? 0.16 : 0.01)) return;
        var solved = at + (long)(hours * Hour);
        diary.Add(solved, SignalKind.TicketSolved, ticket);
        if (rng.Chance(swamped ? 0.35 : upset ? 0.12 : 0.04))
        {
            var reopened = solved + (long)(rng.LogNormal(14, 0.7) * Hour);
            diary.Add(reopened, SignalKind.TicketReopened, ticket, text: TicketTexts.FromCustomer(Mood.Irritated, rng));
            solved = reopened + (long)(Math.Clamp(rng.LogNormal(swamped ? 90 : 16, 0.9), 0.5, 700) * Hour);
            diary.Add(solved, SignalKind.TicketSolved, ticket);
        }
        if (!rng.Chance(0.35)) return;
        var stars = (int)Math.Clamp(Math.Round(1 + 4 * weather.Satisfaction + 0.5 + 0.8 * rng.Normal() - (upset ? 0.8 : 0)), 1, 5);
        diary.Add(solved + (long)(rng.Exponential(3) * Hour), SignalKind.TicketCsat, ticket, value: stars);
    }
}
