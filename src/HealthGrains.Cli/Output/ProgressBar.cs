using Spectre.Console;

namespace HealthGrains.Cli.Output;

/// <summary>How far a piece of work is: a bar on a terminal, a plain line every tenth of the way elsewhere.</summary>
internal static class ProgressBar
{
    /// <param name="terminal">Where to draw.</param>
    /// <param name="title">What is being done.</param>
    /// <param name="work">The work; it tells its share done, 0..1, and a few words.</param>
    public static Task RunAsync(Terminal terminal, string title, Func<Action<double, string>, Task> work)
    {
        if (!terminal.Interactive) return RunPlainAsync(terminal, title, work);
        return AnsiConsoleExtensions.Progress(terminal.Console)
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(title), maxValue: 1);
                await work((share, words) =>
                {
                    task.Value = Math.Clamp(share, 0, 1);
                    task.Description = Markup.Escape($"{title}: {words}");
                });
                task.Value = 1;
            });
    }

    private static async Task RunPlainAsync(Terminal terminal, string title, Func<Action<double, string>, Task> work)
    {
        var told = 0;
        await work((share, words) =>
        {
            var tenth = (int)(share * 10);
            if (tenth <= told) return;
            told = tenth;
            terminal.Say($"{title}: {tenth * 10} % ({words})");
        });
    }
}
