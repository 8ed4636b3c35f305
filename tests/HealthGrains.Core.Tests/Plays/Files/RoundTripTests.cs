using FsCheck;
using FsCheck.Fluent;
using HealthGrains.Accounts;
using HealthGrains.Health;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;
using HealthGrains.Situations;

namespace HealthGrains.Core.Tests.Plays.Files;

/// <summary>Whatever is written as a file is read back as the same.</summary>
public sealed class RoundTripTests
{
    private static readonly Config Settings = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261122, 11);

    private static readonly Gen<string> Text = Gen.Elements("Call", "Zoë's \"plan\"", "a\\b", "日本", "two\nlines", "{{x}} // no comment");
    private static readonly Gen<string> Id = Gen.Elements("a", "b2", "long.id_with-signs");
    private static readonly Gen<bool> Flag = Gen.Elements(true, false);

    private static readonly Gen<Condition> Simple = Gen.OneOf(
        from fact in Gen.Elements("score", "arr", "nps", "daysToRenewal")
        from how in Gen.Elements(Comparison.Above, Comparison.AtLeast, Comparison.Below, Comparison.AtMost, Comparison.Is)
        from number in Gen.Elements(0, 0.1, 4.5, 10)
        select (Condition)new FactIs(Fact.Find(fact)!, how, number, []),
        from fact in Gen.Elements("atRisk", "milestone:firstValue", "feature:reports")
        from flag in Flag
        select (Condition)new FactIs(Fact.Find(fact)!, Comparison.Is, flag ? 1 : 0, []),
        from texts in Gen.Elements<string[]>(["red"], ["red", "yellow"])
        select (Condition)new FactIs(Fact.Find("band")!, Comparison.Is, 0, texts),
        from fact in Gen.Elements("nps", "segment", "atRisk")
        from flag in Flag
        select (Condition)new FactIs(Fact.Find(fact)!, Comparison.Known, flag ? 1 : 0, []));

    [Fact]
    public void Triggers_are_read_as_they_were_written() => Check.One(Settings, Prop.ForAll((
        from id in Id
        from version in Gen.Choose(1, 9)
        from title in Text
        from whenIt in Conditions(2)
        from per in Flag
        from clear in Gen.Choose(0, 90)
        from alert in Gen.Elements(null, new AlertTemplate(Band.Red, "Call."), new AlertTemplate(Band.Yellow, "Write.", true, 80))
        select new TriggerRule
        {
            Id = id, Version = version, Title = title, ClearDays = clear, Alert = alert, Per = per ? Fact.Find("npsAgeDays") : null,
            When = per ? new AllOf([whenIt, new FactIs(Fact.Find("npsAgeDays")!, Comparison.AtMost, 14, [])]) : whenIt,
        }).ToArbitrary(), trigger => Same("triggers/x.json", PracticeWriter.Write(trigger), read => PracticeWriter.Write((TriggerRule)read))));

    [Fact]
    public void Playbooks_are_read_as_they_were_written() => Check.One(Settings, Prop.ForAll((
        from id in Id
        from title in Text
        from who in Gen.OneOf(Gen.Constant<Condition?>(null), Conditions(1).Select(condition => (Condition?)condition))
        from priority in Gen.Choose(-1000, 1000)
        from days in Gen.Choose(0, 400).ListOf(4)
        from until in Conditions(1)
        from exits in Gen.Elements(new PlayExits(), new PlayExits(false, true), new PlayExits(When: new FactIs(Fact.Find("nps")!, Comparison.Above, 8, [])))
        from cooldown in Gen.Choose(0, 3650)
        from outcomes in Gen.Elements<string[]>([], ["won", "lost"])
        select new Playbook
        {
            Id = id, Version = 3, Title = title, Goal = title, Trigger = "detractor", Who = who, Priority = priority, Exits = exits,
            CooldownDays = cooldown, Outcomes = outcomes, Features = outcomes, Replaces = outcomes.Length > 0 ? ["followUp"] : [],
            Steps = [.. days.Order().Select((day, k) => new PlayStep
            {
                Id = $"s{k}", Day = day, Kind = StepKind.Wait, Title = title, Until = until, After = k > 0 ? [$"s{k - 1}"] : [], WithinDays = 1 + k,
            }), new PlayStep
            {
                Id = "mail", Day = 700, Kind = StepKind.Email, Title = title, Template = "sorry", To = ["champion", "user"],
                Automatic = [Tier.Smb], Marks = ["sensitive"], By = Practice.Manager, When = who,
            }],
        }).ToArbitrary(), book => Same("playbooks/x.json", PracticeWriter.Write(book), read => PracticeWriter.Write((Playbook)read))));

    [Fact]
    public void Guardrails_are_read_as_they_were_written() => Check.One(Settings, Prop.ForAll((
        from kind in Gen.Elements(Enum.GetValues<GuardrailKind>())
        from most in Gen.Choose(1, 1000)
        from whenIt in Gen.OneOf(Gen.Constant<Condition?>(null), Conditions(1).Select(condition => (Condition?)condition))
        from flag in Flag
        select new Guardrail
        {
            Id = "x", Version = 1, Title = "X", Kind = kind, When = whenIt, Most = kind == GuardrailKind.Consent ? (flag ? 1 : 0) : most,
            Days = 1 + most % 365, Hours = 1 + most, From = new TimeOnly(most % 24, 30), To = new TimeOnly(most % 24, 0), Weekends = flag,
            Percent = most / 10.0, By = flag ? Practice.Manager : Practice.Owner, Marks = flag ? ["concession"] : [], Names = ["@example.com"], Template = kind == GuardrailKind.Digest ? "digest" : null,
        }).ToArbitrary(), rule => Same("guardrails/x.json", PracticeWriter.Write(rule), read => PracticeWriter.Write((Guardrail)read))));

    [Fact]
    public void Templates_and_teams_are_read_as_they_were_written()
    {
        Assert.True(Same("templates/x.hbs", PracticeWriter.Write(new TextTemplate("x", 2, "Hello: you", "A\n\nB")), read => PracticeWriter.Write((TextTemplate)read)));
        Assert.True(Same("teams/x.json", PracticeWriter.Write(new Team("kim", ["eve", "bob"])), read => PracticeWriter.Write((Team)read)));
        var told = new Team("kim", ["eve", "bob"])
        {
            Unowned = true, TimeZone = "Europe/Madrid",
            People = [new TeamPerson("eve") { By = TeamPerson.Mail, Email = "eve@example.com", TimeZone = "UTC" }, new TeamPerson("kim") { Digest = false }],
        };
        Assert.True(Same("teams/x.json", PracticeWriter.Write(told), read => PracticeWriter.Write((Team)read)));
    }

    private static Gen<Condition> Conditions(int depth) => depth == 0 ? Simple : Gen.OneOf(
        Simple,
        Conditions(depth - 1).Select(part => (Condition)new Not(part)),
        Conditions(depth - 1).ListOf(2).Select(parts => (Condition)new AllOf([.. parts])),
        Conditions(depth - 1).ListOf(3).Select(parts => (Condition)new AnyOf([.. parts])));

    private static bool Same(string path, string written, Func<object, string> write)
    {
        var change = Samples.Loaded().With(path, written);
        Assert.Empty(change.Problems);
        Assert.Equal(written, write(change.Book.Find(path)!));
        return true;
    }
}
