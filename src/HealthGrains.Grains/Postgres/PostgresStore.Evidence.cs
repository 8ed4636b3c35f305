using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Grains.Postgres;

/// <content>Where signals can be seen in their own system.</content>
public sealed partial class PostgresStore
{
    /// <inheritdoc/>
    public Task AddEvidenceAsync(IReadOnlyList<EvidenceLink> links, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO evidence (account, at, kind, url) SELECT * FROM unnest($1, $2, $3, $4)
            ON CONFLICT DO NOTHING
            """;
        EvidenceLink[] all = [.. links.Distinct()];
        return database.Command(
            sql, Sql.Texts(Column(all, link => link.Account)), Sql.Longs(Column(all, link => link.At)),
            Sql.Shorts(Column(all, link => (short)link.Kind)), Sql.Texts(Column(all, link => link.Url))).RunAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<EvidenceLink>> EvidenceAsync(
        IReadOnlyCollection<string> accounts, long since, int limit, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT account, kind, at, url FROM evidence WHERE account = ANY($1) AND at >= $2 ORDER BY at DESC, url LIMIT $3
            """;
        return await database.Command(sql, Sql.Texts([.. accounts]), Sql.Long(since), Sql.Int(limit)).RowsAsync(
            row => new EvidenceLink(row.GetString(0), (SignalKind)row.GetInt16(1), row.GetInt64(2), row.GetString(3)), cancellationToken);
    }
}
