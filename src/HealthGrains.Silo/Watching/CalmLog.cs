using System.Collections.Concurrent;
using System.Net.Sockets;
using HealthGrains.Grains.Postgres;
using HealthGrains.Grains.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace HealthGrains.Silo.Watching;

/// <summary>
/// The log as an operator reads it. A database that is away is told of in one sentence by <see cref="StoreWatch"/>; whatever else in a
/// silo needs the database says the same with a stack trace, several times a second. Of that, one line is left of each kind of Orleans'
/// own services every ten minutes, and nothing of what a caller is told anyhow. Much the same goes for calls to a silo that has died: a
/// line of each kind every ten seconds, until it is known to be dead.
/// </summary>
[ProviderAlias("Console")]
internal sealed class CalmLog(ILoggerProvider log, TimeProvider clock) : ILoggerProvider, ISupportExternalScope
{
    private static readonly TimeSpan DatabaseSilence = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan SiloSilence = TimeSpan.FromSeconds(10);

    // How a stack trace looks within a message.
    private const string Frame = "\n   at ";

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

    /// <summary>What is behind a fault, in plain words, where its stack trace tells nobody more; whether it need not be said.</summary>
    private (string? Reason, bool IsSaid) Look(string category, EventId id, Exception? fault)
    {
        var isOrleans = category.StartsWith("Orleans.", StringComparison.Ordinal);
        if (DatabaseFault.IsBehind(fault))
        {
            // Grains, their storage and streams fail for somebody, who is told; services fail for nobody else.
            var isTold = isOrleans && !category.StartsWith("Orleans.Runtime.", StringComparison.Ordinal);
            return ("the database does not answer", isTold || (isOrleans && IsSaid(category, id, DatabaseSilence)));
        }
        if (!IsOfAnotherSilo(fault, isOrleans))
        {
            // What Orleans throws says itself what it is about; all else is a fault in somebody's code, and its trace is wanted.
            var isWords = isOrleans && fault is (OrleansException or TimeoutException or OperationCanceledException);
            return (isWords ? FirstLine(fault!.Message).TrimEnd('.') : null, false);
        }
        // Whoever says it: Orleans' streams do so under another name, and what is ours hangs on the same silo.
        // Which silo is missed, and since when, is worth each line.
        var isNews = category.StartsWith("Orleans.Runtime.MembershipService.", StringComparison.Ordinal);
        return ("another silo does not answer", !isNews && IsSaid(category, id, SiloSilence));
    }

    private bool IsSaid(string category, EventId id, TimeSpan silence)
    {
        var now = clock.GetTimestamp();
        if (_said.TryGetValue((category, id.Id), out var before) && clock.GetElapsedTime(before, now) < silence) return true;
        _said[(category, id.Id)] = now;
        return false;
    }

    private static bool IsOfAnotherSilo(Exception? fault, bool isOrleans)
    {
        for (; fault is not null; fault = fault.InnerException)
        {
            if (fault is OrleansMessageRejectionException or ConnectionFailedException or SiloUnavailableException
                or ClientNotAvailableException) return true;
            // Whoever else has a socket talks to somebody else.
            if (isOrleans && fault is SocketException) return true;
            // Of these the types are not public.
            if (fault.GetType().Namespace?.StartsWith("Orleans.Networking", StringComparison.Ordinal) == true) return true;
        }
        return false;
    }

    private static string FirstLine(string text) => text.AsSpan().IndexOfAny('\r', '\n') is var end and >= 0 ? text[..end] : text;

    private sealed class Logger(CalmLog all, string category, ILogger log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => log.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => log.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var (reason, isSaid) = all.Look(category, eventId, exception);
            if (exception is null && formatter(state, null) is var text && text.IndexOf(Frame, StringComparison.Ordinal) is var at and > 0)
            {
                // A fault of another silo, in words.
                log.Log(logLevel, eventId, text[..at].TrimEnd(), null, static (said, _) => said);
            }
            else if (reason is null) log.Log(logLevel, eventId, state, exception, formatter);
            else if (!isSaid)
            {
                var said = $"{FirstLine(formatter(state, exception)).TrimEnd('.')} ({reason})";
                log.Log(logLevel, eventId, said, null, static (text, _) => text);
            }
        }
    }
}
