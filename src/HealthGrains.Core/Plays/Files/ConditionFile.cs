using System.Globalization;
using System.Text.Json;
using HealthGrains.Situations;

namespace HealthGrains.Plays.Files;

/// <summary>
/// Conditions as they are written: <c>{"all":[...]}</c>, <c>{"any":[...]}</c>, <c>{"not":{...}}</c>, or a fact with one comparison or
/// several, which must all hold: <c>{"fact":"score","atLeast":40,"below":65}</c>.
/// </summary>
internal static class ConditionFile
{
    public static readonly string[] Comparisons = ["above", "atLeast", "below", "atMost", "is", "known"];

    private static readonly string[] Forms = ["all", "any", "not", "fact"];

    /// <summary>Reads a condition and says all that is wrong with it; null when something is.</summary>
    public static Condition? Read(JsonPlace place, Report report)
    {
        if (place.Kind != JsonValueKind.Object)
        {
            report.Add(place, $"a condition is an object such as {{\"fact\":\"score\",\"below\":40}}, not {place.Shown}");
            return null;
        }
        if (place.Members.Any(member => member.Name == "fact")) return ReadFact(place, report);
        var forms = place.Members.Where(member => Forms.Contains(member.Name)).ToArray();
        foreach (var member in place.Members.Except(forms))
            report.Add(member.Line, member.Column, Comparisons.Contains(member.Name)
                ? $"{member.Name} compares nothing: say which fact, such as {{\"fact\":\"score\",\"{member.Name}\":...}}"
                : $"'{member.Name}' says nothing in a condition: {string.Join(", ", Forms)}{PracticeWords.DidYouMean(member.Name, Forms)}");
        if (forms.Length == 0 && place.Members.Count == 0) report.Add(place, "an empty condition: name a fact, all, any or not");
        if (forms.Length > 1)
            report.Add(forms[1].Line, forms[1].Column, $"{forms[0].Name} and {forms[1].Name} in one object: put one within the other");
        if (forms.Length != 1 || place.Members.Count != 1) return null;
        if (forms[0].Name == "not") return Read(forms[0].Value, report) is { } part ? new Not(part) : null;
        return ReadParts(forms[0], report);
    }

    private static Condition? ReadParts(JsonMember form, Report report)
    {
        if (form.Value.Kind != JsonValueKind.Array)
        {
            report.Add(form.Value, $"{form.Name} is a list of conditions in square brackets, not {form.Value.Shown}");
            return null;
        }
        if (form.Value.Items.Count == 0)
        {
            report.Add(form.Value, form.Name == "all" ? "an empty all holds always: name a condition, or leave the field out"
                : "an empty any never holds: name a condition");
            return null;
        }
        var parts = form.Value.Items.Select(item => Read(item, report)).ToArray();
        if (parts.Contains(null)) return null;
        return form.Name == "all" ? new AllOf(parts!) : new AnyOf(parts!);
    }

