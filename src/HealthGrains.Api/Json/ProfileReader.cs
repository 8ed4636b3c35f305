using System.Text.Json;
using HealthGrains.Accounts;

namespace HealthGrains.Api.Json;

/// <summary>Reads an account's profile. Unknown properties are ignored: other systems send what they have.</summary>
internal static class ProfileReader
{
    private const decimal MaxArr = 1_000_000_000_000m;

    private static readonly string[] KnownRoles = ["champion", "executive", "admin", "user"];

    public static AccountProfile Read(string id, JsonElement body)
    {
        var errors = new List<FieldError>();
        var fields = new FieldReader(body, "", errors);
        if (fields.Text("id") is { } given && given != id) fields.Fault("id", $"'{given}' is not the '{id}' of the path");

        var profile = new AccountProfile
        {
            Id = id,
            Name = fields.Text("name") ?? id,
            Tier = fields.OneOf<Tier>("tier") ?? Tier.Standard,
            Segment = fields.Text("segment"),
            Plan = fields.Text("plan"),
            Arr = fields.Money("arr", MaxArr),
            Currency = Currency(fields) ?? "USD",
            Seats = fields.Whole("seats", 0, 10_000_000),
            StartedAt = fields.Moment("startedAt"),
            RenewalDate = fields.Moment("renewalDate"),
            TermMonths = fields.Whole("termMonths", 1, 1200),
            Owner = fields.Text("owner"),
            OwnerEmail = fields.Text("ownerEmail"),
            Parent = Parent(fields, id),
            ExternalIds = fields.Map("externalIds"),
            Goals = fields.Texts("goals"),
            Promises = fields.Texts("promises"),
            ValueBlocks = fields.Texts("valueBlocks"),
            Contacts = Contacts(fields, errors),
        };
        return errors.Count == 0 ? profile : throw Refusal.Of(ProblemKind.InvalidBody, errors);
    }

    private static string? Currency(FieldReader fields)
    {
        if (fields.Text("currency") is not { } text) return null;
        if (text.Length == 3 && text.All(char.IsAsciiLetter)) return text.ToUpperInvariant();
        fields.Fault("currency", $"'{text}' is not an ISO 4217 code such as USD or EUR");
        return null;
    }

    private static string? Parent(FieldReader fields, string id)
    {
        if (fields.Text("parent") is not { } parent) return null;
        if (!AccountId.IsValid(parent)) fields.Fault("parent", AccountId.Rule);
        else if (parent == id) fields.Fault("parent", "an account is not its own parent");
        return parent;
    }

    private static List<Contact> Contacts(FieldReader fields, List<FieldError> errors)
    {
        if (!fields.Has("contacts", out var value) || !fields.Items("contacts", value)) return [];
        var contacts = new List<Contact>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            var path = $"contacts[{index++}]";
            if (item.ValueKind != JsonValueKind.Object)
            {
                fields.Fault(path, "not an object");
                continue;
            }
            var contact = new FieldReader(item, path, errors);
            var email = contact.Text("email");
            var id = contact.Text("id", max: 128) ?? email;
            if (id is null) contact.Fault("id", "required: your system's id of the contact");
            else if (!seen.Add(id)) contact.Fault("id", $"'{id}' names two contacts");
            else contacts.Add(new Contact(
                id, contact.Text("name"), email, Role(contact), contact.Flag("consent"), contact.Text("timeZone", max: 64)));
        }
        return contacts;
    }

    /// <summary>Roles are the company's own words; the four that the model knows are recognised in any case.</summary>
    private static string? Role(FieldReader contact)
    {
        var role = contact.Text("role", max: 64);
        return role is null ? null : Array.Find(KnownRoles, known => known.Equals(role, StringComparison.OrdinalIgnoreCase)) ?? role;
    }
}
