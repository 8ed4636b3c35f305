using System.Text;

namespace HealthGrains.Intake;

/// <summary>
/// A value within JSON that a <see cref="JsonCursor"/> has found well formed, and a way down into it: each step is a scan, which
/// for events of a few KB is cheaper than a tree. Of a property given twice the last counts. What is not there is absent.
/// </summary>
internal readonly ref struct JsonView(ReadOnlySpan<byte> json, JsonSpan span)
{
    private readonly ReadOnlySpan<byte> _json = json;

    public JsonSpan Span { get; } = span;

    public JsonType Type => Span.Type;

    /// <summary>Whether it is not there, or null.</summary>
    public bool IsAbsent => Span.IsAbsent;

    /// <summary>The whole that it lies in.</summary>
    public ReadOnlySpan<byte> Json => _json;

    /// <summary>Its bytes; of a string without the quotes.</summary>
    public ReadOnlySpan<byte> Raw => Span.In(_json);

    /// <summary>A property, by its exact name.</summary>
    public JsonView this[ReadOnlySpan<byte> name]
    {
        get
        {
            var found = default(JsonSpan);
            foreach (var property in Properties)
                if (property.Name.SequenceEqual(name)) found = property.Value.Span;
            return new JsonView(_json, found);
        }
    }

    /// <summary>A property, by its ASCII name in any case, as Segment has it of traits.</summary>
    public JsonView AnyCase(string name)
    {
        var found = default(JsonSpan);
        foreach (var property in Properties)
            if (Ascii.EqualsIgnoreCase(property.Name, name)) found = property.Value.Span;
        return new JsonView(_json, found);
    }

    /// <summary>Its text when it is a string or a number of 1 to so many bytes, else null. Half a surrogate pair becomes U+FFFD.</summary>
    public string? Text(int maxBytes)
    {
        if (Type is not (JsonType.String or JsonType.Number) || Span.Length == 0) return null;
        if (!Span.Escaped) return Span.Length <= maxBytes ? Encoding.UTF8.GetString(Raw) : null;
        Span<byte> plain = maxBytes <= 1024 ? stackalloc byte[maxBytes] : new byte[maxBytes];
        return JsonText.Unescape(Raw, plain, out var length) == JsonText.Outcome.Cut ? null : Encoding.UTF8.GetString(plain[..length]);
    }

    /// <summary>Its number when it is one, or a string that holds one; else NaN.</summary>
    public double Number => Scalar.ReadNumber(_json, Span, out var number) is null ? number : double.NaN;

    /// <summary>Whether it is this text, written without escapes.</summary>
    public bool Is(ReadOnlySpan<byte> text) => Type == JsonType.String && Raw.SequenceEqual(text);

    /// <summary>Its properties; none unless it is an object.</summary>
    public PropertyList Properties => new(_json, Span);

    /// <summary>Its items; none unless it is an array.</summary>
    public ItemList Items => new(_json, Span);

    /// <summary>A property: name and value.</summary>
    public readonly ref struct Property(ReadOnlySpan<byte> name, JsonView value)
    {
        public ReadOnlySpan<byte> Name { get; } = name;
        public JsonView Value { get; } = value;
    }

    /// <summary>The properties of an object, in order.</summary>
    public ref struct PropertyList(ReadOnlySpan<byte> json, JsonSpan span)
    {
        private readonly ReadOnlySpan<byte> _json = json;
        private readonly bool _isObject = span.Type == JsonType.Object;
        private JsonCursor _cursor = new(json, span.Start + 1);
        private bool _begun;

        public Property Current { get; private set; }

        public readonly PropertyList GetEnumerator() => this;

        public bool MoveNext()
        {
            if (!_isObject || _cursor.TryTake((byte)'}') || (_begun && !_cursor.TryTake((byte)','))) return false;
            _begun = true;
            if (!_cursor.ReadName(out var name) || !_cursor.ReadValue(out var value, 0)) return false;
            Current = new Property(name.Escaped ? Unescaped(name.In(_json)) : name.In(_json), new JsonView(_json, value));
            return true;
        }

        private static byte[] Unescaped(ReadOnlySpan<byte> raw)
        {
            var plain = new byte[raw.Length];
            JsonText.Unescape(raw, plain, out var length);
            return plain[..length];
        }
    }

    /// <summary>The items of an array, in order.</summary>
    public ref struct ItemList(ReadOnlySpan<byte> json, JsonSpan span)
    {
        private readonly ReadOnlySpan<byte> _json = json;
        private readonly bool _isArray = span.Type == JsonType.Array;
        private JsonCursor _cursor = new(json, span.Start + 1);
        private bool _begun;

        public JsonView Current { get; private set; }

        public readonly ItemList GetEnumerator() => this;

        public bool MoveNext()
        {
            if (!_isArray || _cursor.TryTake((byte)']') || (_begun && !_cursor.TryTake((byte)','))) return false;
            _begun = true;
            if (!_cursor.ReadValue(out var value, 0)) return false;
            Current = new JsonView(_json, value);
            return true;
        }
    }
}
