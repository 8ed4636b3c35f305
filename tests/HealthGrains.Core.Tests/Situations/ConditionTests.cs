using HealthGrains.Core.Tests.Plays;
using HealthGrains.Situations;

namespace HealthGrains.Core.Tests.Situations;

/// <summary>Conditions: when they hold, what they do not know, and how they read.</summary>
public sealed class ConditionTests
{
    // Known of the account: arr 120,000; not known: nps.
    private static readonly Situation Acme = new Scene().Situation;

    [Theory]
    [InlineData(Comparison.Above, 119_999, true)]
    [InlineData(Comparison.Above, 120_000, false)]
    [InlineData(Comparison.AtLeast, 120_000, true)]
    [InlineData(Comparison.AtLeast, 120_001, false)]
    [InlineData(Comparison.Below, 120_001, true)]
    [InlineData(Comparison.Below, 120_000, false)]
    [InlineData(Comparison.AtMost, 120_000, true)]
    [InlineData(Comparison.AtMost, 119_999, false)]
    [InlineData(Comparison.Is, 120_000, true)]
    [InlineData(Comparison.Is, 1, false)]
    [InlineData(Comparison.Known, 1, true)]
    [InlineData(Comparison.Known, 0, false)]
    public void A_number_is_compared(Comparison how, double with, bool holds) => Assert.Equal(holds, Made.Number("arr", how, with).Holds(Acme));

    [Theory]
    [InlineData(Comparison.Above)]
    [InlineData(Comparison.AtLeast)]
    [InlineData(Comparison.Below)]
    [InlineData(Comparison.AtMost)]
    [InlineData(Comparison.Is)]
    public void What_is_not_known_fulfils_no_comparison_and_its_negation_with_not_does(Comparison how)
    {
        foreach (var number in (double[])[-1, 0, 5, 1e9])
        {
            Assert.False(Made.Number("nps", how, number).Holds(Acme));
            Assert.True(new Not(Made.Number("nps", how, number)).Holds(Acme));
        }
    }

    [Fact]
    public void Whether_something_is_known_can_be_asked()
    {
        Assert.False(Made.Known("nps").Holds(Acme));
        Assert.True(Made.Known("nps", false).Holds(Acme));
        Assert.False(Made.Known("segment").Holds(Acme));
        Assert.True(Made.Known("segment", false).Holds(Acme));
        Assert.True(Made.Known("tier").Holds(Acme));
    }

    [Theory]
    [InlineData(true, "enterprise")]
    [InlineData(true, "ENTERPRISE")]
    [InlineData(true, "smb", "enterprise")]
    [InlineData(false, "smb")]
    [InlineData(false)]
    public void A_word_is_one_of_these_in_whatever_case(bool holds, params string[] words) => Assert.Equal(holds, Made.Word("tier", words).Holds(Acme));

    [Fact]
    public void A_word_that_is_not_known_is_none_of_these() => Assert.False(Made.Word("segment", "", "null").Holds(Acme));

    [Theory]
    [InlineData(true, true, true, true)]
    [InlineData(true, false, false, true)]
    [InlineData(false, true, false, true)]
    [InlineData(false, false, false, false)]
    public void All_and_any_are_what_they_say(bool one, bool other, bool all, bool any)
    {
        Condition[] parts = [Made.Flag("churned", !one), Made.Flag("atRisk", !other)];
        Assert.Equal(all, Made.All(parts).Holds(Acme));
        Assert.Equal(any, Made.Any(parts).Holds(Acme));
        Assert.Equal(!all, new Not(Made.All(parts)).Holds(Acme));
        Assert.Equal(["churned", "atRisk"], new Not(Made.Any(parts)).Facts.Select(fact => fact.Key));
    }

    [Fact]
    public void Of_none_all_hold_and_any_does_not()
    {
        Assert.True(Made.All().Holds(Acme));
        Assert.False(Made.Any().Holds(Acme));
    }

    [Fact]
    public void Conditions_read_well()
    {
        var detractor = Made.DetractorRule.When;
        var small = Made.Word("tier", "smb", "standard");
        var leaving = Made.Flag("churned", false);
        Assert.Equal("nps at most 6 and npsAgeDays at most 14", detractor.Words);
        Assert.Equal("tier smb or standard", small.Words);
        Assert.Equal("not churned", leaving.Words);
        Assert.Equal("milestone:firstValue", Made.Flag("milestone:firstValue").Words);
        Assert.Equal("nps known", Made.Known("nps").Words);
        Assert.Equal("nps not known", Made.Known("nps", false).Words);
        Assert.Equal("nps is 9", Made.Number("nps", Comparison.Is, 9).Words);
        Assert.Equal("nps is 0", Made.Number("nps", Comparison.Is, 0).Words);
        Assert.Equal("seatsUsed above 0.85", Made.Number("seatsUsed", Comparison.Above, 0.85).Words);
        Assert.Equal("not (churned or atRisk)", new Not(Made.Any(Made.Flag("churned"), Made.Flag("atRisk"))).Words);
        Assert.Equal("(churned or atRisk) and nps known", Made.All(Made.Any(Made.Flag("churned"), Made.Flag("atRisk")), Made.Known("nps")).Words);
        Assert.Equal("churned or (atRisk and nps known)", Made.Any(Made.Flag("churned"), Made.All(Made.Flag("atRisk"), Made.Known("nps"))).Words);
        Assert.Equal("churned and nps known", Made.All(Made.Any(Made.Flag("churned")), Made.Known("nps")).Words);
        Assert.Equal("always", Made.All().Words);
        Assert.Equal("never", Made.Any().Words);
    }
}
