using System.Net.Sockets;
using Npgsql;

namespace HealthGrains.Grains.Postgres;

/// <summary>Faults of the driver in words for operators.</summary>
internal static class ConnectionFault
{
    /// <summary>What to do about it; null for a fault that is not about the way to the database or the right to use it.</summary>
    public static DatabaseSetupException? Explain(Exception fault, NpgsqlConnectionStringBuilder settings)
    {
        var (host, port, user) = (settings.Host, settings.Port, settings.Username ?? Environment.UserName);
        var name = settings.Database ?? user;
        return fault switch
        {
            PostgresException { SqlState: "28P01" or "28000" } refused => new(DatabaseProblem.Login,
                $"the server at {host}:{port} refuses the user '{user}' ({refused.MessageText}); "
                + "check Username and Password of the connection string, and pg_hba.conf of the server", fault),
            PostgresException { SqlState: "3D000" } => new(DatabaseProblem.NoDatabase,
                $"there is no database '{name}' at {host}:{port}; create it with "
                + $"'CREATE DATABASE \"{name}\" ENCODING UTF8 TEMPLATE template0', or correct Database in the connection string", fault),
            PostgresException { SqlState: "42501" } denied => new(DatabaseProblem.Permission,
                $"the user '{user}' may not do what is needed in the database '{name}' ({denied.MessageText}); "
                + $"grant it with 'GRANT CREATE ON DATABASE \"{name}\" TO \"{user}\"', or let the owner of the schema "
                + $"'{PostgresSource.Schema}' run this", fault),
            PostgresException { SqlState: "53300" } => new(DatabaseProblem.Server,
                $"the server at {host}:{port} has no connection left; raise its max_connections, or lower Maximum Pool Size of every node",
                fault),
            PostgresException { SqlState: "55P03" } => new(DatabaseProblem.Server,
                $"a table of the database '{name}' is in use by something that does not end; look for it in pg_stat_activity, and try again",
                fault),
            PostgresException { SqlState: "57P03" } => new(DatabaseProblem.Unreachable,
                $"the server at {host}:{port} is starting or stopping; try again in a moment", fault),
            PostgresException => null,
            NpgsqlException when Find<SocketException>(fault) is { } broken => new(DatabaseProblem.Unreachable,
                $"no PostgreSQL server answers at {host}:{port} ({broken.Message}); check Host and Port of the connection string, "
                + "that the server runs, and that no firewall is in between", fault),
            NpgsqlException or TimeoutException when Find<TimeoutException>(fault) is not null => new(DatabaseProblem.Unreachable,
                $"the server at {host}:{port} does not answer in time; check Host and Port of the connection string and the network", fault),
            NpgsqlException when fault.Message.Contains("password", StringComparison.OrdinalIgnoreCase) => new(DatabaseProblem.Login,
                $"the server at {host}:{port} asks for a password and the connection string has none; add Password to it", fault),
            _ => null,
        };
    }

    private static T? Find<T>(Exception? fault) where T : Exception
    {
        for (; fault is not null; fault = fault.InnerException)
            if (fault is T found) return found;
        return null;
    }
}
