using Npgsql;

namespace HealthGrains.Grains.Postgres;

/// <summary>The database as all parts of a node use it.</summary>
public static class PostgresSource
{
    /// <summary>How many connections a node opens at most, unless the connection string says another number.</summary>
    public const int ConnectionsPerNode = 20;

    /// <summary>The schema that all tables are in; nothing else of the database is touched.</summary>
    public const string Schema = "healthgrains";

    /// <summary>
    /// One pool of connections for the store and for the cluster's own tables. Throws <see cref="DatabaseSetupException"/> for a
    /// connection string that cannot be read.
    /// </summary>
    public static NpgsqlDataSource Create(string connectionString, string applicationName = "healthgrains")
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException)
        {
            throw new DatabaseSetupException(DatabaseProblem.ConnectionString,
                $"the connection string cannot be read ({fault.Message}); "
                + "write it as 'Host=...;Port=5432;Database=...;Username=...;Password=...'", fault);
        }
        if (string.IsNullOrWhiteSpace(settings.Host))
        {
            throw new DatabaseSetupException(DatabaseProblem.ConnectionString,
                "the connection string names no host; write it as 'Host=...;Port=5432;Database=...;Username=...;Password=...'");
        }
        // The providers' statements name tables without a schema.
        settings.SearchPath = Schema;
        settings.ApplicationName ??= applicationName;
        // A server takes a hundred connections by default, and a cluster has several nodes.
        if (!settings.ShouldSerialize("Maximum Pool Size")) settings.MaxPoolSize = ConnectionsPerNode;
        // The same few statements all day: after the second time the server keeps them parsed.
        if (settings.MaxAutoPrepare == 0) (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages) = (64, 2);
        // The name stands in metrics; the default is the connection string.
        return new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = applicationName }.Build();
    }
}
