using HealthGrains.Accounts;

namespace HealthGrains.Simulation;

/// <summary>Draws accounts: who they are, what they pay, when they came, how they are served.</summary>
internal static class AccountDraw
{
    /// <summary>Standard deviation of the logarithm of revenue.</summary>
    private const double RevenueSpread = 1.0;

    /// <summary>Accounts come from four years before day 0 until this day.</summary>
    private const int LastStartDay = 120;

    /// <summary>
    /// The account's quantile of revenue walks by the golden ratio, which fills the unit interval evenly at every length; the
    /// cut at either end keeps one giant from being half of the company.
    /// </summary>
    private const double GoldenRatio = 0.6180339887498949;

    /// <summary>Contacts that a profile lists at most.</summary>
    public const int MostContacts = 3;

    private static readonly (string Zone, int Offset)[] Zones =
    [
        ("America/New_York", -5), ("America/New_York", -5), ("America/Chicago", -6), ("Europe/London", 0), ("Europe/Berlin", 1),
        ("Europe/Paris", 1), ("Europe/Helsinki", 2),
    ];

    private static readonly string[] Goals =
        ["shorter monthly close", "one place for reports", "fewer manual approvals", "faster campaign launches", "self-service analytics"];

    private static readonly string[] ValueBlocks = ["timeSaved", "errorsAvoided", "visibility", "compliance", "revenueGrowth"];

    /// <summary>The account of this index.</summary>
    public static CompanyAccount Account(CompanySettings settings, int index)
    {
        var rng = new Rng(settings.Seed, index, Draw.Facts);
        var (name, segment) = CompanyNames.Of(settings.Seed, index);
        var id = CompanyNames.Slug(name);
        var arr = Arr(settings, index);
        var tier = arr >= 2.5m * settings.ArrPerAccount ? Tier.Enterprise : arr >= 0.5m * settings.ArrPerAccount ? Tier.Standard : Tier.Smb;
        var seats = (int)Math.Clamp(Math.Round((double)(arr / settings.ArrPerAccount) * 20_000 / rng.LogNormal(700, 0.25)), 3, 900);
        var term = tier == Tier.Smb && rng.Chance(0.25) ? 1 : tier == Tier.Enterprise && rng.Chance(0.4) ? 24 : 12;
        var startDay = LastStartDay - rng.Below(4 * 365 + LastStartDay);
        var churn = ChurnPlan.For(settings, index, tier, startDay);
        startDay = OnTerm(settings, rng, churn, startDay, term);

        var (zone, offset) = rng.Pick(Zones);
        var traits = Traits(settings, rng, churn, startDay, term, tier, seats, offset);
        var started = new DateTimeOffset(settings.Date(startDay), TimeOnly.MinValue, TimeSpan.Zero);
        var csm = PersonNames.Manager(rng.Below(settings.Csms));
        var profile = new AccountProfile
        {
            Id = id, Name = name, Tier = tier, Segment = segment, Plan = Catalogue.Plan(tier), Arr = arr, Currency = "USD", Seats = seats,
            StartedAt = started, TermMonths = term, RenewalDate = Renewal(started, term, settings.Date(Math.Max(0, startDay))),
            Owner = csm.Name, OwnerEmail = csm.Email, ExternalIds = ExternalIds(settings, index),
            Goals = [rng.Pick(Goals)], ValueBlocks = [rng.Pick(ValueBlocks)], Contacts = Contacts(rng, index, tier, id, zone, churn),
        };
        return new CompanyAccount(settings, index, profile, startDay, churn, traits);
    }

    /// <summary>The first renewal on or after a date, and after the first term.</summary>
    public static DateTimeOffset Renewal(DateTimeOffset started, int termMonths, DateOnly from)
    {
        var since = (from.Year - started.Year) * 12 + from.Month - started.Month;
        var terms = Math.Max(1, since / termMonths);
        var midnight = new DateTimeOffset(from, TimeOnly.MinValue, TimeSpan.Zero);
        while (started.AddMonths(terms * termMonths) < midnight) terms++;
        return started.AddMonths(terms * termMonths);
    }

    /// <summary>The identity of a contact of an account, unique in the company.</summary>
    public static string ContactId(int account, int number) => $"c-{account:0000}-{number}";

    private static decimal Arr(CompanySettings settings, int index)
    {
        var offset = new Rng(settings.Seed, -1, Draw.Facts).Unit();
        var quantile = offset + index * GoldenRatio;
        quantile = 0.0025 + 0.995 * (quantile - Math.Floor(quantile));
        var median = (double)settings.ArrPerAccount * PortableMath.Exp(-RevenueSpread * RevenueSpread / 2);
        // 1.018 gives back what the cut takes from the mean.
        var arr = median * 1.018 * PortableMath.Exp(RevenueSpread * PortableMath.NormalQuantile(quantile));
        return Math.Max(12, Math.Round((decimal)arr / 12) * 12);
    }

    /// <summary>
    /// A yearly contract mostly ends at a renewal, and none is renewed by a customer who is already leaving: the start is moved so
    /// that the end falls on a renewal.
    /// </summary>
    private static int OnTerm(CompanySettings settings, Rng rng, ChurnPlan churn, int startDay, int term)
    {
        var atRenewal = rng.Chance(0.7);
        if (term == 1 || startDay > 0) return startDay;
        var started = new DateTimeOffset(settings.Date(startDay), TimeOnly.MinValue, TimeSpan.Zero);
        var renewal = settings.Day(DateOnly.FromDateTime(Renewal(started, term, settings.Date(churn.OnsetDay - 14)).DateTime));
        if (!atRenewal && (renewal < churn.OnsetDay - 14 || renewal >= churn.EndDay)) return startDay;
        var terms = Math.Max(1, (int)Math.Round((churn.EndDay - startDay) / (term * 30.44)));
        var aligned = settings.Day(settings.Date(churn.EndDay).AddMonths(-terms * term));
        return aligned < 0 ? aligned : startDay;
    }

