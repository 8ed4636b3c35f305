using System.Diagnostics;
using System.Text;

namespace HealthGrains.Intake.Tests;

public class SentimentTests
{
    [Theory]
    [InlineData("cannot log in, this is the third time, we are losing money")]
    [InlineData("I can’t log in since this morning and nobody answers the phone.")]
    [InlineData("The export has been broken for three days. Our finance team is stuck. Please escalate.")]
    [InlineData("Dashboard crashes every time I open the usage report. This is really frustrating.")]
    [InlineData("Your API returns 500 errors again and our customers are complaining. This is UNACCEPTABLE!!!")]
    [InlineData("Still no response after a week. We are evaluating a competitor and want to cancel.")]
    [InlineData("The integration does not work and the docs are confusing.")]
    [InlineData("We lost data after the upgrade, this is a disaster for us")]
    [InlineData("Not happy with the support we got.")]
    [InlineData("The new UI is nice but everything is painfully slow and half of our reports fail.")]
    [InlineData("It's too expensive for what it does, a waste of money")]
    [InlineData("why is this STILL broken?!")]
    [InlineData("This isn't good enough, we never had such problems with our old vendor")]
    [InlineData("terrible :(")]
    [InlineData("Whole site is down. Nothing works. Please help urgently")]
    [InlineData("Payments page keeps timing out, our customers can't pay and we are losing customers by the hour")]
    [InlineData("I have asked for a refund three times and been ignored")]
    [InlineData("😡 again an outage")]
    [InlineData("Our nightly sync has not run since Sunday. This has to be resolved today.")]
    [InlineData("You charged us twice this month. Please refund the second payment.")]
    [InlineData("Nothing but trouble since day one")]
    [InlineData("We're seriously considering leaving when the contract is up")]
    [InlineData("This is not what we paid for")]
    public void A_complaint_is_clearly_negative(string text) => Assert.InRange(Sentiment.Of(text), -100, -30);

    [Theory]
    [InlineData("thanks, works great now")]
    [InlineData("Thank you so much for the quick fix, you are awesome!")]
    [InlineData("Great product, easy to use, our team loves it.")]
    [InlineData("All good now, resolved. Appreciate the fast help.")]
    [InlineData("The onboarding was smooth and Maria was very helpful")]
    [InlineData("Can't wait for the next release!")]
    [InlineData("No problems at all since the migration, works perfectly")]
    [InlineData("At first it was slow, but now it is excellent and we are really happy")]
    [InlineData("Best tool we have bought in years ❤")]
    [InlineData("👍 fixed")]
    [InlineData("I cannot recommend enough")]
    [InlineData("not bad at all :)")]
    [InlineData("That did the trick, cheers!")]
    [InlineData("Everything is working as expected again, thank you")]
    public void Praise_and_thanks_are_clearly_positive(string text) => Assert.InRange(Sentiment.Of(text), 30, 100);

    [Theory]
    [InlineData("How do I export a report?")]
    [InlineData("Where can I find the API keys of our workspace?")]
    [InlineData("Please add two seats to our plan.")]
    [InlineData("We would like to schedule a call about the roadmap on Tuesday.")]
    [InlineData("Is there a way to change the billing address?")]
    [InlineData("Good morning, what is the best way to invite a colleague? Kind regards, Tom")]
    [InlineData("Customer asked about SSO. Sent the guide. Follow up next week.")]
    [InlineData("What does the error rate chart show?")]
    [InlineData("How can I cancel a scheduled report?")]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("Wie exportiere ich einen Bericht?")]
    public void A_question_or_a_matter_of_fact_is_about_neutral(string text) => Assert.InRange(Sentiment.Of(text), -20, 20);

    [Fact]
    public void Emphasis_adds_strength_and_never_turns_the_tone()
    {
        Assert.True(Sentiment.Of("this is bad!!!") < Sentiment.Of("this is bad"));
        Assert.True(Sentiment.Of("this is very bad") < Sentiment.Of("this is bad"));
        Assert.True(Sentiment.Of("this is BAD") < Sentiment.Of("this is bad"));
        Assert.True(Sentiment.Of("this is slightly bad") > Sentiment.Of("this is bad"));
        Assert.True(Sentiment.Of("this is good!!!") > Sentiment.Of("this is good"));
        Assert.Equal(0, Sentiment.Of("hello!!!!!!!!"));
    }

    [Fact]
    public void A_negation_turns_a_word_within_its_clause_only()
    {
        Assert.True(Sentiment.Of("this is not good") < 0);
        Assert.True(Sentiment.Of("no, this is good") > 0);
        Assert.True(Sentiment.Of("it was never a problem") > 0);
    }

    [Fact]
    public void What_follows_a_but_weighs_more_than_what_precedes_it()
    {
        Assert.True(Sentiment.Of("support is good but the app is bad") < 0);
        Assert.True(Sentiment.Of("the app is bad but support is good") > 0);
    }

    [Fact]
    public void Only_the_first_32_KiB_count_and_huge_texts_take_no_time()
    {
        var text = "terrible " + new string(' ', Sentiment.MaxBytes) + string.Concat(Enumerable.Repeat("great ", 1_000_000));
        var bytes = Encoding.UTF8.GetBytes(text);
        var watch = Stopwatch.StartNew();
        Assert.True(Sentiment.Of(bytes) < 0);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Any_bytes_give_a_tone_within_its_range()
    {
        var random = new Random(7);
        var bytes = new byte[300];
        for (var i = 0; i < 1_000; i++)
        {
            random.NextBytes(bytes);
            Assert.InRange(Sentiment.Of(bytes), -100, 100);
        }
        Assert.InRange(Sentiment.Of(string.Concat(Enumerable.Repeat("love great excellent ", 1000))), 99, 100);
    }
}
