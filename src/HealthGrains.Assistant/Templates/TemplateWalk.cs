using HealthGrains.Plays.Files;

namespace HealthGrains.Assistant.Templates;

/// <summary>Walks over the tags of a template: which fields they name, and what is wrong with them.</summary>
internal sealed class TemplateWalk
{
    private const string RootPath = "@root.";
    private static readonly string[] LoopWords = ["@index", "@first", "@last"];

    private readonly string _text;
    private readonly List<TemplateField> _fields = [];
    private readonly List<TemplateMistake> _mistakes = [];
    private readonly Stack<(TemplateTag Tag, TemplateValue Scope, string Path, bool HasElse)> _open = new();
    private TemplateValue _scope = TemplateFields.Root;
    private string _path = "";

    private TemplateWalk(string text) => _text = text;

    public static TemplateReading Over(string text)
    {
        var walk = new TemplateWalk(text);
        foreach (var tag in TemplateTags.Find(text, walk.Mistake)) walk.Take(tag);
        foreach (var (tag, _, _, _) in walk._open.Reverse())
            walk.Mistake(tag.At, $"{{{{#{tag.Words[0].Text}}}}} is never closed: put {{{{/{tag.Words[0].Text}}}}} where it ends");
        walk._mistakes.Sort((a, b) => (a.Line, a.Column).CompareTo((b.Line, b.Column)));
        return new TemplateReading(walk._fields, walk._mistakes);
    }

    private void Take(TemplateTag tag)
    {
        if (tag.Sign == '/') Close(tag);
        else if (tag.Sign == '#') Open(tag, tag.Words);
        else if (tag.Words[0].Text == "else") Else(tag);
        else Write(tag);
    }

    private void Write(TemplateTag tag)
    {
        var at = 0;
        if (Value(tag.Words, ref at, isCall: true) is not { } value) return;
        if (at < tag.Words.Count) Mistake(tag.Words[at].At, $"'{tag.Words[at].Text}' is too much here");
        var name = tag.Words[0].Text;
        var wrong = value.Kind switch
        {
            ValueKind.Share => $"{name} is a share and would read 0.8: write {{{{percent {name}}}}}",
            ValueKind.Flag => $"{name} is yes or no: write {{{{#if {name}}}}}...{{{{/if}}}}",
            ValueKind.List => $"{name} is a list: write {{{{list {name}}}}} or {{{{#each {name}}}}}",
            ValueKind.Object => $"{name} is not a text: name one of {string.Join(", ", value.Fields.Keys.Select(key => $"{name}.{key}").Take(6))}",
            _ => null,
        };
        if (wrong is not null) Mistake(tag.Words[0].At, wrong);
    }

    private void Open(TemplateTag tag, IReadOnlyList<TagWord> words)
    {
        var name = words[0].Text;
        var before = (tag, _scope, _path, false);
        if (!TemplateHelpers.Blocks.Contains(name))
            Mistake(words[0].At, $"'{name}' opens no block: {string.Join(", ", TemplateHelpers.Blocks)}{DidYouMean(name, TemplateHelpers.Blocks)}");
        else if (words.Count == 1) Mistake(words[0].At, $"{name} of what? {{{{#{name} account.goals}}}}");
        else if (Asked(words) is { } value) Enter(name, words[1], value);
        _open.Push(before);
    }

    /// <summary>What a block asks for; nothing may follow it.</summary>
    private TemplateValue? Asked(IReadOnlyList<TagWord> words)
    {
        var at = 1;
        var value = Value(words, ref at, isCall: false);
        if (value is not null && at < words.Count) Mistake(words[at].At, $"'{words[at].Text}' is too much here");
        return value;
    }

