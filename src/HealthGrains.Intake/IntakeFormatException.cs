namespace HealthGrains.Intake;

/// <summary>The body as a whole cannot be read: nothing of it was taken. Over HTTP this is a 400.</summary>
public sealed class IntakeFormatException : Exception
{
    /// <summary>A failure of the whole body.</summary>
    /// <param name="reason">What is wrong and what would be right.</param>
    public IntakeFormatException(string reason) : base(reason) => Reason = reason;

    /// <summary>A failure at a place.</summary>
    /// <param name="reason">What is wrong and what would be right.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="column">The byte within the line, from 1.</param>
    public IntakeFormatException(string reason, long line, long column) : base($"line {line}, byte {column}: {reason}")
    {
        Reason = reason;
        Line = line;
        Column = column;
    }

    /// <summary>What is wrong and what would be right, without the place.</summary>
    public string Reason { get; }

    /// <summary>The line, from 1; 0 when there is no place.</summary>
    public long Line { get; }

    /// <summary>The byte within the line, from 1; 0 when there is no place.</summary>
    public long Column { get; }

    internal static IntakeFormatException At(ReadOnlySpan<byte> body, int position, string reason)
    {
        var before = body[..Math.Min(position, body.Length)];
        var line = before.Count((byte)'\n') + 1;
        return new IntakeFormatException(reason, line, before.Length - before.LastIndexOf((byte)'\n'));
    }
}
