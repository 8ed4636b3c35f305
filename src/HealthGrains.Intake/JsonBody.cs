namespace HealthGrains.Intake;

/// <summary>
/// Reads the object at the cursor into the writer. False on broken JSON, or, where it must stand alone, when something follows it:
/// nothing was taken or counted then.
/// </summary>
internal delegate bool ReadOne(ReadOnlySpan<byte> json, ref JsonCursor cursor, bool alone, int position, BatchWriter writer);

/// <summary>A body of events as an array, one object, or lines; what the events are is its caller's.</summary>
internal static class JsonBody
{
    public static void Read(ReadOnlySpan<byte> body, BodyShape shape, BatchWriter writer, ReadOne readOne, WireFormat format)
    {
        if (body.StartsWith("\uFEFF"u8)) body = body[3..];
        if (body.IndexOfAnyExcept(" \t\r\n"u8) is var first && first < 0) throw new IntakeFormatException($"the body is empty; send at least one event, such as {format.Example()}");

        if (shape == BodyShape.Lines || (shape == BodyShape.Detect && body[first] == '{' && AreLines(body)))
        {
            writer.Batch.CountsLines = true;
            ReadLines(body, 1, writer, readOne);
            return;
        }
        var cursor = new JsonCursor(body);
        var whole = body[first] == '[' ? ReadArray(body, ref cursor, writer, readOne) : readOne(body, ref cursor, true, 0, writer);
        if (whole && cursor.TakeEnd()) return;

        var reason = cursor.Fault ?? "expected a value";
        if (body[first] == '{' && cursor.Fault == JsonCursor.ExpectedEnd) reason += "; objects on lines of their own are sent as application/x-ndjson";
        if (body[first] is not ((byte)'{' or (byte)'[')) reason = $"expected a JSON array, object, or NDJSON, such as {format.Example()}";
        writer.Batch.Clear();
        throw IntakeFormatException.At(body, cursor.Position, reason);
    }

    /// <summary>
    /// Reads lines, each of which is an event or a rejection; blank ones only count. Returns the number of the next line.
    /// </summary>
    public static int ReadLines(ReadOnlySpan<byte> body, int number, BatchWriter writer, ReadOne readOne)
    {
        while (!body.IsEmpty)
        {
            var end = body.IndexOf((byte)'\n');
            var line = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            ReadLine(line, number, writer, readOne);
            number++;
        }
        return number;
    }

    public static void ReadLine(ReadOnlySpan<byte> line, int number, BatchWriter writer, ReadOne readOne)
    {
        var cursor = new JsonCursor(line);
        if (cursor.AtEnd) return;
        var place = cursor.Position;
        var next = line[place];
        if (next != '{')
        {
            writer.Reject(number, "", $"expected one JSON object a line, found {JsonText.Echo(line[place..])}");
            return;
        }
        if (!readOne(line, ref cursor, true, number, writer))
            writer.Reject(number, "", $"not JSON: {cursor.Fault} at byte {cursor.Position + 1}");
    }

    private static bool ReadArray(ReadOnlySpan<byte> body, ref JsonCursor cursor, BatchWriter writer, ReadOne readOne)
    {
        cursor.Take((byte)'[', "expected '['");
        if (cursor.TryTake((byte)']')) return true;
        var index = 0;
        do
        {
            if (cursor.AtEnd) break;
            if (body[cursor.Position] == '{')
            {
                if (!readOne(body, ref cursor, false, index, writer)) return false;
            }
            else
            {
                if (!cursor.ReadValue(out var other, 1)) return false;
                writer.Reject(index, "", $"not an object: {JsonText.Echo(other.In(body))}");
            }
            index++;
        }
        while (cursor.TryTake((byte)','));
        return cursor.Take((byte)']', "expected ',' or ']'");
    }

    // Whether a body that begins with an object goes on after it, or breaks on its first line while more lines follow: then it is
    // NDJSON, and a broken line must not refuse the others. One object over several lines is not.
    private static bool AreLines(ReadOnlySpan<byte> body)
    {
        var cursor = new JsonCursor(body);
        if (cursor.ReadValue(out _, 0)) return !cursor.AtEnd;
        var firstLine = body.IndexOf((byte)'\n');
        return firstLine >= 0 && body[firstLine..].TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
    }
}