    private void Enter(string name, TagWord word, TemplateValue value)
    {
        if (name == "each" && value.Kind != ValueKind.List) Mistake(word.At, $"{word.Text} is no list: each goes over a list");
        else if (name == "with" && value.Kind != ValueKind.Object) Mistake(word.At, $"{word.Text} has no fields: with goes into what has");
        else if (name == "if" && value.Kind is ValueKind.Number or ValueKind.Share)
            Mistake(word.At, $"{word.Text} is a number, and 0 would count as missing: write {{{{#known {word.Text}}}}}");
        // Of a helper's list the items are those of the field that it was given.
        else if (name is "each") (_scope, _path) = (value.Item!, word.Text == "(" && _fields.Count > 0 ? _fields[^1].Name : Full(word.Text));
        else if (name is "with") (_scope, _path) = (value, Full(word.Text));
    }

    private void Else(TemplateTag tag)
    {
        if (_open.Count == 0)
        {
            Mistake(tag.At, "an else outside of a block: take it out, or open one with {{#if ...}}");
            return;
        }
        var block = _open.Pop();
        if (block.HasElse) Mistake(tag.At, $"a second else in one {{{{#{block.Tag.Words[0].Text}}}}}: take it out");
        // Behind the else of each and with stands what is outside of them.
        (_scope, _path) = (block.Scope, block.Path);
        var more = tag.Words.Count > 1;
        if (more && tag.Words[1].Text is not ("if" or "unless" or "known"))
            Mistake(tag.Words[1].At, "behind else stands nothing, or another condition: {{else if ...}}");
        else if (more) Asked([.. tag.Words.Skip(1)]);
        _open.Push((block.Tag, block.Scope, block.Path, !more));
    }

    private void Close(TemplateTag tag)
    {
        var name = tag.Words[0].Text;
        if (_open.Count == 0)
        {
            Mistake(tag.At, $"{{{{/{name}}}}} closes nothing: take it out");
            return;
        }
        var block = _open.Pop();
        (_scope, _path) = (block.Scope, block.Path);
        if (block.Tag.Words[0].Text != name)
            Mistake(tag.At, $"{{{{/{name}}}}} closes {{{{#{block.Tag.Words[0].Text}}}}} of line {Place(block.Tag.At).Line}: "
                + $"write {{{{/{block.Tag.Words[0].Text}}}}}");
    }

    /// <summary>The value of a field, a literal or a helper's call; null when something is wrong with it.</summary>
    private TemplateValue? Value(IReadOnlyList<TagWord> words, ref int at, bool isCall)
    {
        var word = words[at];
        if (word.Text == "(")
        {
            at++;
            var inner = at < words.Count ? Value(words, ref at, isCall: true) : null;
            if (at < words.Count && words[at].Text == ")") at++;
            else if (inner is not null) Mistake(word.At, "this ( is never closed: put ) behind it");
            return inner;
        }
        at++;
        if (word.IsText) return TemplateValue.Text;
        if (word.IsNumber) return TemplateValue.Number;
        if (isCall && TemplateHelpers.All.FirstOrDefault(helper => helper.Name == word.Text) is { } helper)
            return Call(helper, word, words, ref at);
        if (isCall && at < words.Count && words[at].Text != ")")
        {
            var names = TemplateHelpers.All.Select(helper => helper.Name).ToArray();
            Mistake(word.At, $"'{word.Text}' is no helper: {string.Join(", ", names)}{DidYouMean(word.Text, names)}");
            return null;
        }
        return Field(word);
    }

    private TemplateValue? Call(TemplateHelper helper, TagWord word, IReadOnlyList<TagWord> words, ref int at)
    {
        TemplateValue? first = null;
        var right = true;
        foreach (var place in helper.Takes)
        {
            if (at >= words.Count || words[at].Text == ")")
            {
                if (place.Optional) break;
                Mistake(word.At, $"{helper.Name} needs {place.Name}: {helper.Sample}");
                return null;
            }
            var given = words[at];
            var value = Value(words, ref at, isCall: false);
            first ??= value;
            if (value is null) right = false;
            else if (!place.Kinds.Contains(value.Kind))
            {
                Mistake(given.At, $"{given.Text} is not {place.Name}: {helper.Sample}");
                right = false;
            }
        }
        if (!right) return null;
        var (line, column) = Place(word.At);
        if (helper.Name == TemplateHelpers.Fill) _fields.Add(new TemplateField(TemplateField.Fill, line, column));
        return helper.GivesList && first!.Kind == ValueKind.List ? first : TemplateValue.Text;
    }

