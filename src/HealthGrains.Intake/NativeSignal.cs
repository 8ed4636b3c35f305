using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace HealthGrains.Intake;

/// <summary>
/// Where the properties of one native signal lie. A property given twice counts as given last; unknown ones are passed over.
/// </summary>
internal struct NativeSignal
{
    public JsonSpan Id, Account, Source, Kind, At, Subject, Name, Value, Text, Url, Priority;

    /// <summary>Walks over one object, which begins at the cursor. False on broken JSON.</summary>
    public static bool TryFind(ReadOnlySpan<byte> json, ref JsonCursor cursor, int depth, out NativeSignal signal)
    {
        signal = default;
        if (!cursor.Take((byte)'{', "expected '{': a signal is an object")) return false;
        if (cursor.TryTake((byte)'}')) return true;
        do
        {
            if (!cursor.ReadName(out var name) || !cursor.ReadValue(out var value, depth)) return false;
            signal.Put(json, name, value);
        }
        while (cursor.TryTake((byte)','));
        return cursor.Take((byte)'}', "expected ',' or '}'");
    }

    private void Put(ReadOnlySpan<byte> json, JsonSpan name, JsonSpan value)
    {
        var bytes = name.In(json);
        if (name.Escaped)
        {
            PutEscaped(bytes, value);
            return;
        }
        Put(bytes, value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PutEscaped(ReadOnlySpan<byte> raw, JsonSpan value)
    {
        Span<byte> name = stackalloc byte[16]; // longer than every name that counts
        if (JsonText.Unescape(raw, name, out var length) == JsonText.Outcome.Whole) Put(name[..length], value);
    }

    private void Put(ReadOnlySpan<byte> name, JsonSpan value)
    {
        switch (name.Length)
        {
            case 2 when name.SequenceEqual("id"u8):
                Id = value;
                break;
            case 2 when name.SequenceEqual("at"u8):
                At = value;
                break;
            case 3 when name.SequenceEqual("url"u8):
                Url = value;
                break;
            case 8 when name.SequenceEqual("priority"u8):
                Priority = value;
                break;
            case 4 when name.SequenceEqual("kind"u8):
                Kind = value;
                break;
            case 4 when name.SequenceEqual("name"u8):
                Name = value;
                break;
            case 4 when name.SequenceEqual("text"u8):
                Text = value;
                break;
            case 5 when name.SequenceEqual("value"u8):
                Value = value;
                break;
            case 6 when name.SequenceEqual("source"u8):
                Source = value;
                break;
            case 7 when name.SequenceEqual("account"u8):
                Account = value;
                break;
            case 7 when name.SequenceEqual("subject"u8):
                Subject = value;
                break;
        }
    }

    /// <summary>Why bytes are no UTF-8, with the place; null when they are.</summary>
    public static string? WhyNotUtf8(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes)) return null;
        var position = 0;
        while (System.Text.Rune.DecodeFromUtf8(bytes[position..], out _, out var consumed) == System.Buffers.OperationStatus.Done)
            position += consumed;
        return $"not UTF-8 at byte {position + 1}";
    }
}
