using HealthGrains.Grains.Storage;

namespace HealthGrains.Grains.Postgres;

/// <content>How far the log is stored.</content>
public sealed partial class PostgresStore
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredPlace>> PlacesAsync(CancellationToken cancellationToken) =>
        await database.Command("SELECT topic, partition, next_offset FROM log_places")
            .RowsAsync(row => new StoredPlace(row.GetString(0), row.GetInt32(1), row.GetInt64(2)), cancellationToken);

    /// <inheritdoc/>
    /// <remarks>
    /// Whoever had the partition before may still move it: what it says is as true as what its successor says, and the higher one stays.
    /// </remarks>
    public async Task<bool[]> MovePlacesAsync(IReadOnlyList<PlaceMove> moves, CancellationToken cancellationToken)
    {
        const string sql = """
            WITH good AS (
                SELECT g.topic, g.partition, g.next_offset
                FROM unnest($1, $2, $3, $4) AS g(topic, partition, known, next_offset)
                LEFT JOIN log_places p ON p.topic = g.topic AND p.partition = g.partition
                WHERE coalesce(p.next_offset, 0) >= g.known),
            moved AS (
                INSERT INTO log_places AS p (topic, partition, next_offset)
                SELECT topic, partition, next_offset FROM good ORDER BY topic COLLATE "C", partition
                ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset, moved_at = now()
                WHERE p.next_offset < excluded.next_offset)
            SELECT topic, partition FROM good
            """;
        if (moves.Count == 0) return [];
        var good = await database.Command(
            sql, Sql.Texts([.. moves.Select(move => move.Topic)]), Sql.Ints([.. moves.Select(move => move.Partition)]),
            Sql.Longs([.. moves.Select(move => move.From)]), Sql.Longs([.. moves.Select(move => move.Next)]))
            .RowsAsync(row => (row.GetString(0), row.GetInt32(1)), cancellationToken);
        return [.. moves.Select(move => good.Contains((move.Topic, move.Partition)))];
    }
}
