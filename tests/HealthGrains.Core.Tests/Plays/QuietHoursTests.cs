using HealthGrains.Accounts;
using HealthGrains.Plays;

namespace HealthGrains.Core.Tests.Plays;

/// <summary>Quiet hours in the contact's own time, with what clocks do twice a year.</summary>
public sealed class QuietHoursTests
{
    private const string Berlin = "Europe/Berlin", NewYork = "America/New_York";

    [Theory]
    // A working day in Berlin, UTC+1 in winter.
    [InlineData(Berlin, "2026-11-16T10:00:00Z", "2026-11-16T10:00:00Z")]
    [InlineData(Berlin, "2026-11-16T16:59:59Z", "2026-11-16T16:59:59Z")]
    [InlineData(Berlin, "2026-11-16T17:00:00Z", "2026-11-17T07:00:00Z")]
    [InlineData(Berlin, "2026-11-16T23:30:00Z", "2026-11-17T07:00:00Z")]
    [InlineData(Berlin, "2026-11-17T06:59:59Z", "2026-11-17T07:00:00Z")]
    // The same moment is night in New York.
    [InlineData(NewYork, "2026-11-16T10:00:00Z", "2026-11-16T13:00:00Z")]
    // From Friday's evening over the weekend to Monday's morning.
    [InlineData(Berlin, "2026-11-20T18:00:00Z", "2026-11-23T07:00:00Z")]
    [InlineData(Berlin, "2026-11-21T12:00:00Z", "2026-11-23T07:00:00Z")]
    [InlineData(Berlin, "2026-11-22T22:59:00Z", "2026-11-23T07:00:00Z")]
    // Saturday begins earlier in Tokyo.
    [InlineData("Asia/Tokyo", "2026-11-20T15:00:00Z", "2026-11-22T23:00:00Z")]
    // The weekends on which the clocks are changed: Monday morning is an hour earlier or later in UTC.
    [InlineData(Berlin, "2026-03-27T18:00:00Z", "2026-03-30T06:00:00Z")]
    [InlineData(Berlin, "2026-10-23T18:00:00Z", "2026-10-26T07:00:00Z")]
    [InlineData(NewYork, "2026-03-06T23:30:00Z", "2026-03-09T12:00:00Z")]
    [InlineData(NewYork, "2026-10-30T23:30:00Z", "2026-11-02T13:00:00Z")]
    // Nobody knows the zone: UTC.
    [InlineData(null, "2026-11-16T19:00:00Z", "2026-11-17T08:00:00Z")]
    [InlineData("Mars/Olympus", "2026-11-16T19:00:00Z", "2026-11-17T08:00:00Z")]
    public void Evenings_nights_and_weekends_are_over_when_they_are_where_the_contact_lives(string? zone, string now, string end) =>
        Assert.Equal(Made.At(end), QuietHours.EndAt(Made.Quiet("18:00", "08:00", weekends: true), zone, Made.At(now)));

    [Theory]
    // 02:30 is leapt over: the first moment after it is 03:00, which is 01:00 UTC in Berlin and 07:00 UTC in New York.
    [InlineData(Berlin, "2026-03-29T00:15:00Z", "2026-03-29T01:00:00Z")]
    [InlineData(NewYork, "2026-03-08T05:00:00Z", "2026-03-08T07:00:00Z")]
    // 02:30 comes twice: the later is waited for.
    [InlineData(Berlin, "2026-10-25T00:10:00Z", "2026-10-25T01:30:00Z")]
    [InlineData(Berlin, "2026-10-25T01:10:00Z", "2026-10-25T01:30:00Z")]
    public void An_end_that_the_clocks_leap_over_or_repeat_is_found(string zone, string now, string end) =>
        Assert.Equal(Made.At(end), QuietHours.EndAt(Made.Quiet("22:00", "02:30"), zone, Made.At(now)));

    [Theory]
    [InlineData("2026-11-16T11:59:00Z", "2026-11-16T11:59:00Z")]
    [InlineData("2026-11-16T12:00:00Z", "2026-11-16T13:00:00Z")]
    [InlineData("2026-11-16T13:00:00Z", "2026-11-16T13:00:00Z")]
    public void Quiet_hours_may_lie_within_a_day(string now, string end) =>
        Assert.Equal(Made.At(end), QuietHours.EndAt(Made.Quiet("12:00", "13:00"), null, Made.At(now)));

    [Fact]
    public void Without_hours_only_weekends_are_quiet()
    {
        Assert.Equal(Made.At("2026-11-23T05:00:00Z"), QuietHours.EndAt(Made.Quiet("00:00", "00:00", weekends: true), NewYork, Made.At("2026-11-21T12:00:00Z")));
        Assert.Equal(Made.At("2026-11-20T23:00:00Z"), QuietHours.EndAt(Made.Quiet("00:00", "00:00", weekends: true), NewYork, Made.At("2026-11-20T23:00:00Z")));
    }

    [Fact]
    public void Every_quarter_of_an_hour_of_a_year_ends_outside_of_quiet_hours_and_never_earlier()
    {
        foreach (var zone in (string[])[Berlin, NewYork, "Australia/Lord_Howe", "Asia/Kolkata", "America/Santiago"])
        {
            var clock = TimeZoneInfo.FindSystemTimeZoneById(zone);
            foreach (var rule in (Guardrail[])[Made.Quiet("18:00", "08:00", weekends: true), Made.Quiet("22:15", "02:30"), Made.Quiet("00:00", "23:00", true)])
            {
                for (var at = Made.At("2026-01-01T00:05:00Z"); at < Made.At("2027-01-01T00:00:00Z"); at += 15 * 60_000)
                {
                    var end = QuietHours.EndAt(rule, zone, at);
                    Assert.True(end >= at && end - at <= 4 * Days.Millis, $"{zone} {Days.Time(at)}");
                    Assert.Equal(end, QuietHours.EndAt(rule, zone, end));
                    Assert.False(IsQuiet(rule, TimeZoneInfo.ConvertTime(Days.Time(end), clock)), $"{zone} {Days.Time(at)} {Days.Time(end)}");
                }
            }
        }
    }

    [Fact]
    public void A_letter_that_is_approved_in_the_evening_leaves_in_the_contacts_morning()
    {
        var scene = new Scene(Made.Book("letter", Made.Mail("m", 0) with { To = ["user"] })) { Rules = { Made.Quiet("18:00", "08:00", weekends: true) } };
        scene.Start("letter");
        scene.Done(new DecideDraft("dana", scene.State.Drafts[0].Number, true, null));
        Assert.Equal(("The rule quiet (quiet 4)", Made.At("2026-11-16T13:00:00Z")), (scene.State.Drafts[0].Delay!, scene.State.WakeAt));
        scene.Live(1);
        Assert.Equal(Made.At("2026-11-16T13:00:00Z"), Assert.Single(scene.Outbox.Dispatches).At);
    }

    /// <summary>The rule again, as a person reads it off a clock on the wall.</summary>
    private static bool IsQuiet(Guardrail rule, DateTimeOffset local)
    {
        if (rule.Weekends && local.DayOfWeek is (DayOfWeek.Saturday or DayOfWeek.Sunday)) return true;
        var time = TimeOnly.FromTimeSpan(local.TimeOfDay);
        return rule.From <= rule.To ? time >= rule.From && time < rule.To : time >= rule.From || time < rule.To;
    }
}
