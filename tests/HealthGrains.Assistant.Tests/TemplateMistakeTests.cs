using FsCheck;
using FsCheck.Fluent;

namespace HealthGrains.Assistant.Tests;

/// <summary>Every kind of mistake in a template, at its exact place: the ¤ stands before what is wrong and is taken out.</summary>
public sealed class TemplateMistakeTests
{
    private static readonly HandlebarsWriter Writer = new();

    [Theory]
    [InlineData("Hello\n {{¤contact.nam}}", "there is no field contact.nam; did you mean contact.name?")]
    [InlineData("{{¤acount.name}}", "there is no field acount; did you mean account?")]
    [InlineData("{{¤nps}}", "there is no field nps; did you mean facts.nps?")]
    [InlineData("{{¤facts.scroe}}", "there is no field facts.scroe; did you mean facts.score?")]
    [InlineData("{{¤facts.moonPhase}}", "there is no field facts.moonPhase: 'healthgrains playbook facts' lists them")]
    [InlineData("{{change ¤facts.loginFrequency.change}}", "a fact with a dot stands in brackets: facts.[loginFrequency.change]")]
    [InlineData("{{¤account.name.first}}", "there is no field account.name.first")]
    [InlineData("{{#each drivers}}{{¤account.name}}{{/each}}", "there is no field account in here: write @root.account.name")]
    [InlineData("{{#each drivers}}{{¤notes}}{{/each}}", "there is no field notes; did you mean note?")]
    [InlineData("{{#each account.goals}}{{¤../account.name}}{{/each}}", "../account.name is not known here: write @root. and the field, such as @root.account.name")]
    [InlineData("{{¤account}}", "account is not a text: name one of account.id, account.name, account.tier, account.segment, account.plan, account.arr")]
    [InlineData("{{¤account.goals}}", "account.goals is a list: write {{list account.goals}} or {{#each account.goals}}")]
    [InlineData("{{¤facts.seatsUsed}}", "facts.seatsUsed is a share and would read 0.8: write {{percent facts.seatsUsed}}")]
    [InlineData("{{¤facts.atRisk}}", "facts.atRisk is yes or no: write {{#if facts.atRisk}}...{{/if}}")]
    [InlineData("{{#if ¤facts.nps}}x{{/if}}", "facts.nps is a number, and 0 would count as missing: write {{#known facts.nps}}")]
    [InlineData("{{¤dat account.renewalDate}}", "'dat' is no helper: date, shortDate, money, percent, change, number, plural, count, list, words, top, fill, firstName; did you mean date?")]
    [InlineData("{{date ¤account.name}}", "account.name is not a date: {{date account.renewalDate}}")]
    [InlineData("{{¤date}}", "date needs a date: {{date account.renewalDate}}")]
    [InlineData("{{plural facts.nps ¤facts.score}}", "facts.score is not a text: {{plural facts.unpaidDays \"day\"}}")]
    [InlineData("{{date account.renewalDate ¤\"d MMM\"}}", "'\"d MMM\"' is too much here")]
    [InlineData("{{list ¤(words featuresNotUsed}}", "this ( is never closed: put ) behind it")]
    [InlineData("{{#¤loop drivers}}x{{/loop}}", "'loop' opens no block: if, unless, each, with, known")]
    [InlineData("{{#¤if}}x{{/if}}", "if of what? {{#if account.goals}}")]
    [InlineData("{{#each ¤account.name}}x{{/each}}", "account.name is no list: each goes over a list")]
    [InlineData("{{#with ¤account.name}}x{{/with}}", "account.name has no fields: with goes into what has")]
    [InlineData("a\n¤{{#if account.plan}}x", "{{#if}} is never closed: put {{/if}} where it ends")]
    [InlineData("a\n{{#if account.plan}}x¤{{/each}}", "{{/each}} closes {{#if}} of line 2: write {{/if}}")]
    [InlineData("a¤{{/if}}", "{{/if}} closes nothing: take it out")]
    [InlineData("¤{{else}}", "an else outside of a block: take it out, or open one with {{#if ...}}")]
    [InlineData("{{#if account.plan}}a{{else}}b¤{{else}}c{{/if}}", "a second else in one {{#if}}: take it out")]
    [InlineData("{{#if account.plan}}a{{else ¤each drivers}}b{{/if}}", "behind else stands nothing, or another condition: {{else if ...}}")]
    [InlineData("¤{{{account.name}}}", "three braces are not needed, for nothing is escaped: write two")]
    [InlineData("¤{{> footer}}", "templates do not contain other templates: write the text here")]
    [InlineData("¤{{^account.plan}}x", "write {{#unless ...}}")]
    [InlineData("¤{{& account.name}}", "{{& is not known here: write {{ and the field")]
    [InlineData("¤{{ }}", "an empty tag: name a field")]
    [InlineData("Hello ¤{{account.name", "this {{ is never closed: put }} behind the field")]
    [InlineData("Hello ¤{{account.name {{today}}", "this {{ is never closed: put }} behind the field")]
    [InlineData("¤\\{{account.name}}", "\\{{ would write the braces themselves, as if something were missing: leave it out")]
    public void A_mistake_is_told_with_its_place_and_what_would_be_right(string sample, string reason)
    {
        var before = sample[..sample.IndexOf('¤')];
        var mistake = Assert.Single(Writer.Read(sample.Remove(before.Length, 1)).Mistakes);
        var (line, column) = (before.Count(c => c == '\n') + 1, before.Length - before.LastIndexOf('\n'));
        Assert.Equal((line, column, reason), (mistake.Line, mistake.Column, mistake.Reason));
    }

    [Fact]
    public void The_fields_that_a_template_names_are_told_in_full()
    {
        var reading = Writer.Read("Hi {{firstName contact}},\n{{#each drivers}}{{title}} {{@root.account.id}}{{/each}}{{#each account.goals}}{{this}}{{/each}}");
        Assert.Equal(["contact 1:16", "drivers 2:9", "drivers.title 2:20", "account.id 2:30", "account.goals 2:65", "account.goals 2:82"],
            reading.Fields.Select(field => $"{field.Name} {field.Line}:{field.Column}"));
    }

    /// <summary>Whatever is written, it is either refused or it can be compiled and written: never an exception.</summary>
    [Fact]
    public void No_text_breaks_the_check_and_what_it_lets_pass_is_written()
    {
        string[] pieces =
        [
            "{{", "}}", "{{#if ", "{{#each ", "{{/if}}", "{{/each}}", "{{else}}", "account.name", "drivers", "facts.[loginFrequency.change]", " ", "\n",
            "{{account.name}}", "{{!--", "--}}", "(", ")", "\"", "'", "[", "]", "~", "\\", "{{list ", "{{#known facts.nps}}", "{{/known}}", "@root.", "this", "{{!", "^", "|", "=",
        ];
        var texts = Gen.ArrayOf(Gen.Elements(pieces)).Select(string.Concat).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20261122, 9), Prop.ForAll(texts, text =>
        {
            if (Writer.Read(text).Mistakes.Count == 0) Writer.Write(new Plays.TextTemplate("x", 1, "", text), Accounts.Sparse);
        }));
    }
}
