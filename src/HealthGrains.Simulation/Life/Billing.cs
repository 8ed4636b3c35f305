using HealthGrains.Signals;

namespace HealthGrains.Simulation;

/// <summary>
/// The invoices of an account, monthly or yearly: paid, sometimes after a failed attempt or two; and changes of plan and seats.
/// </summary>
internal sealed class Billing
{
    private const double Hour = 3_600_000;

    private readonly CompanyAccount _account;
    private readonly Diary _diary;
    private readonly Workforce _workforce;
    private readonly Rng _rng;
    private readonly List<Unpaid> _unpaid = [];
    private readonly int? _downgradeDay;
    private readonly int? _shrinkDay;
    private string _plan;
    private double _recurring;

    /// <summary>An account's billing when it is first looked at.</summary>
    public Billing(CompanyAccount account, Diary diary, Workforce workforce)
    {
        (_account, _diary, _workforce) = (account, diary, workforce);
        _rng = new Rng(account.Settings.Seed, account.Index, Draw.Billing, -1);
        _plan = account.Profile.Plan!;
        _recurring = (double)account.Profile.Arr!.Value / 12;
        var fate = account.Churn;
        var asks = fate.Shape switch { ChurnShape.BillingTrouble => 0.6, ChurnShape.SupportMeltdown => 0.1, _ => 0.2 };
        var length = fate.EndDay - fate.OnsetDay;
        if (_rng.Chance(asks)) _downgradeDay = fate.OnsetDay + (int)(length * _rng.Between(0.3, 0.8));
        if (_rng.Chance(0.4)) _shrinkDay = _downgradeDay + _rng.Whole(2, 7);
    }

    /// <summary>Lives a day.</summary>
    public void Live(int day, in Weather weather)
    {
        var rng = _rng.Restart(_account.Settings.Seed, _account.Index, Draw.Billing, day);
        var leaving = day >= _account.Churn.OnsetDay;
        var broke = leaving && _account.Churn.Shape == ChurnShape.BillingTrouble;
        var due = _unpaid.Where(invoice => invoice.NextDay == day).ToArray();
        foreach (var invoice in due) Collect(invoice, rng, day, broke);
        if (IsInvoiceDay(day)) Invoice(rng, day, broke);

        if (day == _downgradeDay) _diary.Add(_diary.WorkTime(rng), SignalKind.DowngradeRequested);
        if (day == _shrinkDay) Shrink(rng);
        if (!weather.Workday) return;
        if (leaving)
        {
            if (_account.Churn.Shape == ChurnShape.SupportMeltdown && rng.Chance(0.015)) Credit(rng);
            return;
        }
        // Some downgrades are asked for and thought better of, and some customers get a credit and stay.
        if (rng.Chance(0.02 / 261)) _diary.Add(_diary.WorkTime(rng), SignalKind.DowngradeRequested);
        if (rng.Chance(0.08 / 261)) Credit(rng);
        if (weather.Satisfaction > 0.6 && weather.Rollout >= 1 && rng.Chance(0.25 / 261)) Expand(rng);
    }

    private bool IsInvoiceDay(int day)
    {
        var date = _account.Settings.Date(day);
        if (date.Day != _account.Traits.InvoiceDay) return false;
        return _account.Traits.InvoiceMonths == 1 || date.Month == _account.Profile.StartedAt!.Value.Month;
    }

    private void Invoice(Rng rng, int day, bool broke)
    {
        var date = _account.Settings.Date(day);
        var amount = Math.Round(_recurring * _account.Traits.InvoiceMonths * 100) / 100;
        var invoice = new Unpaid($"in-{_account.Index:0000}-{date.Year:0000}{date.Month:00}", amount, 0, day);
        _unpaid.Add(invoice);
        Collect(invoice, rng, day, broke);
    }

    /// <summary>
    /// Attempts a payment. One in thirty fails on a card that has run out (in some accounts one in five), and is made good within a
    /// week; where money is the trouble, all fail, and the fourth attempt is the last. Some are always a month or two behind: every
    /// attempt fails, and in the end they pay.
    /// </summary>
    private void Collect(Unpaid invoice, Rng rng, int day, bool broke)
    {
        var attempt = invoice.Attempts + 1;
        var at = _diary.DayStart + (long)(rng.Between(7, 12) * Hour);
        var behind = _account.Traits.Arrears > 0 && attempt <= 4;
        var fails = broke || behind || rng.Chance(attempt switch { 1 => _account.Traits.PaymentFailure, 2 => 0.35, 3 => 0.2, _ => 0 });
        _diary.Add(at, fails ? SignalKind.PaymentFailed : SignalKind.InvoicePaid, invoice.Id, value: invoice.Amount, attempt: attempt);
        _unpaid.Remove(invoice);
        if (!fails || attempt >= (behind && !broke ? 5 : 4)) return;
        var wait = attempt switch { 1 => 3, 2 => 4, 3 => 6, _ => _account.Traits.Arrears - 13 };
        _unpaid.Add(invoice with { Attempts = attempt, NextDay = day + wait });
    }

    private void Shrink(Rng rng)
    {
        var smaller = Catalogue.SmallerPlan(_plan);
        var at = _diary.WorkTime(rng);
        if (smaller == _plan)
        {
            var seats = Math.Max(1, (int)(_workforce.Seats * rng.Between(0.5, 0.8)));
            _diary.Add(at, SignalKind.SeatsChanged, value: seats, before: _workforce.Seats);
            _workforce.Seats = seats;
        }
        else ChangePlan(at, smaller, -_recurring * rng.Between(0.25, 0.5));
    }

    private void Expand(Rng rng)
    {
        var at = _diary.WorkTime(rng);
        var larger = Catalogue.LargerPlan(_plan);
        var more = _recurring * rng.Between(0.08, 0.2);
        _diary.Add(at - 600_000, SignalKind.DealClosed, value: Math.Round(more * 12));
        if (larger != _plan && rng.Chance(0.2))
        {
            ChangePlan(at, larger, more);
            return;
        }
        var seats = Math.Max(_workforce.Seats + 1, (int)Math.Round(_workforce.Seats * (1 + more / _recurring)));
        _diary.Add(at, SignalKind.SeatsChanged, value: seats, before: _workforce.Seats);
        _workforce.Seats = seats;
        _recurring += more;
    }

    private void ChangePlan(long at, string plan, double change)
    {
        change = Math.Round(change * 100) / 100;
        _diary.Add(at, SignalKind.PlanChanged, name: plan, value: change, before: Math.Round(_recurring * 100) / 100);
        (_plan, _recurring) = (plan, _recurring + change);
    }

    private void Credit(Rng rng) =>
        _diary.Add(_diary.WorkTime(rng), SignalKind.CreditIssued, value: Math.Round(_recurring * rng.Between(0.05, 0.5)));

    private sealed record Unpaid(string Id, double Amount, int Attempts, int NextDay);
}
