namespace HealthGrains.Grains.Postgres;

/// <summary>What is wrong with a database, or with the way to it.</summary>
public enum DatabaseProblem
{
    /// <summary>The connection string cannot be read.</summary>
    ConnectionString,
    /// <summary>No server answers at that host and port.</summary>
    Unreachable,
    /// <summary>The server refuses the user or the password.</summary>
    Login,
    /// <summary>There is no such database.</summary>
    NoDatabase,
    /// <summary>The server is too old, read-only, of another encoding, or full.</summary>
    Server,
    /// <summary>The user may not do what is needed.</summary>
    Permission,
    /// <summary>The database was never set up, or tables of it are gone.</summary>
    MissingTables,
    /// <summary>The tables are those of an older build.</summary>
    OlderSchema,
    /// <summary>The tables are those of a newer build.</summary>
    NewerSchema,
    /// <summary>The tables were changed by something else than this product.</summary>
    AlteredSchema,
    /// <summary>The database belongs to another cluster.</summary>
    OtherCluster,
    /// <summary>The server's clock and this machine's differ.</summary>
    ClockSkew,
}

/// <summary>A database that cannot be used as it is. The message is a sentence that says what to do.</summary>
public sealed class DatabaseSetupException(DatabaseProblem problem, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What is wrong.</summary>
    public DatabaseProblem Problem { get; } = problem;
}
