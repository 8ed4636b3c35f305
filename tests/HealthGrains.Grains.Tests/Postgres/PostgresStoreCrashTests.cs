using System.Globalization;
using System.Text;
using HealthGrains.Alerts;
using HealthGrains.Core.Tests.Portfolio;
using HealthGrains.Grains.Postgres;
using HealthGrains.Hosting;
using Npgsql;

namespace HealthGrains.Grains.Tests.Postgres;

/// <summary>What PostgreSQL adds to the promises: crashes, transactions that end late, erasure to the last byte.</summary>
[NeedsPostgres]
[Collection("postgres")]
public sealed class PostgresStoreCrashTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly NpgsqlDataSource _database = PostgresServer.Instance.NewDatabase();
    private readonly PostgresStore _store;

    public PostgresStoreCrashTests() => _store = new PostgresStore(_database, () => TenantKeys.Repeatable);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_write_whose_node_dies_before_the_commit_leaves_row_and_effects_as_they_were()
    {
        await _store.WriteAsync([Made.Write("acme", text: "before")], None);
        var before = await Everything();
        _store.Seam = step => step == PostgresStore.WriteStep.Written ? KillWriter() : Task.CompletedTask;
        var write = Made.Write("acme", 1, "after").WithEffects("once");
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await _store.WriteAsync([write, Made.Write("new")], None));
        Assert.Equal(before, await Everything());

        _store.Seam = null;
        Assert.Equal((IEnumerable<bool>)[true], await _store.WriteAsync([write], None));
        Assert.Equal("after", Encoding.UTF8.GetString((await _store.ReadAsync("acme", None))!.State));
    }

    [Fact]
    public async Task A_write_of_unknown_outcome_that_is_tried_again_is_refused_and_has_its_effects_once()
    {
        await _store.WriteAsync([Made.Write("acme")], None);
        _store.Seam = step => step == PostgresStore.WriteStep.Committed ? throw new IOException("the answer is lost") : Task.CompletedTask;
        var write = Made.Write("acme", 1, "after").WithEffects("once");
        await Assert.ThrowsAsync<IOException>(async () => await _store.WriteAsync([write], None));
        _store.Seam = null;
        Assert.Equal((IEnumerable<bool>)[false], await _store.WriteAsync([write], None));
        Assert.Equal(2, (await _store.ReadAsync("acme", None))!.Version);
        Assert.Equal(1, (await _store.AuditAsync(new AuditQuery(), null, Book.NowMs, None)).Total);
        Assert.Equal(1, (await _store.AlertsAsync(new AlertQuery(), Book.NowMs, None)).Total);
    }

    [Fact]
    public async Task Kills_at_random_moments_of_many_writers_never_part_a_row_from_its_effects()
    {
        const int seed = 20;
        var random = new Random(seed);
        for (var round = 0; round < 12; round++)
        {
            var ids = Enumerable.Range(0, 30).Select(i => $"a{i}").ToArray();
            var versions = await Task.WhenAll(ids.Select(async id => (await _store.ReadAsync(id, None))?.Version ?? 0));
            var kill = random.Next(3);
            _store.Seam = step => (int)step != kill ? Task.CompletedTask
                : step == PostgresStore.WriteStep.Written ? KillWriter() : throw new IOException("the answer is lost");
            var writes = ids.Select((id, i) => Made.Write(id, versions[i], "x") with
            {
                Audit = [new AuditView(Book.Now, "dana", "account.updated", id, null)],
                Alerts = [Made.Alert(id, (int)versions[i] + 1, "x", AlertState.Resolved)],
            });
            try
            {
                await _store.WriteAsync([.. writes.Where(_ => random.Next(2) == 0)], None);
            }
            catch (Exception fault) when (fault is NpgsqlException or IOException)
            {
                // Whether it was written is not known; what matters is that it was written whole.
            }
            _store.Seam = null;
        }
        // A version is an audit entry, an alert, and the summary's number.
        Assert.Equal(0, await Count("""
            SELECT count(*) FROM accounts a
            WHERE a.version <> (SELECT count(*) FROM audit u WHERE u.subject = a.id)
                OR a.version <> (SELECT count(*) FROM alerts l WHERE l.account = a.id)
                OR NOT EXISTS (SELECT FROM summaries s WHERE s.id = a.id)
            """));
        Assert.True(await Count("SELECT sum(version)::bigint FROM accounts") > 60, $"hardly anything was written; seed {seed}");
    }

    [Fact]
    public async Task An_erased_account_is_in_no_table_any_more()
    {
        const string marker = "marker-7f3a";
        var write = Made.Write(Book.Account(marker, $"{marker} Ltd", owner: "dana"), text: $"state of {marker}").WithEffects($"{marker} called");
        await _store.WriteAsync([write, Made.Write("b")], None);
        await _store.SetLinksAsync(
            [new IdentityLink("segment", $"g-{marker}", marker), new IdentityLink("segment:user", $"u-{marker}", $"g-{marker}")], None);
        await _store.SetLinksAsync([new IdentityLink("stripe", "moved", marker)], None);
        await _store.SetLinksAsync([new IdentityLink("stripe", "moved", "b")], None);
        await _store.HoldAsync([Made.Held(marker, $"g-{marker}"), Made.Held($"{marker}-2", marker)], Book.NowMs, None);
        Assert.True(await Holding(marker) >= 8);
        await _store.EraseAsync(marker, "erased-1", new AuditView(Book.Now, "officer", "account.erased", "erased-1", null), None);
        Assert.Equal(0, await Holding(marker));
        Assert.Equal(0, await Count("SELECT events FROM held_total"));
    }

    [Fact]
    public async Task Other_nodes_learn_of_an_erasure_by_the_pseudonym()
    {
        await _store.WriteAsync([Made.Write("acme")], None);
        var known = await _store.ChangesAsync(0, None);
        await _store.EraseAsync("acme", "erased-1", new AuditView(Book.Now, "officer", "account.erased", "erased-1", null), None);
        await _store.WriteAsync([Made.Write("acme")], None);
        var changes = await _store.ChangesAsync(known.Mark, None);
        Assert.Equal("erased-1", Assert.Single(changes.Erased));
        Assert.Equal(("acme", true), Assert.Single(changes.Accounts));
    }

    [Fact]
    public async Task A_reader_misses_nothing_of_a_transaction_that_ends_late()
    {
        var mark = (await _store.ChangesAsync(0, None)).Mark;
        await using var connection = await _database.OpenConnectionAsync();
        await using var late = await connection.BeginTransactionAsync();
        await connection.Command(late, "INSERT INTO changes (kind, key) VALUES (3, 'late')").RunAsync(None);
        await _store.WriteAsync([Made.Write("early")], None);
        var first = await _store.ChangesAsync(mark, None);
        Assert.Equal(("early", true), Assert.Single(first.Accounts));
        await late.CommitAsync();
        var second = await _store.ChangesAsync(first.Mark, None);
        Assert.Contains(("late", true), second.Accounts);
        Assert.Empty((await _store.ChangesAsync(second.Mark, None)).Accounts);
    }

    [Fact]
    public async Task Readers_and_writers_side_by_side_end_with_the_same_directory()
    {
        var seen = new Dictionary<string, string?>();
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 60; i++)
                await _store.SetLinksAsync([.. Enumerable.Range(0, 3).Select(k => new IdentityLink("segment", $"x{(i + k) % 20}", $"t{writer}-{i}"))], None);
        })).ToArray();
        var mark = 0L;
        var all = Task.WhenAll(writers);
        for (var last = false; ; last = all.IsCompleted)
        {
            var changes = await _store.ChangesAsync(mark, None);
            foreach (var link in changes.Links) seen[link.ExternalId] = link.Target;
            mark = changes.Mark;
            if (last) break;
        }
        await all;
        var stored = (await _store.ChangesAsync(0, None)).Links.ToDictionary(link => link.ExternalId, link => link.Target);
        Assert.Equal(stored.OrderBy(link => link.Key), seen.OrderBy(link => link.Key));
    }

    [Fact]
    public async Task Who_comes_back_after_changes_were_thrown_away_reads_everything()
    {
        var mark = (await _store.ChangesAsync(0, None)).Mark;
        await _store.WriteAsync([Made.Write("a"), Made.Write("b")], None);
        await _store.EraseAsync("b", "erased-b", new AuditView(Book.Now, "officer", "account.erased", "erased-b", null), None);
        await _store.PruneChangesAsync(None, TimeSpan.Zero);
        Assert.Equal(1, await Count("SELECT count(*) FROM changes"));
        var changes = await _store.ChangesAsync(mark, None);
        Assert.Equal(("a", true), Assert.Single(changes.Accounts));
        Assert.Equal("erased-b", Assert.Single(changes.Erased));
    }

    [Fact]
    public async Task Too_many_held_events_are_refused_whole_and_room_comes_back_as_they_are_settled()
    {
        var store = new PostgresStore(_database, () => TenantKeys.Repeatable) { MostHeld = 3, MostHeldBytes = 100 };
        await store.HoldAsync([Made.Held("1"), Made.Held("2")], Book.NowMs, None);
        await Assert.ThrowsAsync<IntakeSaturatedException>(async () => await store.HoldAsync([Made.Held("3"), Made.Held("4")], Book.NowMs, None));
        await Assert.ThrowsAsync<IntakeSaturatedException>(async () => await store.HoldAsync([Made.Held("5", bytes: 90)], Book.NowMs, None));
        Assert.Equal(2, (await store.WaitingAsync("segment", "g-1", None)).Count);
        Assert.Equal((IEnumerable<bool>)[false], await store.HoldAsync([Made.Held("1")], Book.NowMs, None));
        await store.SettleAsync([Made.Held("1"), Made.Held("2")], None);
        Assert.Equal((IEnumerable<bool>)[true], await store.HoldAsync([Made.Held("5", bytes: 90)], Book.NowMs, None));
    }

    [Fact]
    public async Task A_name_that_the_database_cannot_hold_stops_nobody_elses_write()
    {
        var odd = Made.Write(Book.Account("odd", "Nul\0 and half\uD83D pair", owner: "da\0na", segment: "\uDE00"));
        Assert.Equal((IEnumerable<bool>)[true, true], await _store.WriteAsync([odd, Made.Write("b")], None));
        var page = await _store.ListAsync(new AccountQuery { Owner = "da\0na" }, Book.NowMs, None);
        Assert.Equal("Nul\uFFFD and half\uFFFD pair", Assert.Single(page.Items).Name);
    }

    [Fact]
    public async Task A_summary_that_says_the_same_is_not_written_again()
    {
        await _store.WriteAsync([Made.Write("acme")], None);
        var place = await Text("SELECT ctid::text FROM summaries");
        await _store.WriteAsync([Made.Write(Book.Account("acme") with { AsOf = Book.Now.AddDays(1) }, 1)], None);
        Assert.Equal(place, await Text("SELECT ctid::text FROM summaries"));
        await _store.WriteAsync([Made.Write(Book.Account("acme", score: 61), 2)], None);
        Assert.NotEqual(place, await Text("SELECT ctid::text FROM summaries"));
    }

    [Fact]
    public async Task Rows_of_a_few_kilobytes_stay_in_their_page_and_large_ones_are_kept_as_well()
    {
        var random = new Random(1);
        string Noise(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next(33, 127)));
        await _store.WriteAsync([Made.Write("usual", text: Noise(4_000))], None);
        Assert.Equal(0, await Count("SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE oid = 'accounts'::regclass"));
        var large = Noise(40_000);
        await _store.WriteAsync([Made.Write("large", text: large)], None);
        Assert.Equal(large, Encoding.UTF8.GetString((await _store.ReadAsync("large", None))!.State));
    }

    private async Task KillWriter() =>
        await Count("""
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'idle in transaction'
            """);

    private async Task<long> Count(string sql) => await _database.Command(sql).ValueAsync<long>(None);

    private Task<string?> Text(string sql) => _database.Command(sql).ValueAsync<string>(None);

    private async Task<List<string>> Tables() => await _database
        .Command("SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'healthgrains' ORDER BY 1").RowsAsync(row => row.GetString(0), None);

    /// <summary>How many rows of all tables hold a text, as text or as bytes.</summary>
    private async Task<long> Holding(string marker)
    {
        var bytes = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(marker));
        var count = 0L;
        foreach (var table in await Tables())
            count += await Count($"SELECT count(*) FROM {table} t WHERE t::text ILIKE '%{marker}%' OR t::text ILIKE '%{bytes}%'");
        return count;
    }

    private async Task<string> Everything()
    {
        var all = new StringBuilder();
        foreach (var table in await Tables())
        {
            var rows = await _database.Command($"SELECT t::text FROM {table} t ORDER BY 1").RowsAsync(row => row.GetString(0), None);
            all.AppendLine(CultureInfo.InvariantCulture, $"{table}: {string.Join("; ", rows)}");
        }
        return all.ToString();
    }
}
