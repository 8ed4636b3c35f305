using Microsoft.Extensions.Logging;

namespace HealthGrains.Cli.Output;

/// <summary>Log entries as plain lines on standard error, so that standard output holds data alone.</summary>
internal sealed class LineLog(TextWriter output) : ILoggerProvider
{
    private readonly Lock _gate = new();

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose() { }

    private void Write(LogLevel level, string category, string message, Exception? error)
    {
        var name = level switch { LogLevel.Information => "info", LogLevel.Warning => "warn", LogLevel.Error => "fail", _ => "crit" };
        // The category's last part is enough for a reader; the whole of it is for filters.
        var line = $"{name}: {category[(category.LastIndexOf('.') + 1)..]}: {message}";
        if (error is not null && !message.Contains(error.Message, StringComparison.Ordinal)) line += $" ({error.Message})";
        lock (_gate) output.WriteLine(line);
    }

    private sealed class Category(LineLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) log.Write(logLevel, name, formatter(state, exception), exception);
        }
    }
}
