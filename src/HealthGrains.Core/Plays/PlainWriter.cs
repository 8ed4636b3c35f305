namespace HealthGrains.Plays;

/// <summary>Writes a template as it stands, holes and all: for hosts that have no writer and no templates.</summary>
public sealed class PlainWriter : ITextWriter
{
    private PlainWriter()
    {
    }

    /// <summary>The one there is.</summary>
    public static PlainWriter Instance { get; } = new();

    /// <inheritdoc/>
    public WrittenText Write(TextTemplate template, TextFacts facts) => new(template.Subject, template.Body);

    /// <inheritdoc/>
    public WrittenText Write(TextTemplate template, DigestFacts facts) => new(template.Subject, template.Body);
}
