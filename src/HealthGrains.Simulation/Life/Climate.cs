namespace HealthGrains.Simulation;

/// <summary>The state of an account on a day, from which all its events are drawn.</summary>
/// <param name="Satisfaction">How content its people are, 0..1.</param>
/// <param name="Pace">How much of a full weekday's work is done: season, vacations and noise.</param>
/// <param name="Workday">Whether it is neither weekend nor holiday.</param>
/// <param name="Rollout">How far its roll-out has come, 0..1.</param>
/// <param name="TicketBurst">Factor on tickets in a bad week.</param>
/// <param name="Decline">What its leaving does to it.</param>
internal readonly record struct Weather(
    double Satisfaction, double Pace, bool Workday, double Rollout, double TicketBurst, Decline Decline);

/// <summary>
/// The latent state of an account, day by day. Satisfaction wanders around its own level; weeks and days have good and bad luck
/// that all its people share. Nothing here knows how health is measured.
/// </summary>
internal sealed class Climate(CompanyAccount account)
{
    private const double Persistence = 0.97;

    private readonly Rng _rng = new(account.Settings.Seed, account.Index, Draw.Mood);
    private double _wander;

    /// <summary>The state on a day; to be asked once for every day, in order.</summary>
    public Weather On(int day)
    {
        var traits = account.Traits;
        var rng = _rng.Restart(account.Settings.Seed, account.Index, Draw.Mood, day);
        _wander = Persistence * _wander + 0.012 * rng.Normal();
        var dayLuck = rng.Gamma(traits.DayNoise);

        var date = account.Settings.Date(day);
        // Weeks run from Monday, whatever weekday the company's day 0 is.
        var week = date.AddDays(-(((int)date.DayOfWeek + 6) % 7)).DayNumber;
        rng.Restart(account.Settings.Seed, account.Index, Draw.Week, week);
        var weekLuck = rng.Gamma(80);
        var vacation = rng.Chance(0.025);
        var badWeek = rng.Chance(0.02);

        var weekend = date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
        var holiday = IsHoliday(date);
        var pace = dayLuck * weekLuck * (weekend ? traits.Weekend : 1) * (holiday ? 0.25 : 1) * (vacation ? 0.55 : 1);
        var decline = Simulation.Decline.On(account.Churn, day);
        var satisfaction = Math.Clamp(traits.Satisfaction + _wander - (badWeek ? 0.08 : 0) - decline.Sinking, 0.02, 0.98);
        var rollout = Math.Min(1, 0.2 + 0.8 * (day - account.StartDay) / 60.0);
        return new Weather(satisfaction, pace, !weekend && !holiday, rollout, badWeek ? 4 : 1, decline);
    }

    /// <summary>Days on which nearly everybody is off, wherever they live.</summary>
    public static bool IsHoliday(DateOnly date) => (date.Month, date.Day) is (12, >= 24 and <= 26) or (12, 31) or (1, 1) or (5, 1);
}
