using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using HandlebarsDotNet;
using HealthGrains.Assistant.Templates;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;

namespace HealthGrains.Assistant;

/// <summary>
/// Writes texts from templates in Handlebars' language, and reads templates before anything is written with them. Pure: no clock, no
/// culture, nothing escaped, and the same template and facts give the same text. For any number of threads.
/// </summary>
public sealed class HandlebarsWriter : ITextWriter, ITemplateCheck
{
    private const int MostCompiled = 2000;

    private readonly IHandlebars _handlebars;
    private readonly ConcurrentDictionary<TextTemplate, Compiled> _compiled = new();

    /// <summary>A writer that has compiled nothing yet.</summary>
    public HandlebarsWriter()
    {
        var configuration = new HandlebarsConfiguration { NoEscape = true, FormatProvider = CultureInfo.InvariantCulture };
        configuration.FormatterProviders.Add(new WordingFormat());
        _handlebars = Handlebars.Create(configuration);
        TemplateHelpers.Register(_handlebars);
    }

    /// <inheritdoc/>
    public WrittenText Write(TextTemplate template, TextFacts facts) => Write(template, TemplateData.Of(facts));

    /// <inheritdoc/>
    public WrittenText Write(TextTemplate template, DigestFacts facts) => Write(template, DigestData.Of(facts));

    private WrittenText Write(TextTemplate template, Dictionary<string, object> data)
    {
        // Each version of each template is compiled once; a company has some dozens. Where somebody tries out thousands, begin anew.
        if (_compiled.Count > MostCompiled) _compiled.Clear();
        var compiled = _compiled.GetOrAdd(template, Compile);
        var missing = new List<string>();
        var subject = Filled(compiled.Subject(data), missing).ReplaceLineEndings(" ").Trim();
        var text = Filled(compiled.Body(data), missing);
        return new WrittenText(subject, WithoutGaps(text)) { Missing = [.. missing.Distinct(StringComparer.Ordinal)] };
    }

    /// <inheritdoc/>
    public TemplateReading Read(string text)
    {
        var reading = TemplateWalk.Over(text);
        if (reading.Mistakes.Count > 0) return reading;
        try
        {
            _handlebars.Compile(text);
            return reading;
        }
        catch (HandlebarsException error)
        {
            // The walk is stricter than the compiler; should it ever not be, the compiler still has the last word.
            return reading with { Mistakes = [new TemplateMistake(1, 1, $"not a template: {error.Message}")] };
        }
    }

    private Compiled Compile(TextTemplate template) => new(Compile(template.Subject), Compile(template.Body));

    private HandlebarsTemplate<object, object> Compile(string text) => _handlebars.Compile(text);

    /// <summary>Makes what is not known visible to whoever reviews the text, and tells it.</summary>
    private static string Filled(string text, List<string> missing)
    {
        var parts = text.Split(WordingFormat.Hole);
        if (parts.Length == 1) return text;
        var filled = new StringBuilder(parts[0]);
        for (var k = 1; k < parts.Length; k++)
        {
            if (k % 2 == 1) missing.Add(parts[k]);
            filled.Append(k % 2 == 1 ? $"{WrittenText.HoleBegin}{parts[k]}{WrittenText.HoleEnd}" : parts[k]);
        }
        return filled.ToString();
    }

    /// <summary>Blocks that held nothing leave empty lines: one at a time is enough.</summary>
    private static string WithoutGaps(string text)
    {
        var written = new StringBuilder();
        var empty = 0;
        foreach (var line in text.ReplaceLineEndings("\n").Trim().Split('\n'))
        {
            empty = string.IsNullOrWhiteSpace(line) ? empty + 1 : 0;
            if (empty > 1) continue;
            if (written.Length > 0) written.Append('\n');
            written.Append(line.TrimEnd());
        }
        return written.ToString();
    }

    private sealed record Compiled(HandlebarsTemplate<object, object> Subject, HandlebarsTemplate<object, object> Body);
}
