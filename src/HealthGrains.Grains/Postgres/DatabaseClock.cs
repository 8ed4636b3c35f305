using System.Globalization;
using Npgsql;

namespace HealthGrains.Grains.Postgres;

/// <summary>How two clocks stand to each other.</summary>
/// <param name="Estimate">The database server's clock less this machine's: what is most likely.</param>
/// <param name="Certain">How far apart they are at least, whenever the answer was written on its way.</param>
/// <param name="Server">What the server's clock said.</param>
public readonly record struct ClockOffset(TimeSpan Estimate, TimeSpan Certain, DateTimeOffset Server)
{
    /// <summary>What is wrong and what to do, when they differ by more than that; else null.</summary>
    public string? WhyNot(TimeSpan most)
    {
        if (Certain <= most) return null;
        var seconds = Certain.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        return $"the database server's clock and this machine's differ by {seconds} s (the server says {Server:yyyy-MM-dd HH:mm:ss} UTC); "
            + "set both by the same time source, such as NTP";
    }
}

/// <summary>Compares this machine's clock with the database server's, which all silos share.</summary>
public sealed class DatabaseClock(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Asks once.</summary>
    public async Task<ClockOffset> CompareAsync(CancellationToken cancellationToken)
    {
        // What takes long, such as a new connection, comes before the time is taken.
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var before = clock.GetUtcNow();
        var start = clock.GetTimestamp();
        var server = await connection.Command(null, "SELECT clock_timestamp()").RowsAsync(row => row.Time(0), cancellationToken);
        return Of(before, clock.GetElapsedTime(start), server[0]);
    }

    /// <summary>The server's clock said <paramref name="server"/> somewhere between a question and its answer.</summary>
    internal static ClockOffset Of(DateTimeOffset before, TimeSpan asked, DateTimeOffset server)
    {
        var after = before + asked;
        var certain = server < before ? before - server : server > after ? server - after : TimeSpan.Zero;
        return new ClockOffset(server - (before + (asked / 2)), certain, server);
    }
}
