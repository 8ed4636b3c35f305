using HealthGrains.Accounts;
using HealthGrains.Signals;

namespace HealthGrains.Simulation;

/// <summary>The contacts of an account: who is there, who leaves, who follows; mails, meetings, surveys and reviews with them.</summary>
internal sealed class Stakeholders
{
    private const double Hour = 3_600_000;

    private readonly CompanyAccount _account;
    private readonly Diary _diary;
    private readonly Rng _rng;
    private readonly List<Contact> _present;
    private readonly List<(string Role, int Day)> _vacant = [];
    private int _known = AccountDraw.MostContacts;

    /// <summary>The contacts that are on record.</summary>
    public Stakeholders(CompanyAccount account, Diary diary)
    {
        (_account, _diary) = (account, diary);
        _rng = new Rng(account.Settings.Seed, account.Index, Draw.Engagement, -1);
        _present = [.. account.Profile.Contacts];
    }

    /// <summary>Lives a day.</summary>
    public void Live(int day, in Weather weather)
    {
        var rng = _rng.Restart(_account.Settings.Seed, _account.Index, Draw.Engagement, day);
        if (day == _account.StartDay) Greet(rng);
        ComeAndGo(day, rng, weather);
        Survey(day, rng, weather);
        if (!weather.Workday) return;
        var interest = _account.Traits.Engagement * weather.Decline.Engagement * (0.6 + 0.5 * weather.Satisfaction);
        Write(rng, interest);
        Meet(rng, weather);
        if (rng.Chance(0.12 / 261)) Review(rng, weather);
    }

    private void Greet(Rng rng)
    {
        foreach (var contact in _present) _diary.Add(_diary.WorkTime(rng), SignalKind.ContactJoined, contact.Id, contact.Role);
    }

    private void ComeAndGo(int day, Rng rng, in Weather weather)
    {
        var fate = _account.Churn;
        var championGoes = fate.Shape == ChurnShape.ChampionGone && day == fate.OnsetDay;
        if (championGoes) Leave("champion", day + 100_000, rng);
        // In good times somebody follows within weeks; contacts change jobs about every ten years.
        else if (weather.Workday && weather.Decline.Usage >= 0.95 && _present.Count > 0 && rng.Chance(_present.Count * 0.1 / 261))
        {
            var role = rng.Pick(_present).Role!;
            var holdsChampion = fate.Shape == ChurnShape.ChampionGone && role == "champion" && day > fate.OnsetDay - 60;
            if (!holdsChampion) Leave(role, day + rng.Whole(5, 20), rng);
        }
        for (var i = _vacant.Count - 1; i >= 0; i--)
        {
            if (_vacant[i].Day > day) continue;
            var contact = new Contact(AccountDraw.ContactId(_account.Index, ++_known), PersonNames.Draw(rng), Role: _vacant[i].Role);
            _present.Add(contact);
            _diary.Add(_diary.WorkTime(rng), SignalKind.ContactJoined, contact.Id, contact.Role);
            _vacant.RemoveAt(i);
        }
    }

    private void Leave(string role, int successorDay, Rng rng)
    {
        var place = _present.FindIndex(contact => contact.Role == role);
        if (place < 0) return;
        _diary.Add(_diary.WorkTime(rng), SignalKind.ContactLeft, _present[place].Id, role);
        _present.RemoveAt(place);
        _vacant.Add((role, successorDay));
    }

    private void Write(Rng rng, double interest)
    {
        var daily = _account.Profile.Tier switch { Tier.Enterprise => 0.2, Tier.Standard => 0.11, _ => 0.06 };
        foreach (var contact in _present)
        {
            if (!rng.Chance(daily)) continue;
            var at = _diary.WorkTime(rng);
            _diary.Add(at, SignalKind.EmailSent, contact.Id);
            if (!rng.Chance(interest)) continue;
            var hours = Math.Clamp(rng.LogNormal(3, 1.2), 0.02, 120);
            _diary.Add(at + (long)(hours * Hour), SignalKind.EmailOpened, contact.Id);
        }
    }

    private void Meet(Rng rng, in Weather weather)
    {
        var workdays = _account.Profile.Tier switch { Tier.Enterprise => 8, Tier.Standard => 18, _ => 50 };
        if (_present.Count == 0 || !rng.Chance(_account.Traits.Meetings * weather.Decline.Engagement / workdays)) return;
        var contact = rng.Pick(_present);
        var at = _diary.WorkTime(rng);
        _diary.Add(at, SignalKind.MeetingHeld, contact.Id);
        if (!rng.Chance(0.3)) return;
        _diary.Add(at + 45 * 60_000, SignalKind.NoteAdded, text: Comments.Note(Moods.Of(weather.Satisfaction, rng), rng));
    }

    private void Survey(int day, Rng rng, in Weather weather)
    {
        var tenure = day - _account.StartDay;
        var answers = 0.75 * _account.Traits.Engagement * weather.Decline.Engagement;
        if (tenure == 35 && _present.Count > 0 && rng.Chance(0.6))
        {
            var points = Math.Clamp(Math.Round(10 * weather.Satisfaction + 0.5 + rng.Normal()), 0, 10);
            _diary.Add(_diary.WorkTime(rng), SignalKind.SurveyAnswered, _present[0].Id, "onboarding", points);
        }
        if (tenure < 45 || (day + 91_000 + _account.Traits.SurveyPhase) % 91 != 0) return;
        foreach (var contact in _present)
        {
            if (!rng.Chance(answers)) continue;
            var score = (int)Math.Clamp(Math.Round(10.5 * weather.Satisfaction + 0.6 + 1.2 * rng.Normal()), 0, 10);
            var text = rng.Chance(0.6) ? Comments.ForNps(score, rng) : null;
            var at = _diary.WorkTime(rng) + (long)(rng.Exponential(20) * Hour);
            _diary.Add(at, SignalKind.NpsAnswered, contact.Id, value: score, text: text);
        }
    }

    private void Review(Rng rng, in Weather weather)
    {
        var stars = (int)Math.Clamp(Math.Round(1 + 4.6 * weather.Satisfaction + 0.6 * rng.Normal()), 1, 5);
        _diary.Add(_diary.WorkTime(rng), SignalKind.ReviewPosted, value: stars, text: Comments.ForStars(stars, rng));
    }
}
