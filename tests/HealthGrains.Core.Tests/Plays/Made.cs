using HealthGrains.Accounts;
using HealthGrains.Core.Tests.Accounts;
using HealthGrains.Health;
using HealthGrains.Plays;
using HealthGrains.Signals;
using HealthGrains.Situations;

namespace HealthGrains.Core.Tests.Plays;

/// <summary>Parts of a practice, made up.</summary>
internal static class Made
{
    public const string Detractor = "detractor", Trouble = "trouble";

    public static readonly TextTemplate Letter = new("letter", 2, "About {account}", "Dear");

    public static readonly Team Team = new("maria", ["dana", "eve"]);

    /// <summary>Ada, the champion, in Berlin; Tim, a user, in New York.</summary>
    public static readonly AccountProfile Acme = Lives.Acme with
    {
        OwnerEmail = "dana@us.example",
        Contacts =
        [
            new Contact("c1", "Ada", "ada@acme.example", "champion", true, "Europe/Berlin"),
            new Contact("c2", "Tim", "tim@acme.example", "user", true, "America/New_York"),
        ],
    };

    /// <summary>Somebody who answers an NPS survey with 6 or less: an episode an answer.</summary>
    public static TriggerRule DetractorRule { get; } = new()
    {
        Id = Detractor, Version = 3, Title = "A detractor has answered",
        When = All(Number("nps", Comparison.AtMost, 6), Number("npsAgeDays", Comparison.AtMost, 14)),
        Per = Fact("npsAgeDays"), Alert = new AlertTemplate(Band.Red, "Call today", Urgent: true, Rank: 90),
    };

    /// <summary>An account of segment trouble: comes and goes with the profile.</summary>
    public static TriggerRule TroubleRule { get; } = new()
    {
        Id = Trouble, Version = 1, Title = "In trouble", When = Word("segment", "trouble"), ClearDays = 3,
        Alert = new AlertTemplate(Band.Yellow, "Ask why"),
    };

    public static Fact Fact(string key) => HealthGrains.Situations.Fact.Find(key) ?? throw new ArgumentException(key);

    public static Condition Number(string key, Comparison how, double number) => new FactIs(Fact(key), how, number, []);

    public static Condition Word(string key, params string[] words) => new FactIs(Fact(key), Comparison.Is, 0, words);

    public static Condition Flag(string key, bool set = true) => new FactIs(Fact(key), Comparison.Is, set ? 1 : 0, []);

    public static Condition Known(string key, bool known = true) => new FactIs(Fact(key), Comparison.Known, known ? 1 : 0, []);

    public static Condition All(params Condition[] parts) => new AllOf(parts);

    public static Condition Any(params Condition[] parts) => new AnyOf(parts);

    public static Playbook Book(string id, params PlayStep[] steps) =>
        new() { Id = id, Version = 1, Title = $"Play {id}", Goal = "To test", Steps = steps, CooldownDays = 0 };

    public static PlayStep Task(string id, int day) => new() { Id = id, Day = day, Kind = StepKind.Task, Title = $"Do {id}" };

    public static PlayStep Mail(string id, int day) =>
        new() { Id = id, Day = day, Kind = StepKind.Email, Title = $"Write {id}", Template = "letter" };

    public static PlayStep Notice(string id, int day) => new() { Id = id, Day = day, Kind = StepKind.Notice, Title = $"Tell {id}" };

    public static PlayStep Approval(string id, int day) =>
        new() { Id = id, Day = day, Kind = StepKind.Approval, Title = $"Allow {id}", By = Practice.Manager };

    public static PlayStep WaitFor(string id, int day, Condition until, int within) =>
        new() { Id = id, Day = day, Kind = StepKind.Wait, Title = $"Wait {id}", Until = until, WithinDays = within };

    public static Guardrail Rule(GuardrailKind kind, string id = "rule") =>
        new() { Id = id, Version = 4, Title = $"The rule {id}", Kind = kind };

    public static Guardrail Quiet(string from, string to, bool weekends = false) => Rule(GuardrailKind.QuietHours, "quiet") with
    {
        From = TimeOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture),
        To = TimeOnly.Parse(to, System.Globalization.CultureInfo.InvariantCulture), Weekends = weekends,
    };

    public static long At(string time) =>
        DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal)
            .ToUnixTimeMilliseconds();

    public static Signal Nps(float answer, long at) => new((ulong)at, at, SignalKind.NpsAnswered, 7ul << 32, 0, answer);
}

/// <summary>Writes the template's text and to whom it goes.</summary>
internal sealed class LetterWriter : ITextWriter
{
    /// <summary>Names what is in a digest, a line each.</summary>
    public WrittenText Write(TextTemplate template, DigestFacts facts)
    {
        string[] lines =
        [
            .. facts.Pushed.Select(alert => $"pushed {alert.Account}: {alert.Reason}{(alert.Acknowledged ? " (acknowledged)" : "")}"),
            .. facts.Listed.Select(alert => $"listed {alert.Account}: {alert.Reason} ({facts.ListedBecause})"),
            .. facts.Tasks.Select(task => $"task {task.Account}: {task.Title}{(task.Late ? " (late)" : "")}"),
            .. facts.Drafts.Select(draft => $"draft {draft.Account}: {draft.Title}"),
            .. facts.Ended.Select(alert => $"ended {alert.Account}: {alert.How}"),
        ];
        return new WrittenText($"{facts.To} on {facts.Today:yyyy-MM-dd}", string.Join('\n', lines));
    }

    public WrittenText Write(TextTemplate template, TextFacts facts)
    {
        var text = $"{template.Body} {facts.Contact?.Name}";
        return new WrittenText(template.Subject.Replace("{account}", facts.Account.Name, StringComparison.Ordinal), text)
        {
            Missing = WrittenText.Hole(text) is { } hole ? [hole] : [],
        };
    }
}
