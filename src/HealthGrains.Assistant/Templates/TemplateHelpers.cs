using HandlebarsDotNet;
using HealthGrains.Plays.Files;

namespace HealthGrains.Assistant.Templates;

/// <summary>What may stand at a place of a helper.</summary>
internal sealed record HelperPlace(string Name, ValueKind[] Kinds, bool Optional = false);

/// <summary>A helper: its name, what it takes and what it gives; the template check and the writer both go by it.</summary>
internal sealed record TemplateHelper(string Name, HelperPlace[] Takes, Func<object?[], object> Give)
{
    /// <summary>Whether it gives a list of what it was given, for use within another; else it gives a text.</summary>
    public bool GivesList { get; init; }

    /// <summary>How it is written, for messages: <c>{{date account.renewalDate}}</c>.</summary>
    public required string Sample { get; init; }
}

/// <summary>The helpers of templates.</summary>
internal static class TemplateHelpers
{
    /// <summary>Leaves a place that a person must fill in before the text may go out.</summary>
    public const string Fill = TemplateField.Fill;

    private static readonly HelperPlace Day = new("a date", [ValueKind.Date]);
    private static readonly HelperPlace Share = new("a share", [ValueKind.Share]);
    private static readonly HelperPlace Count = new("a number", [ValueKind.Number]);
    private static readonly HelperPlace Word = new("a text", [ValueKind.Text]);
    private static readonly HelperPlace Texts = new("a list", [ValueKind.List]);

    public static readonly IReadOnlyList<TemplateHelper> All =
    [
        new("date", [Day], a => Wording.Date((DateOnly)a[0]!)) { Sample = "{{date account.renewalDate}}" },
        new("shortDate", [Day], a => Wording.ShortDate((DateOnly)a[0]!)) { Sample = "{{shortDate today}}" },
        new("money", [new HelperPlace("money", [ValueKind.Money])], a => WordingFormat.Written(a[0])) { Sample = "{{money account.arr}}" },
        new("percent", [Share], a => Wording.Percent(Number(a[0]))) { Sample = "{{percent facts.seatsUsed}}" },
        new("change", [Share], a => Wording.Change(Number(a[0]))) { Sample = "{{change facts.[loginFrequency.change]}}" },
        new("number", [Count, Count with { Optional = true }], a => Wording.Number(Number(a[0]), a.Length > 1 ? (int)Number(a[1]) : 0))
        {
            Sample = "{{number facts.score}}",
        },
        new("plural", [Count, Word, Word with { Optional = true }],
            a => Wording.Plural(Number(a[0]), (string)a[1]!, a.Length > 2 ? (string)a[2]! : null))
        {
            Sample = "{{plural facts.unpaidDays \"day\"}}",
        },
        new("count", [Texts], a => Wording.Number(Items(a[0]).Length, 0)) { Sample = "{{count account.goals}}" },
        new("list", [Texts], a => Wording.List([.. Items(a[0]).Select(WordingFormat.Written)])) { Sample = "{{list account.goals}}" },
        new("words", [new HelperPlace("a text or a list", [ValueKind.Text, ValueKind.List])],
            a => a[0] is string text ? Wording.InWords(text)
                : Items(a[0]).Select(item => (object)Wording.InWords((string)item)).ToArray())
        {
            GivesList = true, Sample = "{{list (words featuresNotUsed)}}",
        },
        new("top", [Texts, Count], a => Items(a[0]).Take((int)Number(a[1])).ToArray())
        {
            GivesList = true, Sample = "{{#each (top drivers 3)}}",
        },
        new(Fill, [Word], a => WordingFormat.ToFill((string)a[0]!)) { Sample = "{{fill \"what was agreed\"}}" },
        new("firstName", [new HelperPlace("a contact or a name", [ValueKind.Object, ValueKind.Text])], a => FirstName(a[0]))
        {
            Sample = "{{firstName contact}}",
        },
    ];

    /// <summary>Blocks, which ask whether something is known or go over it.</summary>
    public static readonly string[] Blocks = ["if", "unless", "each", "with", "known"];

    public static void Register(IHandlebars handlebars)
    {
        foreach (var helper in All)
            handlebars.RegisterHelper(helper.Name, (in HelperOptions _, in Context _, in Arguments given) => Call(helper, given));
        handlebars.RegisterHelper("known", (EncodedTextWriter output, BlockHelperOptions options, Context context, Arguments given) =>
        {
            if (given[0] is null or Unknown or UndefinedBindingResult) options.Inverse(output, context);
            else options.Template(output, context);
        });
    }

    private static object Call(TemplateHelper helper, Arguments given)
    {
        var values = new object?[given.Length];
        for (var k = 0; k < values.Length; k++)
        {
            values[k] = given[k];
            // Of somebody who is not known the name is "there", and of a list that is not known there is nothing.
            if (values[k] is UndefinedBindingResult && helper.Name != "firstName") return WordingFormat.Written(values[k]);
            if (values[k] is Unknown && helper.Name != "firstName" && !helper.Takes[k].Kinds.Contains(ValueKind.List))
                return WordingFormat.Written(values[k]);
        }
        return helper.Give(values);
    }

    private static string FirstName(object? who) => Wording.FirstName(who switch
    {
        string name => name,
        IReadOnlyDictionary<string, object> person => person.GetValueOrDefault("name") as string,
        _ => null,
    });

    private static double Number(object? value) => Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture);

    private static object[] Items(object? list) => list switch
    {
        object[] items => items,
        IEnumerable<object> items => [.. items],
        _ => [],
    };
}
