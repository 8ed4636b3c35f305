using System.Globalization;
using System.Text;
using System.Text.Json;

namespace HealthGrains.Plays.Files;

/// <summary>A name and its value within an object, and where the name stands.</summary>
internal readonly record struct JsonMember(string Name, int Line, int Column, JsonPlace Value);

/// <summary>A value of a JSON text that knows where it stands, so that whoever refuses it can say so.</summary>
internal sealed class JsonPlace(JsonValueKind kind, int line, int column)
{
    private const int MaxBytes = 256 * 1024;

    private static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public JsonValueKind Kind { get; } = kind;
    public int Line { get; } = line;
    public int Column { get; } = column;
    public string Text { get; private init; } = "";
    public double Number { get; private init; } = double.NaN;
    public List<JsonMember> Members { get; } = [];
    public List<JsonPlace> Items { get; } = [];

    public bool IsFlag => Kind is JsonValueKind.True or JsonValueKind.False;

    /// <summary>It in a word or two, for messages.</summary>
    public string Shown => Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"'{(Text.Length <= 60 ? Text : Text[..57] + "...")}'",
        _ => Text,
    };

    /// <summary>A value that does not come from JSON: a number where it can be one.</summary>
    public static JsonPlace Of(string text, bool number, int line, int column) =>
        number && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? new JsonPlace(JsonValueKind.Number, line, column) { Text = text, Number = value }
            : new JsonPlace(JsonValueKind.String, line, column) { Text = text };

    /// <summary>Reads a text, in which comments and trailing commas are allowed; null when it is no JSON.</summary>
    public static JsonPlace? Read(string content, Report report)
    {
        var bytes = Encoding.UTF8.GetBytes(content.TrimStart('\uFEFF'));
        if (bytes.Length > MaxBytes)
        {
            report.Add(1, 1, $"{bytes.Length / 1024} KiB: a file may have {MaxBytes / 1024} KiB");
            return null;
        }
        var lines = new Lines(bytes);
        var reader = new Utf8JsonReader(bytes, Lenient);
        try
        {
            reader.Read();
            var root = Value(ref reader, lines);
            // What follows the value is an error, which reading on finds.
            reader.Read();
            return root;
        }
        catch (JsonException error)
        {
            var (line, column) = lines.At((int)(error.LineNumber ?? 0), (int)(error.BytePositionInLine ?? 0));
            var end = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            report.Add(line, column, "not JSON: " + (end < 0 ? error.Message : error.Message[..end]));
            return null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, written as an escape.
            var (line, column) = lines.At(reader.TokenStartIndex);
            report.Add(line, column, "not JSON: a text holds half of a character");
            return null;
        }
    }

    private static JsonPlace Value(ref Utf8JsonReader reader, Lines lines)
    {
        var (line, column) = lines.At(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var whole = new JsonPlace(JsonValueKind.Object, line, column);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var (nameLine, nameColumn) = lines.At(reader.TokenStartIndex);
                    var name = reader.GetString()!;
                    reader.Read();
                    whole.Members.Add(new JsonMember(name, nameLine, nameColumn, Value(ref reader, lines)));
                }
                return whole;
            case JsonTokenType.StartArray:
                var list = new JsonPlace(JsonValueKind.Array, line, column);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) list.Items.Add(Value(ref reader, lines));
                return list;
            case JsonTokenType.String:
                return new JsonPlace(JsonValueKind.String, line, column) { Text = reader.GetString()! };
            case JsonTokenType.Number:
                var written = Encoding.UTF8.GetString(reader.ValueSpan);
                return new JsonPlace(JsonValueKind.Number, line, column) { Text = written, Number = reader.GetDouble() };
            case JsonTokenType.True:
                return new JsonPlace(JsonValueKind.True, line, column) { Text = "true", Number = 1 };
            case JsonTokenType.False:
                return new JsonPlace(JsonValueKind.False, line, column) { Text = "false", Number = 0 };
            default:
                return new JsonPlace(JsonValueKind.Null, line, column) { Text = "null" };
        }
    }

    /// <summary>Turns places in bytes into lines and columns.</summary>
    private sealed class Lines
    {
        private readonly byte[] _bytes;
        private readonly List<int> _starts = [0];

        public Lines(byte[] bytes)
        {
            _bytes = bytes;
            for (var k = 0; k < bytes.Length; k++)
                if (bytes[k] == '\n') _starts.Add(k + 1);
        }

        public (int Line, int Column) At(long offset)
        {
            var index = _starts.BinarySearch((int)offset);
            var line = index >= 0 ? index : ~index - 1;
            return At(line, (int)offset - _starts[line]);
        }

        public (int Line, int Column) At(int line, int byteInLine)
        {
            line = Math.Min(line, _starts.Count - 1);
            var start = _starts[line];
            var length = Math.Clamp(byteInLine, 0, _bytes.Length - start);
            return (line + 1, Encoding.UTF8.GetCharCount(_bytes, start, length) + 1);
        }
    }
}

/// <summary>Gathers what is wrong with a file.</summary>
internal sealed class Report(string file)
{
    private readonly List<PracticeProblem> _problems = [];

    public string File { get; } = file;

    public IReadOnlyList<PracticeProblem> Problems => _problems;

    public void Add(int line, int column, string reason) => _problems.Add(new PracticeProblem(File, line, column, reason));

    public void Add(JsonPlace place, string reason) => Add(place.Line, place.Column, reason);
}
