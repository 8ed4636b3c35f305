namespace HealthGrains.Assistant.Templates;

/// <summary>A word within a tag, and where it stands in the text.</summary>
internal readonly record struct TagWord(string Text, int At)
{
    public bool IsText => Text[0] is '"' or '\'';
    public bool IsNumber => char.IsAsciiDigit(Text[0]) || (Text[0] == '-' && Text.Length > 1);
}

/// <summary>A tag: <c>{{name}}</c>, <c>{{#if ...}}</c>, <c>{{else}}</c>, <c>{{/if}}</c>. Comments are none.</summary>
/// <param name="Sign">'#' opens a block, '/' closes one; else a blank.</param>
/// <param name="Words">What stands in it, without the sign.</param>
/// <param name="At">Where it begins.</param>
internal sealed record TemplateTag(char Sign, IReadOnlyList<TagWord> Words, int At);

/// <summary>
/// Finds the tags of a template. Of Handlebars it knows what templates for people need: fields, helpers, blocks, else, comments. What it
/// does not know it refuses by name, so that nothing is in a template that was not looked at.
/// </summary>
internal sealed class TemplateTags
{
    private readonly string _text;
    private readonly Action<int, string> _mistake;
    private readonly List<TemplateTag> _tags = [];

    private TemplateTags(string text, Action<int, string> mistake) => (_text, _mistake) = (text, mistake);

    /// <summary>The tags, in their order; what is wrong is told with its place.</summary>
    public static IReadOnlyList<TemplateTag> Find(string text, Action<int, string> mistake)
    {
        var tags = new TemplateTags(text, mistake);
        tags.Find();
        return tags._tags;
    }

    private void Find()
    {
        for (var at = 0; (at = _text.IndexOf("{{", at, StringComparison.Ordinal)) >= 0;)
        {
            if (at > 0 && _text[at - 1] == '\\') _mistake(at - 1, "\\{{ would write the braces themselves, as if something were missing: leave it out");
            if (Starts(at, "{{{"))
            {
                _mistake(at, "three braces are not needed, for nothing is escaped: write two");
                at += 3;
                continue;
            }
            var inside = at + (Starts(at, "{{~") ? 3 : 2);
            var comment = Starts(inside, "!--");
            var end = !Starts(inside, "!") ? EndOfTag(inside)
                : _text.IndexOf(comment ? "--" : "}}", inside + (comment ? 3 : 1), StringComparison.Ordinal);
            if (comment && end >= 0) end = _text.IndexOf("}}", end, StringComparison.Ordinal);
            if (end < 0)
            {
                _mistake(at, "this {{ is never closed: put }} behind the field");
                return;
            }
            if (!Starts(inside, "!")) Take(at, inside, _text[end - 1] == '~' ? end - 1 : end);
            at = end + 2;
        }
    }

    private int EndOfTag(int at)
    {
        for (var quote = '\0'; at < _text.Length; at++)
        {
            if (quote != '\0') quote = _text[at] == quote ? '\0' : quote;
            else if (_text[at] is '"' or '\'') quote = _text[at];
            else if (Starts(at, "}}")) return at;
            else if (Starts(at, "{{")) return -1;
        }
        return -1;
    }

    private void Take(int at, int inside, int end)
    {
        var sign = inside < end ? _text[inside] : ' ';
        switch (sign)
        {
            case '#' or '/':
                inside++;
                break;
            case '^' when _text[(inside + 1)..end].Trim().Length == 0:
                _tags.Add(new TemplateTag(' ', [new TagWord("else", inside)], at));
                return;
            case '>' or '^' or '&' or '*':
                _mistake(at, sign switch
                {
                    '>' => "templates do not contain other templates: write the text here",
                    '^' => "write {{#unless ...}}",
                    _ => $"{{{{{sign} is not known here: write {{{{ and the field",
                });
                return;
            default:
                sign = ' ';
                break;
        }
        var words = Words(inside, end);
        if (words.Count > 0) _tags.Add(new TemplateTag(sign, words, at));
        else _mistake(at, "an empty tag: name a field");
    }

    private List<TagWord> Words(int at, int end)
    {
        var words = new List<TagWord>();
        while (at < end)
        {
            var start = at;
            if (char.IsWhiteSpace(_text[at])) at++;
            else if (_text[at] is '(' or ')') words.Add(new TagWord(_text[at++].ToString(), start));
            else if (_text[at] is '"' or '\'')
            {
                var close = _text.IndexOf(_text[start], start + 1);
                if (close < 0 || close >= end)
                {
                    _mistake(start, "this quotation mark is never closed");
                    break;
                }
                at = close + 1;
                words.Add(new TagWord(_text[start..at], start));
            }
            else
            {
                // Within brackets anything may stand: facts.[loginFrequency.change].
                for (var inBrackets = false; at < end && (inBrackets || !EndsWord(_text[at])); at++)
                    inBrackets = _text[at] == '[' || (inBrackets && _text[at] != ']');
                words.Add(new TagWord(_text[start..at], start));
            }
        }
        return words;
    }

    private static bool EndsWord(char c) => char.IsWhiteSpace(c) || c is '(' or ')' or '"' or '\'';

    private bool Starts(int at, string what) => string.CompareOrdinal(_text, at, what, 0, what.Length) == 0;
}
