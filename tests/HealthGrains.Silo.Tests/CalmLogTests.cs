using HealthGrains.Grains.Storage;
using HealthGrains.Silo.Watching;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace HealthGrains.Silo.Tests;

/// <summary>What is left of the log for whoever runs a silo.</summary>
public sealed class CalmLogTests
{
    private const string Membership = "Orleans.Runtime.MembershipService.MembershipAgent";

    private readonly MovableClock _clock = new();
    private readonly List<string> _said = [];
    private readonly CalmLog _log;

    public CalmLogTests() => _log = new CalmLog(new Lines(_said), _clock);

    [Fact]
    public void What_only_says_that_the_database_is_away_is_a_line_every_ten_minutes()
    {
        var away = new NpgsqlException("Failed to connect");
        Say(Membership, "Failed to update table entry, will retry shortly.", away);
        Say(Membership, "Failed to update table entry, will retry shortly.", away);
        Assert.Equal(["Failed to update table entry, will retry shortly (the database does not answer)"], _said);

        _clock.Move(TimeSpan.FromMinutes(11));
        Say(Membership, "Failed to update table entry, will retry shortly.", away);
        Assert.Equal(2, _said.Count);
    }

    [Fact]
    public void What_a_caller_is_told_anyhow_is_not_said()
    {
        Say("Orleans.Grain", "Error activating grain", new StoreUnavailableException("the database has not answered for 3 s"));
        // As storage providers tell it: in words, without the fault.
        Say("Orleans.Streams.changes", "RegisterAsStreamProducer failed", new OrleansException(
            "Error from storage provider AdoNetGrainStorage \n Exc level 0: Npgsql.NpgsqlException: Failed to connect to 127.0.0.1:41735"));
        Assert.Empty(_said);
    }

    [Fact]
    public void Our_own_words_stay_without_the_stack_trace()
    {
        Say("HealthGrains.Grains.Actors", "The reminder of a could not be moved", new NpgsqlException("Failed to connect"));
        Say("HealthGrains.Grains.Actors", "The reminder of b could not be moved", new NpgsqlException("Failed to connect"));
        Assert.Equal(2, _said.Count);
        Assert.All(_said, line => Assert.EndsWith(" could not be moved (the database does not answer)", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Of_a_silo_that_died_each_probe_is_told_and_of_all_else_a_line_every_ten_seconds()
    {
        var refused = new SiloUnavailableException("Unable to connect");
        for (var i = 0; i < 3; i++)
        {
            Say("Orleans.Messaging", "Failed to address message", refused);
            Say("Orleans.Runtime.MembershipService.SiloHealthMonitor", $"Did not get response for probe #{i}", refused);
        }
        Assert.Single(_said, line => line == "Failed to address message (another silo does not answer)");
        Assert.Equal(3, _said.Count(line => line.StartsWith("Did not get", StringComparison.Ordinal)));

        _clock.Move(TimeSpan.FromSeconds(11));
        Say("Orleans.Messaging", "Failed to address message", refused);
        Assert.Equal(2, _said.Count(line => line.StartsWith("Failed to address", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_others_say_of_a_silo_that_died_is_a_line_without_its_stack_trace_too()
    {
        var refused = new ConnectionFailedException("Unable to connect to S127.0.0.1:1\n   at Orleans.Core.Connect()");
        for (var i = 0; i < 2; i++)
        {
            // Orleans' streams, by another name; and ours, with the fault's words in the sentence.
            Say("Microsoft.Extensions.Logging.ILogger", "Exception thrown in QueueMessageBatchAsync.", refused);
            Say("HealthGrains.Grains.Watching", $"Changes could not be told: {refused.Message}", refused);
        }
        Assert.Equal(
            ["Exception thrown in QueueMessageBatchAsync (another silo does not answer)",
             "Changes could not be told: Unable to connect to S127.0.0.1:1 (another silo does not answer)"], _said);

        // Some other server that is away is not a silo.
        Say("OpenTelemetry", "Export failed", new IOException("refused", new System.Net.Sockets.SocketException(111)));
        Assert.Contains("SocketException", _said[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_stack_trace_within_a_message_is_cut_off()
    {
        Say(Membership, "Failure message: Unable to connect\n   at Orleans.Core.Connect()\n   at Orleans.Core.Send()", null);
        Assert.Equal(["Failure message: Unable to connect"], _said);
    }

    [Fact]
    public void What_Orleans_throws_is_told_by_its_own_words()
    {
        Say(Membership, "Did not get response for probe #2", new OperationCanceledException("The ping attempt was cancelled.\nPing #2"));
        Assert.Equal(["Did not get response for probe #2 (The ping attempt was cancelled)"], _said);
    }

    [Fact]
    public void Everything_else_is_said_as_it_was()
    {
        // The server refused, and will do so again: that is no outage.
        var denied = new PostgresException("permission denied", "ERROR", "ERROR", "42501");
        for (var i = 0; i < 2; i++)
        {
            Say(Membership, "Failed to update table entry", denied);
            Say("Orleans.Grain", "Error activating grain", new InvalidDataException("damaged"));
            Say("Orleans.Streams.changes", "A sentence without a fault", null);
        }
        Assert.Equal(6, _said.Count);
        Assert.Equal(2, _said.Count(line => line.Contains("42501", StringComparison.Ordinal)));
        Assert.Equal(2, _said.Count(line => line.Contains("System.IO.InvalidDataException", StringComparison.Ordinal)));
    }

    private void Say(string category, string text, Exception? fault) =>
        _log.CreateLogger(category).Log(LogLevel.Warning, new EventId(7), text, fault, static (state, _) => state);

    private sealed class Lines(List<string> said) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            said.Add(exception is null ? formatter(state, exception) : $"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }

    private sealed class MovableClock : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Move(TimeSpan by) => _now += by.Ticks;
    }
}
