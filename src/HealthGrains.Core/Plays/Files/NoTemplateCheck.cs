namespace HealthGrains.Plays.Files;

/// <summary>Finds no fields and no mistakes: for hosts that write with <see cref="PlainWriter"/>.</summary>
public sealed class NoTemplateCheck : ITemplateCheck
{
    private NoTemplateCheck()
    {
    }

    /// <summary>The one there is.</summary>
    public static NoTemplateCheck Instance { get; } = new();

    /// <inheritdoc/>
    public TemplateReading Read(string text) => new([], []);
}
