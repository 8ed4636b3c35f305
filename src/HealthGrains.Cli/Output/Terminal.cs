using Spectre.Console;

namespace HealthGrains.Cli.Output;

/// <summary>
/// Where words go: data to standard output, everything else to standard error, with colour and motion on a terminal only.
/// </summary>
internal sealed class Terminal
{
    public Terminal(TextWriter output, TextWriter error, Stream input, bool interactive)
    {
        Out = output;
        Error = error;
        Input = input;
        Interactive = interactive;
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = interactive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = interactive && !NoColor ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = interactive ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(error),
        });
        if (!interactive) Console.Profile.Width = 160;
    }

    /// <summary>Data.</summary>
    public TextWriter Out { get; }

    /// <summary>Words about the work.</summary>
    public TextWriter Error { get; }

    /// <summary>Standard input, for the file name '-'.</summary>
    public Stream Input { get; }

    /// <summary>Whether standard error is a terminal that may be drawn on.</summary>
    public bool Interactive { get; }

    /// <summary>Standard error, for drawing.</summary>
    public IAnsiConsole Console { get; }

    private static bool NoColor => Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };

    public static Terminal Standard() => new(
        System.Console.Out, System.Console.Error, System.Console.OpenStandardInput(),
        !System.Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb");

    /// <summary>Says something about the work.</summary>
    public void Say(string text) => Error.WriteLine(text);
}
