namespace HealthGrains.Plays.Files;

/// <summary>
/// Reads a template without writing it: which fields it names, and what is wrong with it. A pure function; the writer's side of a port.
/// </summary>
public interface ITemplateCheck
{
    /// <summary>Reads the subject or the body of a template. Lines and columns count from 1.</summary>
    TemplateReading Read(string text);
}

/// <summary>What a template names.</summary>
/// <param name="Fields">The fields, in their order.</param>
/// <param name="Mistakes">What is wrong; none when it can be written with.</param>
public sealed record TemplateReading(IReadOnlyList<TemplateField> Fields, IReadOnlyList<TemplateMistake> Mistakes);

/// <summary>A field that a template names.</summary>
/// <param name="Name">Its path, such as <c>contact.name</c>.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
public sealed record TemplateField(string Name, int Line, int Column)
{
    /// <summary>The name of a place that a person must fill in before the text may go out.</summary>
    public const string Fill = "fill";
}

/// <summary>Something wrong in a template.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Reason">What is wrong, and what would be right.</param>
public sealed record TemplateMistake(int Line, int Column, string Reason);
