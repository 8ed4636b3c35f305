using System.Collections;
using HealthGrains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Measures;
using HealthGrains.Plays;
using HealthGrains.Situations;

namespace HealthGrains.Assistant.Templates;

/// <summary>An amount in a currency.</summary>
internal sealed record Money(decimal Amount, string Currency);

/// <summary>A field that nothing is known of: nothing where a template asks, and a visible hole where it is written.</summary>
internal sealed class Unknown(string path) : IEnumerable<object>
{
    public string Path { get; } = path;

    // Handlebars takes what is empty for false.
    public IEnumerator<object> GetEnumerator() => Enumerable.Empty<object>().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>The values of <see cref="TemplateFields"/> for one text.</summary>
internal static class TemplateData
{
    private static readonly Dictionary<string, object> NoFacts = FactRegistry.All.Where(fact => !fact.IsFamily)
        .ToDictionary(fact => fact.Key, fact => (object)new Unknown("facts." + fact.Key), StringComparer.Ordinal);

    public static Dictionary<string, object> Of(TextFacts facts) => new(StringComparer.Ordinal)
    {
        ["account"] = Account(facts.Account),
        ["contact"] = facts.Contact is { } contact ? Person(contact) : new Unknown("contact"),
        ["drivers"] = facts.Drivers.Select(Driver).ToArray(),
        ["facts"] = Facts(facts),
        ["featuresNotUsed"] = List(facts.FeaturesNotUsed),
        ["triedBefore"] = List(facts.TriedBefore),
        ["reason"] = Known("reason", facts.Reason),
        ["today"] = facts.Today,
    };

    private static Dictionary<string, object> Account(AccountProfile account) => new(StringComparer.Ordinal)
    {
        ["id"] = account.Id,
        ["name"] = account.Name,
        ["tier"] = account.Tier.ToString().ToLowerInvariant(),
        ["segment"] = Known("account.segment", account.Segment),
        ["plan"] = Known("account.plan", account.Plan),
        ["arr"] = Known("account.arr", account.Arr is { } arr ? new Money(arr, account.Currency) : null),
        ["seats"] = Known("account.seats", account.Seats is { } seats ? (double)seats : null),
        ["owner"] = Known("account.owner", account.Owner),
        ["ownerEmail"] = Known("account.ownerEmail", account.OwnerEmail),
        ["startedAt"] = Known("account.startedAt", Day(account.StartedAt)),
        ["renewalDate"] = Known("account.renewalDate", Day(account.RenewalDate)),
        ["termMonths"] = Known("account.termMonths", account.TermMonths is { } months ? (double)months : null),
        ["goals"] = List(account.Goals),
        ["promises"] = List(account.Promises),
        ["valueBlocks"] = List(account.ValueBlocks),
    };

    private static Dictionary<string, object> Person(Contact contact) => new(StringComparer.Ordinal)
    {
        ["id"] = contact.Id,
        ["name"] = Known("contact.name", contact.Name),
        ["email"] = Known("contact.email", contact.Email),
        ["role"] = Known("contact.role", contact.Role),
    };

    private static Dictionary<string, object> Driver(DriverView driver) => new(StringComparer.Ordinal)
    {
        ["measure"] = driver.Measure,
        ["title"] = MeasureRegistry.Find(driver.Measure)?.Title ?? driver.Measure,
        ["category"] = driver.Category,
        ["points"] = driver.Points,
        ["note"] = driver.Note,
    };

    private static Dictionary<string, object> Facts(TextFacts facts)
    {
        var all = new Dictionary<string, object>(NoFacts, StringComparer.Ordinal);
        foreach (var (key, value) in facts.Facts)
            all[key] = FactRegistry.Find(key) is { Unit: "money" } && value is double amount
                ? new Money((decimal)amount, facts.Account.Currency) : value;
        return all;
    }

    private static object[] List(IReadOnlyList<string> texts) => [.. texts.Where(text => !string.IsNullOrWhiteSpace(text))];

    private static DateOnly? Day(DateTimeOffset? time) => time is { } at ? DateOnly.FromDateTime(at.UtcDateTime) : null;

    private static object Known(string path, object? value) => value is null or "" ? new Unknown(path) : value;
}