    private TemplateValue? Field(TagWord word)
    {
        var text = word.Text;
        if (text == "this") return Named(word, _scope);
        if (LoopWords.Contains(text)) return text == "@index" ? TemplateValue.Number : TemplateValue.Flag;
        if (text.StartsWith("../", StringComparison.Ordinal) || (text[0] == '@' && !text.StartsWith(RootPath, StringComparison.Ordinal)))
        {
            Mistake(word.At, $"{text} is not known here: write @root. and the field, such as @root.account.name");
            return null;
        }
        if (text.Contains('=', StringComparison.Ordinal) || text.Contains('|', StringComparison.Ordinal))
        {
            Mistake(word.At, $"'{text}' is not known here: name a field");
            return null;
        }
        var isRoot = text.StartsWith(RootPath, StringComparison.Ordinal);
        var value = isRoot ? TemplateFields.Root : _scope;
        var passed = "";
        foreach (var part in Parts(isRoot ? text[RootPath.Length..] : text))
        {
            if (!value.Fields.TryGetValue(part, out var next))
            {
                Mistake(word.At, Missing(part, passed, text, value));
                return null;
            }
            (value, passed) = (next, passed.Length == 0 ? part : $"{passed}.{part}");
        }
        return Named(word, value);
    }

    private string Missing(string part, string passed, string text, TemplateValue within)
    {
        var full = passed.Length == 0 ? part : $"{passed}.{part}";
        var near = DidYouMean(part, within.Fields.Keys);
        // facts.loginFrequency.change names a field of a number; the fact has a dot in its key.
        if (passed.StartsWith("facts.", StringComparison.Ordinal) && TemplateFields.Root.Fields["facts"].Fields.ContainsKey(text["facts.".Length..]))
            return $"a fact with a dot stands in brackets: facts.[{text["facts.".Length..]}]";
        if (near.Length > 0) return $"there is no field {full}{(passed.Length == 0 ? near : near.Replace("mean ", $"mean {passed}.", StringComparison.Ordinal))}";
        if (passed.Length == 0 && TemplateFields.Root.Fields["facts"].Fields.ContainsKey(part)) return $"there is no field {part}; did you mean facts.{part}?";
        if (passed.Length == 0 && _open.Count > 0 && TemplateFields.Root.Fields.ContainsKey(part)) return $"there is no field {part} in here: write @root.{text}";
        return within.Fields.Count is 0 or > 20
            ? $"there is no field {full}{(passed == "facts" ? ": 'healthgrains playbook facts' lists them" : "")}"
            : $"there is no field {full}: {string.Join(", ", within.Fields.Keys)}";
    }

    private TemplateValue Named(TagWord word, TemplateValue value)
    {
        var (line, column) = Place(word.At);
        _fields.Add(new TemplateField(Full(word.Text), line, column));
        return value;
    }

    private string Full(string text) => text.StartsWith(RootPath, StringComparison.Ordinal) ? text[RootPath.Length..]
        : text == "this" ? _path
        : _path.Length == 0 ? text : $"{_path}.{text}";

    private static IEnumerable<string> Parts(string path)
    {
        for (var at = 0; at <= path.Length;)
        {
            var end = at < path.Length && path[at] == '[' ? path.IndexOf(']', at) : -1;
            if (end >= 0)
            {
                yield return path[(at + 1)..end];
                at = end + 2;
                continue;
            }
            var dot = path.IndexOf('.', at);
            yield return dot < 0 ? path[at..] : path[at..dot];
            at = dot < 0 ? path.Length + 1 : dot + 1;
        }
    }

    private void Mistake(int at, string reason)
    {
        var (line, column) = Place(at);
        _mistakes.Add(new TemplateMistake(line, column, reason));
    }

    private (int Line, int Column) Place(int at)
    {
        var before = _text.AsSpan(0, at);
        return (before.Count('\n') + 1, at - before.LastIndexOf('\n'));
    }

    private static string DidYouMean(string wrong, IEnumerable<string> words) => PracticeWords.DidYouMean(wrong, words);
}
