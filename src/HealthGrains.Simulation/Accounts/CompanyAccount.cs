using HealthGrains.Accounts;

namespace HealthGrains.Simulation;

/// <summary>An account of the simulated company as it is on day 0: what is on record of it, and what is drawn for its life.</summary>
public sealed class CompanyAccount
{
    internal CompanyAccount(
        CompanySettings settings, int index, AccountProfile profile, int startDay, ChurnPlan churn, AccountTraits traits)
    {
        Settings = settings;
        Index = index;
        Profile = profile;
        StartDay = startDay;
        Churn = churn;
        Traits = traits;
        SegmentId = profile.ExternalIds.GetValueOrDefault("segment");
        StripeId = profile.ExternalIds.GetValueOrDefault("stripe");
    }

    /// <summary>Its number, from 0.</summary>
    public int Index { get; }

    /// <summary>Its id: its name in lower case, words joined by hyphens.</summary>
    public string Id => Profile.Id;

    /// <summary>What the company has on record of it on day 0, or on the day it starts.</summary>
    public AccountProfile Profile { get; }

    /// <summary>The day on which its first contract starts; negative before day 0. Nothing happens earlier.</summary>
    public int StartDay { get; }

    /// <summary>Its group id where its usage comes in Segment's shape; else null.</summary>
    public string? SegmentId { get; }

    /// <summary>Its customer id where its billing comes in Stripe's shape; else null.</summary>
    public string? StripeId { get; }

    internal CompanySettings Settings { get; }

    internal ChurnPlan Churn { get; }

    internal AccountTraits Traits { get; }

    /// <summary>The profile with the renewal date that is next on that day.</summary>
    public AccountProfile ProfileOn(int day) => Profile with { RenewalDate = RenewalAfter(day) };

    /// <summary>The first renewal on or after a day.</summary>
    internal DateTimeOffset RenewalAfter(int day) =>
        AccountDraw.Renewal(Profile.StartedAt!.Value, Profile.TermMonths!.Value, Settings.Date(day));
}

/// <summary>What an account is like: constants of its life that no record shows.</summary>
internal sealed record AccountTraits
{
    /// <summary>Satisfaction that it keeps returning to, 0..1.</summary>
    public required double Satisfaction { get; init; }
    /// <summary>Share of its seats that people hold when it is fully rolled out.</summary>
    public required double Utilisation { get; init; }
    /// <summary>How busy its people are, 1 for the average account.</summary>
    public required double Busyness { get; init; }
    /// <summary>How many of the product's features its people ever use.</summary>
    public required int Features { get; init; }
    /// <summary>Factor on the length of its people's sessions.</summary>
    public required double Sessions { get; init; }
    /// <summary>Factor on the workflows completed in a session.</summary>
    public required double Workflows { get; init; }
    /// <summary>Integrations that an account like it has connected after a while, on average.</summary>
    public required double Integrations { get; init; }
    /// <summary>Share of a weekday's activity that a weekend day sees.</summary>
    public required double Weekend { get; init; }
    /// <summary>Gamma shape of the noise that all its people share on a day; less is noisier.</summary>
    public required double DayNoise { get; init; }
    /// <summary>Tickets a weekday, for each root of its people: twenty people do not ask twenty times the questions of one.</summary>
    public required double TicketRate { get; init; }
    /// <summary>Factor on the time that its tickets take: some setups are hard to help with.</summary>
    public required double SolvingTime { get; init; }
    /// <summary>How readily its contacts open mail, meet and answer, 0..1.</summary>
    public required double Engagement { get; init; }
    /// <summary>Factor on meetings with its CSM.</summary>
    public required double Meetings { get; init; }
    /// <summary>Probability that the first attempt to collect an invoice fails though there is money.</summary>
    public required double PaymentFailure { get; init; }
    /// <summary>Days that every invoice waits where the customer is always behind and pays in the end; else 0.</summary>
    public required int Arrears { get; init; }
    /// <summary>Hours that its clocks are ahead of UTC, -6 to 2: working hours fall within the UTC day.</summary>
    public required int UtcOffset { get; init; }
    /// <summary>Day of the month of its invoices, 1..28.</summary>
    public required int InvoiceDay { get; init; }
    /// <summary>Months between invoices: 1 or 12.</summary>
    public required int InvoiceMonths { get; init; }
    /// <summary>Day of the 91-day round on which it is asked for its NPS.</summary>
    public required int SurveyPhase { get; init; }
    /// <summary>Whether Stripe's events carry the account's own id in their metadata.</summary>
    public required bool StripeKnowsId { get; init; }
}
