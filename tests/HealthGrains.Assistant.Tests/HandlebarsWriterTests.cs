using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using HealthGrains.Assistant.Templates;
using HealthGrains.Plays;

namespace HealthGrains.Assistant.Tests;

public sealed class HandlebarsWriterTests
{
    private static readonly HandlebarsWriter Writer = new();

    [Theory]
    [InlineData("{{account.name}}", "Acme & Söhne <Logistics>")]
    [InlineData("{{money account.arr}} {{account.arr}}", "€120,000 €120,000")]
    [InlineData("{{date account.renewalDate}}, {{shortDate today}}, {{account.renewalDate}}", "1 March 2027, 22 November, 1 March 2027")]
    [InlineData("{{percent facts.seatsUsed}}", "91%")]
    [InlineData("{{change facts.[loginFrequency.change]}}", "91% higher")]
    [InlineData("{{number facts.score}} {{number facts.score 2}} {{facts.score}}", "7 6.5 6.5")]
    [InlineData("{{plural facts.unpaidDays \"day\"}}", "7 days")]
    [InlineData("{{count account.goals}}", "2")]
    [InlineData("{{list account.promises}}", "single sign-on by May")]
    [InlineData("{{list (words featuresNotUsed)}}", "reports, shared views and bulk edit")]
    [InlineData("{{#each (top drivers 1)}}{{title}}{{/each}}", "Login frequency")]
    [InlineData("{{#each account.goals}}{{@index}} {{this}} {{@root.account.id}};{{/each}}", "0 close the month in three days acme;1 one report for all sites acme;")]
    [InlineData("{{#with account}}{{name}}{{/with}}", "Acme & Söhne <Logistics>")]
    [InlineData("{{firstName contact}} {{firstName contact.name}} {{firstName account.owner}}", "Ana Ana Maria")]
    [InlineData("{{#if account.segment}}A{{else}}B{{/if}}{{#unless account.segment}}A{{else}}B{{/unless}}{{#known facts.nps}}A{{else}}B{{/known}}", "ABA")]
    [InlineData("{{!-- {{ a remark }} --}}a{{! b }}b {{~ account.id }}", "abacme")]
    public void Helpers_write_what_people_read(string template, string expected) =>
        Assert.Equal(expected, Write(template, Accounts.Rich).Text);

    [Theory]
    [InlineData("{{#if account.arr}}A{{else}}B{{/if}}", "B")]
    [InlineData("{{#if contact}}A{{else}}B{{/if}}", "B")]
    [InlineData("{{#known account.arr}}A{{else}}B{{/known}}", "B")]
    [InlineData("{{#known facts.churnProbability}}A{{else}}B{{/known}}", "A")]
    [InlineData("{{#known facts.change7Days}}A{{/known}}", "A")]
    [InlineData("{{#each drivers}}A{{else}}none{{/each}}", "none")]
    [InlineData("a{{list account.goals}}b", "ab")]
    [InlineData("{{firstName contact}}", "there")]
    public void What_is_not_known_counts_as_missing_and_zero_does_not(string template, string expected)
    {
        var written = Write(template, Accounts.Sparse);
        Assert.Equal((expected, 0), (written.Text, written.Missing.Count));
    }

    [Theory]
    [InlineData("Until {{date account.renewalDate}}.", "Until ⟦account.renewalDate is not known⟧.", "account.renewalDate is not known")]
    [InlineData("{{account.arr}}", "⟦account.arr is not known⟧", "account.arr is not known")]
    [InlineData("{{facts.nps}}", "⟦facts.nps is not known⟧", "facts.nps is not known")]
    [InlineData("{{percent facts.[loginFrequency.change]}}", "⟦facts.loginFrequency.change is not known⟧", "facts.loginFrequency.change is not known")]
    [InlineData("Done: {{fill \"what\"}}", "Done: ⟦what⟧", "what")]
    public void A_hole_is_seen_and_told(string template, string expected, string missing)
    {
        var written = Write(template, Accounts.Sparse);
        Assert.Equal(expected, written.Text);
        Assert.Equal([missing], written.Missing);
        Assert.Equal(missing, WrittenText.Hole(written.Text));
    }

    [Theory]
    [InlineData("Ana Silva", "Ana")]
    [InlineData("Silva, Ana", "Ana")]
    [InlineData("Prof. Dr. Ana Silva", "Ana")]
    [InlineData("J. Smith", "Smith")]
    [InlineData("Jean-Luc Picard", "Jean-Luc")]
    [InlineData("陈 伟", "陈")]
    [InlineData("ana@example.com", "there")]
    [InlineData("user-4711", "there")]
    [InlineData("  ", "there")]
    [InlineData(null, "there")]
    public void A_first_name_is_what_people_are_greeted_by(string? name, string expected) =>
        Assert.Equal(expected, Wording.FirstName(name));

    [Theory]
    [InlineData("sharedViews", "shared views")]
    [InlineData("bulk-edit_mode", "bulk edit mode")]
    [InlineData("auditSQL", "audit SQL")]
    [InlineData("reports", "reports")]
    public void Names_of_features_are_written_in_words(string name, string expected) => Assert.Equal(expected, Wording.InWords(name));

    [Theory]
    [InlineData(1, "1 day")]
    [InlineData(0.6, "1 day")]
    [InlineData(0, "0 days")]
    [InlineData(1234.4, "1,234 days")]
    public void A_number_agrees_with_its_word(double number, string expected) => Assert.Equal(expected, Wording.Plural(number, "day", null));

    [Theory]
    [InlineData(120000, "USD", "$120,000")]
    [InlineData(99.5, "GBP", "£99.50")]
    [InlineData(-20, "CHF", "-CHF 20")]
    public void Money_names_its_currency(double amount, string currency, string expected) =>
        Assert.Equal(expected, Wording.Amount(new Money((decimal)amount, currency)));

    [Fact]
    public void The_same_template_and_facts_give_the_same_text_in_any_culture_and_on_any_thread()
    {
        var template = new TextTemplate("x", 1, "{{account.arr}}", "{{number facts.score 2}} {{date today}} {{#each drivers}}{{points}}{{/each}}");
        var expected = new HandlebarsWriter().Write(template, Accounts.Rich);
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = "," } };
            var other = new HandlebarsWriter();
            Assert.All(Enumerable.Range(0, 200).AsParallel().Select(_ => other.Write(template, Accounts.Rich)).ToArray(),
                written => Assert.Equal((expected.Subject, expected.Text), (written.Subject, written.Text)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Another_version_is_another_text()
    {
        Assert.Equal("one", Writer.Write(new TextTemplate("v", 1, "", "one"), Accounts.Rich).Text);
        Assert.Equal("two", Writer.Write(new TextTemplate("v", 2, "", "two"), Accounts.Rich).Text);
    }

    [Fact]
    public void Whatever_a_name_holds_is_written_as_it_is()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20261122, 7), Prop.ForAll<NonNull<string>>(name =>
        {
            var plain = new string([.. name.Get.Where(c => !char.IsControl(c) && !char.IsSurrogate(c) && c is not ('\u2028' or '\u2029'))]);
            var account = Accounts.Rich.Account with { Name = $"<{plain}>" };
            return Write("{{account.name}}|", Accounts.Rich with { Account = account }).Text == $"<{plain}>|";
        }));
    }

    private static WrittenText Write(string body, TextFacts facts)
    {
        Assert.Empty(Writer.Read(body).Mistakes);
        return Writer.Write(new TextTemplate("x", 1, "", body), facts);
    }
}
