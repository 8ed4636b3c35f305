namespace HealthGrains.Plays.Files;

/// <summary>What the files of a practice may hold, field by field.</summary>
internal static class Shapes
{
    public static readonly string[] StepKinds = ["task", "email", "inApp", "notice", "brief", "approval", "wait"];
    public static readonly string[] GuardrailKinds =
    [
        "messagesPerContact", "messagesPerAccount", "quietHours", "consent", "suppression", "holdout", "approval", "playsAtOnce",
        "escalation", "alertBudget", "digest",
    ];
    public static readonly string[] Tiers = ["enterprise", "standard", "smb"];
    public static readonly string[] Severities = ["red", "yellow"];
    public static readonly string[] People = [Practice.Owner, Practice.Manager];
    public static readonly string[] Ways = [TeamPerson.Chat, TeamPerson.Mail];
    public static readonly string[] Roles = ["champion", "executive", "admin", "user"];

    private static readonly Field Schema = new("$schema", FieldKind.Schema, "Where the editor finds what may stand in this file");
    private static readonly Field Id = new("id", FieldKind.Id, "The name by which other files and decisions know it") { Required = true };
    private static readonly Field Title = new("title", FieldKind.Text, "What it is, for people") { Required = true };
    private static readonly Field Version = new("version", FieldKind.Whole, "The version, from 1; every change of what it says raises it")
    {
        Required = true, Min = 1, Max = 1_000_000,
    };

    public static readonly Shape Alert = new("alert", "The alert that a trigger raises",
    [
        new("severity", FieldKind.Word, "How bad it is") { Required = true, Words = Severities, Noun = "severity" },
        new("approach", FieldKind.Text, "What to do about it, in a sentence or two") { Required = true },
        new("urgent", FieldKind.Flag, "Whether it is told to the owner at once, outside the weekly budget"),
        new("rank", FieldKind.Whole, "Which comes first where the budget does not hold all; the higher, the earlier") { Min = 0, Max = 100 },
    ]);

    public static readonly Shape Trigger = new("trigger", "What makes the company act on an account",
    [
        Schema, Id, Version, Title,
        new("when", FieldKind.Condition, "When it holds") { Required = true },
        new("per", FieldKind.Age, "A fact in days since something happened: it fires once for each happening"),
        new("clearDays", FieldKind.Whole, "Days for which it must not hold before it is over and may fire again") { Min = 0, Max = 90 },
        new("alert", FieldKind.Object, "The alert that it raises; none when it only starts plays") { Shape = Alert },
    ]);

    public static readonly Shape Step = new("step", "A step of a playbook",
    [
        new("id", FieldKind.Id, "Its name within the playbook") { Required = true },
        new("day", FieldKind.Whole, "The day, counted from the start: 0 is at once") { Required = true, Min = 0, Max = 730 },
        new("kind", FieldKind.Word, "What it does") { Required = true, Words = StepKinds, Noun = "kind of step" },
        new("title", FieldKind.Text, "What is to be done, in a few words") { Required = true },
        new("when", FieldKind.Condition, "Only for accounts of which this holds when it falls due"),
        new("after", FieldKind.Ids, "Steps that must be done or skipped before"),
        new("template", FieldKind.Id, "The template of its text"),
        new("to", FieldKind.Words, "Roles of the contact it goes to, the first that can be reached") { Words = Roles, Noun = "role of a contact" },
        new("by", FieldKind.Word, "Who does or approves it") { Words = People, Noun = "role of a colleague" },
        new("automatic", FieldKind.Words, "Tiers for which it goes out without a person's approval") { Words = Tiers, Noun = "tier" },
        new("marks", FieldKind.Ids, "What in the text needs a closer look: concession, sensitive"),
        new("withinDays", FieldKind.Whole, "Days within which it should be done, or for which is waited") { Min = 1, Max = 365 },
        new("until", FieldKind.Condition, "What is waited for"),
        new("receiver", FieldKind.Id, "Who gets the notice: chat, or the name of a webhook"),
    ])
    {
        DecidedBy = "kind",
        Cases = Cases(
            ("task", [], ["template", "marks"]),
            ("email", ["template", "to"], ["automatic", "marks"]),
            ("inApp", ["template", "to"], ["automatic", "marks"]),
            ("notice", [], ["template", "receiver"]),
            ("brief", ["template"], []),
            ("approval", [], ["template", "marks"]),
            ("wait", [], ["until"])),
    };

    public static readonly Shape Exits = new("exits", "When a run is over before its last step; a churn ends every run",
    [
        new("recovered", FieldKind.Flag, "When what began it is over"),
        new("renewed", FieldKind.Flag, "When the account has renewed since"),
        new("when", FieldKind.Condition, "When this holds"),
    ]);

