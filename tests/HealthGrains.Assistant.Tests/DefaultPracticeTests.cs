using HealthGrains.Accounts;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;
using HealthGrains.Situations;

namespace HealthGrains.Assistant.Tests;

public sealed class DefaultPracticeTests
{
    private static readonly HandlebarsWriter Writer = new();
    private static readonly Practice Practice = DefaultPractice.Book(Writer).Practice;

    private static readonly string[] Holes =
        ["{{", "}}", "\u0001", "Dictionary", "Object", " ,", " .", "..", "()", "\n\n\n", "  ", "&amp;"];

    public static TheoryData<string> Templates =>
        [.. DefaultPractice.Files.Where(file => file.Path.EndsWith(".hbs", StringComparison.Ordinal))
            .Where(file => Practice.Guardrails.All(rule => file.Path != $"templates/{rule.Template}.hbs")).Select(file => file.Path)];

    [Fact]
    public void It_has_no_mistake() => Assert.Empty(PracticeReader.Read(DefaultPractice.Files, Writer).Problems);

    [Fact]
    public void A_file_is_named_as_its_id_and_every_template_and_play_starting_trigger_is_used()
    {
        var book = DefaultPractice.Book(Writer);
        Assert.All(DefaultPractice.Files, file => Assert.Equal(Path.GetFileNameWithoutExtension(file.Path), book.Find(file.Path) switch
        {
            TriggerRule rule => rule.Id,
            Playbook play => play.Id,
            Guardrail rule => rule.Id,
            TextTemplate text => text.Id,
            _ => "nothing",
        }));
        var used = Practice.Playbooks.SelectMany(play => play.Steps).Select(step => step.Template)
            .Concat(Practice.Guardrails.Select(rule => rule.Template)).ToHashSet();
        Assert.All(Practice.Templates, template => Assert.Contains(template.Id, used));
        var starting = Practice.Playbooks.Select(play => play.Trigger).ToHashSet();
        Assert.All(Practice.Triggers, rule => Assert.True(rule.Alert is not null || starting.Contains(rule.Id), $"{rule.Id} does nothing"));
    }

    [Theory]
    [InlineData("onboarding", "0 0 1 3 7 7 14 14 30 30")]
    [InlineData("onboardingLowTouch", "1 3 7 14 14 30")]
    [InlineData("atRiskSave", "0 0 0 1 1 5 5 14 14")]
    [InlineData("renewal60", "0 0 7 21 21 45")]
    public void Steps_fall_on_the_days_that_the_field_expects(string playbook, string days) =>
        Assert.Equal(days, string.Join(' ', Practice.Find(playbook)!.Steps.Select(step => step.Day)));

    [Theory]
    [MemberData(nameof(Templates))]
    public void Every_text_has_no_hole_whether_little_is_known_or_much(string path)
    {
        var template = Practice.Template(Path.GetFileNameWithoutExtension(path))!;
        foreach (var facts in (TextFacts[])[Accounts.Sparse, Accounts.Rich])
        {
            var written = Writer.Write(template, facts);
            var text = $"{written.Subject}\n{written.Text}";
            Assert.DoesNotContain(written.Missing, missing => missing.EndsWith("is not known", StringComparison.Ordinal));
            Assert.All(Holes, hole => Assert.DoesNotContain(hole, text, StringComparison.Ordinal));
            Assert.Equal(template.Subject.Length > 0, written.Subject.Length > 0);
            Assert.True(written.Text.Length > 25, text);
            Assert.Equal(written.Text.Trim(), written.Text);
            Assert.All(text.Split('\n'), line => Assert.False(line.EndsWith(": ", StringComparison.Ordinal) || line is "-" or "Hi ,", line));
        }
    }

    [Fact]
    public void What_goes_out_by_itself_leaves_nothing_for_a_person_to_fill_in()
    {
        var automatic = Practice.Playbooks.SelectMany(play => play.Steps).Where(step => step.Automatic.Count > 0).ToArray();
        Assert.NotEmpty(automatic);
        Assert.All(automatic, step =>
        {
            Assert.Equal([Tier.Smb], step.Automatic);
            Assert.Empty(step.Marks);
            Assert.Empty(Writer.Write(Practice.Template(step.Template!)!, Accounts.Sparse).Missing);
        });
    }

    [Fact]
    public void A_text_reads_as_a_person_would_write_it()
    {
        var written = Writer.Write(Practice.Template("reEngageSession")!, Accounts.Rich);
        Assert.Equal("An hour on something that matters to you", written.Subject);
        Assert.StartsWith("Hi Ana,\n\nI saw that your team works with the product less than it did a few weeks ago.", written.Text, StringComparison.Ordinal);
        Assert.Contains("\n\nYou have not tried reports, shared views and bulk edit so far. For some", written.Text, StringComparison.Ordinal);
        Assert.EndsWith("\n\nMy offer: one hour, one task of yours, and we finish it together. Would that help, and when?\n\nMaria Lopez",
            written.Text, StringComparison.Ordinal);
        Assert.StartsWith("Hi there,", Writer.Write(Practice.Template("reEngageSession")!, Accounts.Sparse).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_brief_carries_the_facts()
    {
        var text = Writer.Write(Practice.Template("riskBrief")!, Accounts.Rich).Text;
        Assert.StartsWith("Acme & Söhne <Logistics> (enterprise, Enterprise), owner Maria Lopez\n", text, StringComparison.Ordinal);
        Assert.Contains("ARR €120,000, renewal 1 March 2027", text, StringComparison.Ordinal);
        Assert.Contains("- Login frequency: -7.2 points (0.8 logins a seat and week)", text, StringComparison.Ordinal);
        Assert.Contains("Goals: close the month in three days and one report for all sites.", text, StringComparison.Ordinal);
        Assert.Contains("- A call in June: no answer.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_case_that_facts_can_express_has_its_trigger()
    {
        string[] cases =
        [
            "churnRisk", "churnRiskRed", "declineAccelerating", "capHit", "earlyDisengagement", "firstLoginMissed", "keyFeatureMissed",
            "firstValueMissed", "teamAdoptionMissed", "expansion", "seatsNearlyUsed", "limitNearlyReached", "adjacentFeatures", "npsPromoter",
            "npsPassive", "npsDetractor", "angryTicket", "ticketsPilingUp", "urgentTicket", "badReview", "paymentFailed", "championLeft",
            "executiveLeft",
            "dealClosed", "sixMonths", "cancelRequested", "dataSilent", "renewalIn60Days", "renewalAtRisk",
        ];
        Assert.Equal(cases.Order(StringComparer.Ordinal), Practice.Triggers.Select(rule => rule.Id));
        // The account's own churn-risk episode raises that alert: a second one beside it would be noise.
        Assert.All(Practice.Triggers.Where(rule => rule.When.Facts.Any(fact => fact.Key is "risk" or "cap")), rule => Assert.Null(rule.Alert));
        Assert.All(Practice.Triggers, rule => Assert.NotEmpty(rule.When.Facts));
        Assert.Equal(["badReview", "championLeft", "executiveLeft", "npsDetractor", "paymentFailed"],
            Practice.Triggers.Where(rule => rule.Alert is { Urgent: true }).Select(rule => rule.Id));
    }
}