    private static AccountTraits Traits(
        CompanySettings settings, Rng rng, ChurnPlan churn, int startDay, int term, Tier tier, int seats, int offset)
    {
        var monthly = rng.Chance(0.65) || term == 1 || churn.Shape == ChurnShape.BillingTrouble;
        var invoiceDay = Math.Min(28, settings.Date(startDay).Day);
        if (churn.Shape == ChurnShape.BillingTrouble) invoiceDay = Math.Min(28, settings.Date(churn.OnsetDay).Day);
        // How well the product fits is behind much of the rest: who has little use for it has few people in it, who use little of it,
        // answer seldom and are not thrilled. One account in seven was sold what it hardly needs, and most of those renew for years.
        var misfit = rng.Chance(0.15);
        var fit = rng.Normal() - (misfit ? rng.Between(1.2, 4.2) : 0);
        double Near(double share) => share * fit + Math.Sqrt(1 - share * share) * rng.Normal();
        double Around(double usual, double spread, double share) => usual * PortableMath.Exp(spread * Near(share));
        // Some ask and complain all the time, whatever else is true of them: an odd setup, a demanding team.
        var chronic = rng.Chance(misfit ? 0.2 : 0.08);
        // Money is a habit, too: some pay when they are reminded, and some are a month or two behind for as long as they are there.
        var alwaysBehind = rng.Chance(0.04);
        var paysLate = rng.Chance(misfit ? 0.2 : 0.05);
        return new AccountTraits
        {
            Satisfaction = Math.Clamp(0.69 + 0.13 * Near(0.8) - (chronic ? 0.15 : 0), 0.25, 0.95),
            Utilisation = Math.Clamp(0.69 + 0.19 * Near(0.85), seats < 10 ? 0.5 : 0.15, 0.97),
            Busyness = Math.Clamp(Around(1, 0.35, 0.8), 0.4, 2.2),
            Features = Math.Clamp((int)Math.Round(9.5 + 3 * Near(0.8)), 3, Catalogue.Features.Length),
            Sessions = Math.Clamp(Around(1, 0.25, 0.4), 0.4, 2),
            Workflows = Math.Clamp(Around(1.15, 0.55, 0.8), 0.1, 3),
            Integrations = Math.Clamp(Around(2, 0.55, 0.8), 0.2, 6),
            Weekend = rng.Between(0.10, 0.20),
            DayNoise = rng.Between(10, 40),
            TicketRate = Math.Clamp(rng.LogNormal(chronic ? 0.075 : 0.021, 0.5), 0.004, 0.2),
            SolvingTime = Math.Clamp(rng.LogNormal(chronic ? 4.5 : 1, 0.4), 0.3, 9),
            Engagement = Math.Clamp(
                0.52 + 0.17 * Near(0.8) + (tier == Tier.Enterprise ? 0.1 : tier == Tier.Smb ? -0.08 : 0), 0.08, 0.95),
            Meetings = Math.Clamp(Around(0.9, 0.55, 0.7), 0.15, 3),
            PaymentFailure = paysLate ? rng.Between(0.15, 0.4) : Math.Clamp(rng.LogNormal(0.022, 0.8), 0.003, 0.2),
            Arrears = alwaysBehind && monthly ? rng.Whole(46, 58) : 0,
            UtcOffset = offset,
            InvoiceDay = invoiceDay,
            InvoiceMonths = monthly ? 1 : 12,
            SurveyPhase = rng.Below(91),
            StripeKnowsId = rng.Chance(0.5),
        };
    }

    private static List<Contact> Contacts(Rng rng, int index, Tier tier, string slug, string zone, ChurnPlan churn)
    {
        List<Contact> contacts = [];
        // Not everywhere has anybody higher up ever been won for the product.
        string[] roles = tier == Tier.Smb || rng.Chance(0.2) ? ["champion", "admin"] : ["champion", "executive", "admin"];
        foreach (var role in roles)
        {
            var name = PersonNames.Draw(rng);
            while (contacts.Exists(contact => contact.Name == name)) name = PersonNames.Draw(rng);
            var consent = rng.Chance(0.92);
            contacts.Add(new Contact(
                ContactId(index, contacts.Count + 1), name, PersonNames.Address(name, $"{slug}.example"), role, consent, zone));
        }
        // A champion who left before anybody looked is on record no more.
        if (churn is { Shape: ChurnShape.ChampionGone, OnsetDay: < 0 }) contacts.RemoveAt(0);
        return contacts;
    }

    private static Dictionary<string, string> ExternalIds(CompanySettings settings, int index)
    {
        var rng = new Rng(settings.Seed, index, Draw.Ids);
        var (segment, stripe) = (rng.Chance(settings.ForeignShare), rng.Chance(settings.ForeignShare));
        Dictionary<string, string> ids = [];
        if (segment) ids["segment"] = $"grp_{rng.Bits() & 0xFFFFFFFFFF:x10}{index:x}";
        if (stripe) ids["stripe"] = $"cus_{Base36(rng, 10)}{index:0000}";
        return ids;
    }

    private static string Base36(Rng rng, int length)
    {
        Span<char> text = stackalloc char[length];
        foreach (ref var c in text) c = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[rng.Below(36)];
        return new string(text);
    }
}
