using Npgsql;
using NpgsqlTypes;

namespace HealthGrains.Grains.Postgres;

/// <summary>Parameters by position, each with the type that the statement expects.</summary>
internal static class Sql
{
    public static NpgsqlParameter Text(string? value) => Of(value, NpgsqlDbType.Text);

    public static NpgsqlParameter Long(long value) => Of(value, NpgsqlDbType.Bigint);

    public static NpgsqlParameter Int(int value) => Of(value, NpgsqlDbType.Integer);

    public static NpgsqlParameter Bytes(byte[] value) => Of(value, NpgsqlDbType.Bytea);

    public static NpgsqlParameter Time(DateTimeOffset value) => Of(value.ToUniversalTime(), NpgsqlDbType.TimestampTz);

    public static NpgsqlParameter Texts(string?[] values) => Of(values, NpgsqlDbType.Array | NpgsqlDbType.Text);

    public static NpgsqlParameter Longs(long[] values) => Of(values, NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    public static NpgsqlParameter Ints(int[] values) => Of(values, NpgsqlDbType.Array | NpgsqlDbType.Integer);

    public static NpgsqlParameter Shorts(short[] values) => Of(values, NpgsqlDbType.Array | NpgsqlDbType.Smallint);

    public static NpgsqlParameter Blobs(byte[][] values) => Of(values, NpgsqlDbType.Array | NpgsqlDbType.Bytea);

    public static NpgsqlParameter Of(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    /// <summary>A statement of a batch.</summary>
    public static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
    }

    /// <summary>A statement with its parameters.</summary>
    public static NpgsqlCommand Command(
        this NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql, params ReadOnlySpan<NpgsqlParameter> parameters) =>
        With(new NpgsqlCommand(sql, connection, transaction), parameters);

    /// <summary>A statement on a connection of its own.</summary>
    public static NpgsqlCommand Command(this NpgsqlDataSource source, string sql, params ReadOnlySpan<NpgsqlParameter> parameters) =>
        With(source.CreateCommand(sql), parameters);

    private static NpgsqlCommand With(NpgsqlCommand command, ReadOnlySpan<NpgsqlParameter> parameters)
    {
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }

    /// <summary>All rows of an answer.</summary>
    public static async Task<List<T>> RowsAsync<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken ending)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(ending);
            return await reader.RowsAsync(read, ending);
        }
    }

    /// <summary>The rows of the answer that the reader is at.</summary>
    public static async Task<List<T>> RowsAsync<T>(
        this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken ending)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(ending)) rows.Add(read(reader));
        return rows;
    }

    /// <summary>Runs a statement that answers nothing.</summary>
    public static async Task<int> RunAsync(this NpgsqlCommand command, CancellationToken ending)
    {
        await using (command) return await command.ExecuteNonQueryAsync(ending);
    }

    /// <summary>The one value that a statement answers; the default without a row.</summary>
    public static async Task<T?> ValueAsync<T>(this NpgsqlCommand command, CancellationToken ending)
    {
        await using (command) return await command.ExecuteScalarAsync(ending) is T value ? value : default;
    }

    public static string? TextOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static decimal? MoneyOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDecimal(column);

    public static double NumberOrNaN(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? double.NaN : row.GetDouble(column);

    public static byte[] Bytes(this NpgsqlDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    public static DateTimeOffset Time(this NpgsqlDataReader row, int column) => new(row.GetDateTime(column), TimeSpan.Zero);
}
