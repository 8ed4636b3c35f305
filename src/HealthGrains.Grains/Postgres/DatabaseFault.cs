using HealthGrains.Grains.Storage;
using Npgsql;

namespace HealthGrains.Grains.Postgres;

/// <summary>Which faults say no more than that the database is away.</summary>
public static class DatabaseFault
{
    /// <summary>
    /// Broken or no connections; a server that starts, stops, has no room, or only reads because another one has taken over.
    /// </summary>
    public static bool IsAway(Exception fault) => fault switch
    {
        PostgresException told => told.SqlState is "25006" || told.SqlState.StartsWith("57P", StringComparison.Ordinal)
            || told.SqlState.StartsWith("08", StringComparison.Ordinal) || told.SqlState.StartsWith("53", StringComparison.Ordinal),
        NpgsqlException => true,
        _ => false,
    };

    /// <summary>Whether such a fault is behind this one, as it came or as another silo or a storage provider put it into words.</summary>
    public static bool IsBehind(Exception? fault)
    {
        if (StoreWatch.IsAway(fault)) return true;
        for (; fault is not null; fault = fault.InnerException)
        {
            if (IsAway(fault)) return true;
            if (fault is AggregateException { InnerExceptions: { Count: > 1 } all }) return all.All(IsBehind);
            // Storage providers tell the fault's type and text in a message of their own, and leave the fault out.
            if (fault is OrleansException && (fault.Message.Contains(typeof(NpgsqlException).FullName!, StringComparison.Ordinal)
                || fault.Message.Contains(": 57P0", StringComparison.Ordinal))) return true;
        }
        return false;
    }
}