    public static readonly Shape Playbook = new("playbook", "A recipe for a situation: who it is for, what happens on which day",
    [
        Schema, Id, Version, Title,
        new("goal", FieldKind.Text, "What it is to reach, in one sentence") { Required = true },
        new("trigger", FieldKind.Id, "The trigger that starts it; none when only people start it"),
        new("who", FieldKind.Condition, "Which accounts it is for; none for all"),
        new("priority", FieldKind.Whole, "The first playbook of a trigger that fits is taken: the higher, the earlier it is looked at")
        {
            Min = -1000, Max = 1000,
        },
        new("steps", FieldKind.Objects, "The steps, in the order of their days") { Required = true, Shape = Step },
        new("exits", FieldKind.Object, "When a run is over before its last step") { Shape = Exits },
        new("replaces", FieldKind.Ids, "Playbooks whose runs end when this one starts"),
        new("notDuring", FieldKind.Ids, "Playbooks during whose runs this one does not start by itself"),
        new("then", FieldKind.Id, "The playbook that starts when this one has run to its end"),
        new("cooldownDays", FieldKind.Whole, "Days after a run before the same starts by itself again") { Min = 0, Max = 3650 },
        new("features", FieldKind.Texts, "Features whose adoption matters; texts name those not used yet"),
        new("outcomes", FieldKind.Texts, "The words in which an outcome is captured"),
    ]);

    public static readonly Shape Guardrail = new("guardrail", "A limit to what is done",
    [
        Schema, Id, Version,
        Title with { Title = "The rule in words: what a person is told who runs into it" },
        new("kind", FieldKind.Word, "What it keeps") { Required = true, Words = GuardrailKinds, Noun = "kind of guardrail" },
        new("when", FieldKind.Condition, "Only for accounts of which this holds; none for all"),
        new("most", FieldKind.Whole, "How many there may be") { Min = 1, Max = 1000 },
        new("days", FieldKind.Whole, "In how many days") { Min = 1, Max = 365 },
        new("hours", FieldKind.Whole, "After how many hours") { Min = 1, Max = 8760 },
        new("from", FieldKind.Time, "When the quiet hours begin, local time"),
        new("to", FieldKind.Time, "When the quiet hours end, local time"),
        new("weekends", FieldKind.Flag, "Whether Saturday and Sunday are quiet throughout"),
        new("percent", FieldKind.Number, "Percent of the accounts") { Min = 0, Max = 100 },
        new("by", FieldKind.Word, "Who must approve") { Words = People, Noun = "role of a colleague" },
        new("marks", FieldKind.Ids, "Only for texts with one of these marks; none for all"),
        new("names", FieldKind.Texts, "E-mail addresses, domains (@example.com) and accounts"),
        new("silenceIsConsent", FieldKind.Flag, "Whether who has not said either way may be written to"),
        new("at", FieldKind.Time, "When the digest goes out, by the clock of who gets it"),
        new("template", FieldKind.Id, "The template of the digest"),
    ])
    {
        DecidedBy = "kind",
        Cases = Cases(
            ("messagesPerContact", ["most", "days"], []),
            ("messagesPerAccount", ["most", "days"], []),
            ("quietHours", ["from", "to"], ["weekends"]),
            ("consent", [], ["silenceIsConsent"]),
            ("suppression", ["names"], []),
            ("holdout", ["percent"], []),
            ("approval", [], ["by", "marks"]),
            ("playsAtOnce", ["most"], []),
            ("escalation", ["hours"], []),
            ("alertBudget", ["most", "days"], []),
            ("digest", ["at", "template"], [])),
    };

    public static readonly Shape Person = new("person", "How a colleague wants to be told",
    [
        new("name", FieldKind.Text, "Who: the manager or a member") { Required = true },
        new("by", FieldKind.Word, "Where they are told of alerts and get their digest") { Words = Ways, Noun = "way to tell somebody" },
        new("email", FieldKind.Text, "Their address, where they are told by e-mail"),
        new("timeZone", FieldKind.Zone, "Their time zone; none for the team's"),
        new("digest", FieldKind.Flag, "Whether they get the digest"),
    ]);

    public static readonly Shape Team = new("team", "People who work together",
    [
        Schema,
        new("manager", FieldKind.Text, "Who leads them: approves, and hears of what is left lying") { Required = true },
        new("members", FieldKind.Texts, "The CSMs, as accounts name their owners") { Required = true },
        new("people", FieldKind.Objects, "How they want to be told; who is not named is told in the team's chat") { Shape = Person },
        new("unowned", FieldKind.Flag, "Whether the manager is told of accounts that nobody owns"),
        new("timeZone", FieldKind.Zone, "The time zone of those who have none of their own, such as Europe/Madrid; none for UTC"),
    ]);

    /// <summary>The head of a template.</summary>
    public static readonly IReadOnlyList<Field> TemplateHead =
        [Id, Version, new("subject", FieldKind.Text, "The subject line of an e-mail")];

    /// <summary>The shape of a kind of file; null for templates, which are text.</summary>
    public static Shape? Of(PracticeKind kind) => kind switch
    {
        PracticeKind.Trigger => Trigger,
        PracticeKind.Playbook => Playbook,
        PracticeKind.Guardrail => Guardrail,
        PracticeKind.Team => Team,
        _ => null,
    };

    private static Dictionary<string, (string[] Needs, string[] May)> Cases(params (string Word, string[] Needs, string[] May)[] cases) =>
        cases.ToDictionary(one => one.Word, one => (one.Needs, one.May), StringComparer.Ordinal);
}