    private static Condition? ReadFact(JsonPlace place, Report report)
    {
        var before = report.Problems.Count;
        var named = place.Members.First(member => member.Name == "fact");
        var fact = FindFact(named.Value, report);
        var parts = new List<FactIs>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in place.Members)
        {
            if (!seen.Add(member.Name)) report.Add(member.Line, member.Column, $"{member.Name} is given twice: take one out");
            else if (Forms.Contains(member.Name) && member.Name != "fact")
                report.Add(member.Line, member.Column, $"fact and {member.Name} in one object: put one within the other");
            else if (member.Name != "fact" && !Comparisons.Contains(member.Name))
                report.Add(member.Line, member.Column,
                    $"'{member.Name}' is no comparison: {string.Join(", ", Comparisons)}{PracticeWords.DidYouMean(member.Name, Comparisons)}");
            else if (member.Name != "fact" && fact is not null && Compared(fact, member, report) is { } part) parts.Add(part);
        }
        if (seen.Count == 1) report.Add(place, $"{named.Value.Shown} is compared with nothing: {string.Join(", ", Comparisons)}");
        CheckTogether(parts, place, report);
        if (report.Problems.Count > before) return null;
        return parts.Count == 1 ? parts[0] : new AllOf(parts);
    }

    private static Fact? FindFact(JsonPlace place, Report report)
    {
        if (place.Kind != JsonValueKind.String)
        {
            report.Add(place, $"fact is the key of a fact in quotation marks, not {place.Shown}");
            return null;
        }
        var colon = place.Text.IndexOf(':');
        if (Fact.Find(place.Text) is { } fact) return fact;
        var family = colon < 0 ? null : FactRegistry.Find(place.Text[..(colon + 1)]);
        if (family is not null) report.Add(place, $"{place.Text} needs a name behind the colon, such as {family.Key}{Sample(family)}");
        else if (colon < 0 && FactRegistry.Find(place.Text + ":") is { } bare)
            report.Add(place, $"{place.Text} needs a colon and a name, such as {bare.Key}{Sample(bare)}");
        else
        {
            // Of milestne:firstValue the family is wrong, and the name is kept.
            var known = FactRegistry.All.Where(one => one.IsFamily == colon >= 0).Select(one => one.Key);
            var near = PracticeWords.Nearest(colon < 0 ? place.Text : place.Text[..(colon + 1)], known);
            report.Add(place, $"{place.Shown} is no fact{(near is null ? "" : $"; did you mean {near}{(colon < 0 ? "" : place.Text[(colon + 1)..])}?")}"
                + (near is null ? ": 'healthgrains playbook facts' lists them" : ""));
        }
        return null;
    }

    private static string Sample(FactDefinition family) => family.Key switch
    {
        "milestone:" => "firstValue",
        "limit:" => "storage",
        _ => "reports",
    };

    private static FactIs? Compared(Fact fact, JsonMember member, Report report)
    {
        var comparison = (Comparison)Array.IndexOf(Comparisons, member.Name);
        var value = member.Value;
        var kind = fact.Definition.Kind;
        if (comparison == Comparison.Known)
        {
            if (value.IsFlag) return new FactIs(fact, comparison, value.Number, []);
            report.Add(value, $"known is true or false, not {value.Shown}");
            return null;
        }
        if (kind == FactKind.Text) return ComparedText(fact, comparison, member, report);
        if (kind == FactKind.Flag)
        {
            if (comparison == Comparison.Is && value.IsFlag) return new FactIs(fact, comparison, value.Number, []);
            if (comparison == Comparison.Is) report.Add(value, $"{fact.Key} is true or false, not {value.Shown}");
            else report.Add(member.Line, member.Column, $"{fact.Key} is yes or no and cannot be {member.Name} something: use \"is\": true or false");
            return null;
        }
        if (value.Kind != JsonValueKind.Number)
        {
            report.Add(value, $"{fact.Key} is a number ({fact.Definition.Unit}), not {value.Shown}");
            return null;
        }
        if (fact.Definition.Range is { } range && !(value.Number >= range.Min && value.Number <= range.Max))
        {
            report.Add(value, string.Create(CultureInfo.InvariantCulture, $"{fact.Key} goes from {range.Min} to {range.Max}, and is never near {value.Text}")
                + (fact.Definition.IsShare ? ": it is a share, of which 1 is the whole and 0.8 is 80 %" : ""));
            return null;
        }
        return new FactIs(fact, comparison, value.Number, []);
    }

    private static FactIs? ComparedText(Fact fact, Comparison comparison, JsonMember member, Report report)
    {
        if (comparison != Comparison.Is)
        {
            report.Add(member.Line, member.Column, $"{fact.Key} is a word and cannot be {member.Name} something: use \"is\" with a word or a list of words");
            return null;
        }
        var texts = Field.Listed(member.Value);
        if (texts.Count == 0) report.Add(member.Value, $"{fact.Key} is one of no words: it never holds; name one");
        var right = texts.Count > 0;
        foreach (var text in texts)
        {
            if (text.Kind != JsonValueKind.String) report.Add(text, $"{fact.Key} is a word in quotation marks, not {text.Shown}");
            else if (fact.Definition.Words is { } words && !words.Contains(text.Text, StringComparer.OrdinalIgnoreCase))
                report.Add(text, $"{fact.Key} is never {text.Shown}: {string.Join(", ", words)}{PracticeWords.DidYouMean(text.Text, words)}");
            else continue;
            right = false;
        }
        return right ? new FactIs(fact, comparison, 0, [.. texts.Select(text => text.Text)]) : null;
    }

    /// <summary>Above 65 and below 40 is nothing.</summary>
    private static void CheckTogether(List<FactIs> parts, JsonPlace place, Report report)
    {
        foreach (var low in parts.Where(part => part.Comparison is Comparison.Above or Comparison.AtLeast))
            foreach (var high in parts.Where(part => part.Comparison is Comparison.Below or Comparison.AtMost))
                if (low.Number > high.Number
                    || (low.Number == high.Number && (low.Comparison == Comparison.Above || high.Comparison == Comparison.Below)))
                    report.Add(place, $"never true: {low.Words} and {high.Words}");
    }
}
