namespace HealthGrains.Signals;

/// <summary>
/// One thing that happened at an account, in the form that the domain works on: no strings, no free text, no personal data.
/// Intake makes it; nothing changes it afterwards.
/// </summary>
/// <param name="Id">Keyed hash of (tenant, source, id): the identity that duplicates are recognised by.</param>
/// <param name="At">When it happened: Unix time in milliseconds, UTC.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Subject">Pseudonym of whom or what it is about (a user, a ticket, an invoice, a contact); 0 when absent.</param>
/// <param name="Name">Hash of the feature, workflow, milestone ... (see <see cref="NameId"/>); 0 when absent.</param>
/// <param name="Value">The number it carries, in the unit that its kind defines; NaN when absent.</param>
/// <param name="Sentiment">Tone of the free text it came with, -100 (hostile) to 100 (delighted); <see cref="NoSentiment"/> without text.</param>
public readonly record struct Signal(
    ulong Id,
    long At,
    SignalKind Kind,
    ulong Subject = 0,
    uint Name = 0,
    float Value = float.NaN,
    sbyte Sentiment = Signal.NoSentiment)
{
    /// <summary>The value of <see cref="Sentiment"/> when the signal came without text.</summary>
    public const sbyte NoSentiment = sbyte.MinValue;

    /// <summary>The source, read from the kind.</summary>
    public SignalSource Source => Kind.Source();

    /// <summary>Whether it carries a number.</summary>
    public bool HasValue => !float.IsNaN(Value);

    /// <summary>Whether it came with text.</summary>
    public bool HasSentiment => Sentiment != NoSentiment;
}
