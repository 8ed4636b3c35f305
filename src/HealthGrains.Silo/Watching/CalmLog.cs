using System.Collections.Concurrent;
using HealthGrains.Grains.Postgres;
using HealthGrains.Grains.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace HealthGrains.Silo.Watching;

/// <summary>
/// The log as an operator reads it. A database that is away is told of in one sentence by <see cref="StoreWatch"/>; whatever else in a
/// silo needs the database says the same with a stack trace, several times a second. Of that, one line is left of each kind of Orleans'
/// own services every ten minutes, and nothing of what a caller is told anyhow.
/// </summary>
[ProviderAlias("Console")]
internal sealed class CalmLog(ILoggerProvider log, TimeProvider clock) : ILoggerProvider, ISupportExternalScope
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string Category, int Event), long> _said = new();

    /// <summary>Puts it before the console's log.</summary>
    public static void Add(ILoggingBuilder logging)
    {
        var console = logging.Services.Single(
            service => service.ServiceType == typeof(ILoggerProvider) && service.ImplementationType == typeof(ConsoleLoggerProvider));
        logging.Services.Remove(console);
        logging.Services.AddSingleton<ConsoleLoggerProvider>();
        logging.Services.AddSingleton<ILoggerProvider>(
            provider => new CalmLog(provider.GetRequiredService<ConsoleLoggerProvider>(), TimeProvider.System));
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName, log.CreateLogger(categoryName));

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => (log as ISupportExternalScope)?.SetScopeProvider(scopeProvider);

    public void Dispose() => log.Dispose();

    private bool IsSaid(string category, EventId id)
    {
        if (!category.StartsWith("Orleans.", StringComparison.Ordinal)) return false;
        // Grains, their storage and streams fail for somebody, who is told; services fail for nobody else.
        if (!category.StartsWith("Orleans.Runtime.", StringComparison.Ordinal)) return true;
        var now = clock.GetTimestamp();
        if (_said.TryGetValue((category, id.Id), out var before) && clock.GetElapsedTime(before, now) < Silence) return true;
        _said[(category, id.Id)] = now;
        return false;
    }

    private sealed class Logger(CalmLog all, string category, ILogger log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => log.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => log.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is null || !DatabaseFault.IsBehind(exception)) log.Log(logLevel, eventId, state, exception, formatter);
            else if (!all.IsSaid(category, eventId))
                log.Log(logLevel, eventId, $"{FirstLine(formatter(state, exception)).TrimEnd('.')} (the database does not answer)", null, static (text, _) => text);
        }

        private static string FirstLine(string text) => text.AsSpan().IndexOfAny('\r', '\n') is var end and >= 0 ? text[..end] : text;
    }
}
