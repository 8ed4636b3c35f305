using System.Buffers;

namespace HealthGrains.Intake;

/// <summary>What a JSON value is.</summary>
internal enum JsonType : byte { Absent, Null, True, False, Number, String, Object, Array }

/// <summary>Where a value lies in the bytes; a string without its quotes, an object or array with its brackets.</summary>
internal readonly record struct JsonSpan(int Start, int Length, JsonType Type, bool Escaped = false)
{
    public bool IsAbsent => Type is JsonType.Absent or JsonType.Null;

    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> json) => json.Slice(Start, Length);
}

/// <summary>
/// Walks over JSON (RFC 8259) without allocating and without throwing: a broken line costs no more than a good one, so a
/// flood of them is no attack. What is wrong is told by <see cref="Fault"/> at <see cref="Position"/>. UTF-8 within strings is
/// not its concern.
/// </summary>
internal ref struct JsonCursor(ReadOnlySpan<byte> json, int start = 0)
{
    public const int MaxDepth = 64;
    public const string ExpectedEnd = "expected the end after the value";

    // What ends the plain part of a string: a quote, a backslash, or a control character.
    private static readonly SearchValues<byte> EndsPlain = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    private readonly ReadOnlySpan<byte> _json = json;
    private int _at = start;

    /// <summary>The byte that is looked at next, from 0.</summary>
    public readonly int Position => _at;

    /// <summary>What would have been right at <see cref="Position"/>; null as long as all is well.</summary>
    public string? Fault { get; private set; }

    /// <summary>Whether only white space is left.</summary>
    public bool AtEnd
    {
        get
        {
            SkipSpace();
            return _at >= _json.Length;
        }
    }

    /// <summary>Steps over a symbol if it comes next.</summary>
    public bool TryTake(byte symbol)
    {
        if (_at < _json.Length && _json[_at] > ' ')
        {
            if (_json[_at] != symbol) return false;
            _at++;
            return true;
        }
        SkipSpace();
        if (_at >= _json.Length || _json[_at] != symbol) return false;
        _at++;
        return true;
    }

    /// <summary>Steps over a symbol, or says that it was expected.</summary>
    public bool Take(byte symbol, string expected) => TryTake(symbol) || Fail(expected);

    /// <summary>Whether only white space is left; else says that the end was expected.</summary>
    public bool TakeEnd() => AtEnd || Fail(ExpectedEnd);

    /// <summary>Reads a property's name and its colon.</summary>
    public bool ReadName(out JsonSpan name)
    {
        name = default;
        if (!TryTake((byte)'"')) return Fail("expected a property name in double quotes");
        return ReadString(out name) && Take((byte)':', "expected ':' after a property name");
    }

    /// <summary>Reads a value of any type. An object or array is walked over whole.</summary>
    /// <param name="value">Where it lies.</param>
    /// <param name="depth">How many objects and arrays are open around it.</param>
    public bool ReadValue(out JsonSpan value, int depth)
    {
        value = default;
        SkipSpace();
        if (_at >= _json.Length) return Fail("expected a value, found the end");
        switch (_json[_at])
        {
            case (byte)'"':
                _at++;
                return ReadString(out value);
            case (byte)'{':
                return ReadObject(out value, depth);
            case (byte)'[':
                return ReadArray(out value, depth);
            case (byte)'t':
                return ReadWord("true"u8, JsonType.True, out value);
            case (byte)'f':
                return ReadWord("false"u8, JsonType.False, out value);
            case (byte)'n':
                return ReadWord("null"u8, JsonType.Null, out value);
            default:
                return ReadNumber(out value);
        }
    }

    private bool ReadObject(out JsonSpan value, int depth)
    {
        value = default;
        var start = _at;
        if (depth >= MaxDepth) return Fail($"nested deeper than {MaxDepth}");
        _at++;
        if (!TryTake((byte)'}'))
        {
            do
            {
                if (!ReadName(out _) || !ReadValue(out _, depth + 1)) return false;
            }
            while (TryTake((byte)','));
            if (!Take((byte)'}', "expected ',' or '}'")) return false;
        }
        value = new JsonSpan(start, _at - start, JsonType.Object);
        return true;
    }

    private bool ReadArray(out JsonSpan value, int depth)
    {
        value = default;
        var start = _at;
        if (depth >= MaxDepth) return Fail($"nested deeper than {MaxDepth}");
        _at++;
        if (!TryTake((byte)']'))
        {
            do
            {
                if (!ReadValue(out _, depth + 1)) return false;
            }
            while (TryTake((byte)','));
            if (!Take((byte)']', "expected ',' or ']'")) return false;
        }
        value = new JsonSpan(start, _at - start, JsonType.Array);
        return true;
    }

    private bool ReadString(out JsonSpan value)
    {
        value = default;
        var start = _at;
        var escaped = false;
        while (true)
        {
            var plain = _json[_at..].IndexOfAny(EndsPlain);
            if (plain < 0)
            {
                _at = start - 1;
                return Fail("expected the string's closing quote");
            }
            _at += plain;
            if (_json[_at] == '"') break;
            if (_json[_at] != '\\') return Fail("expected a control character to be escaped, such as \\n");
            escaped = true;
            if (!SkipEscape()) return Fail("expected an escape: \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and 4 hexadecimal digits");
        }
        value = new JsonSpan(start, _at - start, JsonType.String, escaped);
        _at++;
        return true;
    }

    private bool SkipEscape()
    {
        var rest = _json[_at..];
        if (rest.Length < 2) return false;
        if (rest[1] == 'u')
        {
            if (rest.Length < 6) return false;
            for (var i = 2; i < 6; i++)
                if (!char.IsAsciiHexDigit((char)rest[i])) return false;
            _at += 6;
            return true;
        }
        if ("\"\\/bfnrt"u8.IndexOf(rest[1]) < 0) return false;
        _at += 2;
        return true;
    }

    private bool ReadNumber(out JsonSpan value)
    {
        value = default;
        var start = _at;
        if (_json[_at] == '-') _at++;
        if (_at < _json.Length && _json[_at] == '0') _at++;
        else if (!SkipDigits())
        {
            _at = start;
            return Fail("expected a value: an object, array, string in double quotes, number, true, false or null");
        }
        if (_at < _json.Length && _json[_at] == '.')
        {
            _at++;
            if (!SkipDigits()) return Fail("expected a digit after the decimal point");
        }
        if (_at < _json.Length && (_json[_at] | 0x20) == 'e')
        {
            _at++;
            if (_at < _json.Length && _json[_at] is (byte)'+' or (byte)'-') _at++;
            if (!SkipDigits()) return Fail("expected a digit in the exponent");
        }
        value = new JsonSpan(start, _at - start, JsonType.Number);
        return true;
    }

    private bool SkipDigits()
    {
        var start = _at;
        while (_at < _json.Length && (uint)(_json[_at] - '0') <= 9) _at++;
        return _at > start;
    }

    private bool ReadWord(ReadOnlySpan<byte> word, JsonType type, out JsonSpan value)
    {
        value = new JsonSpan(_at, word.Length, type);
        if (!_json[_at..].StartsWith(word)) return Fail("expected a value: true, false and null are written in small letters");
        _at += word.Length;
        return true;
    }

    private void SkipSpace()
    {
        while (_at < _json.Length && _json[_at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') _at++;
    }

    private bool Fail(string expected)
    {
        Fault ??= expected;
        return false;
    }
}
