using System.Diagnostics;
using System.Globalization;
using System.Text;
using HealthGrains.Accounts;
using HealthGrains.Actors;
using HealthGrains.Cli.Bench;
using HealthGrains.Grains;
using HealthGrains.Grains.Accounts;
using HealthGrains.Grains.Desks;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using NpgsqlTypes;

namespace HealthGrains.ClusterBench;

/// <summary>
/// What a reminder's tick costs where many plays run: of each play one is a day away or less. A tenth of the ticks makes a step due, which
/// becomes a task; the others look whether the play is over.
/// </summary>
internal sealed class Ticks(BenchScale scale, Action<string> say, TimeProvider wall)
{
    private const int Samples = 20;
    private const int BatchSize = 4_096;
    private const int AtOnce = 64;
    private const int StepEvery = 10;
    private const long Day = 86_400_000;

    private static readonly PracticeFile Playbook = new("playbooks/long.json", """
        { "id": "long", "version": 1, "title": "A long play", "goal": "To run for weeks.", "exits": { "recovered": false },
          "steps": [
            { "id": "call", "day": 0, "kind": "task", "title": "Call" },
            { "id": "ask", "day": 7, "kind": "task", "title": "Ask" },
            { "id": "meet", "day": 14, "kind": "task", "title": "Meet" },
            { "id": "look", "day": 28, "kind": "task", "title": "Look back" }] }
        """);

    private static ClusterOptions Options
    {
        get
        {
            var change = PracticeBook.Empty(NoTemplateCheck.Instance).With([Playbook]);
            return change.Problems.Count == 0 ? new ClusterOptions { Practice = change.Book }
                : throw new InvalidOperationException(change.Problems[0].ToString());
        }
    }

    private int Timed => Math.Min(scale.Plays / 4, scale.TicksPerSecond * scale.Seconds);

    private int Untimed => Math.Min(scale.Plays / 4, 20_000);

    public async Task<List<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        await using var database = PostgresServer.Instance.NewDatabase();
        using (var silo = await OwnSilo.StartAsync(database, cancellationToken, Options))
        {
            say($"ticks: {Samples} plays begin ...");
            await BeginAsync(silo, cancellationToken);
            await silo.StopAsync(cancellationToken);
        }
        say($"ticks: they are stored as {scale.Plays:N0} ...");
        var start = wall.GetUtcNow().AddSeconds(40 + scale.Plays / 2_000);
        await CopyAsync(database, start, cancellationToken);
        await RunAsync(database, "VACUUM ANALYZE", cancellationToken);
        using var ticking = await OwnSilo.StartAsync(database, cancellationToken, Options);
        say($"ticks: {Timed:N0} by reminders, {scale.TicksPerSecond} a second, beside {scale.Plays:N0} reminders ...");
        var left = start - wall.GetUtcNow();
        if (left < TimeSpan.FromSeconds(3)) throw new InvalidOperationException($"the silo was ready {left} before the first tick");
        await Task.Delay(left, wall, cancellationToken);
        var (before, began) = (Cpu(), wall.GetUtcNow());
        await Task.Delay(TimeSpan.FromSeconds((double)Timed / scale.TicksPerSecond), wall, cancellationToken);
        var stored = FormattableString.Invariant($"""
            SELECT count(*) >= {Timed} FROM grain_storage
            WHERE changed_at > to_timestamp({began.ToUnixTimeSeconds()}) AND key_text BETWEEN 't-' AND 'u'
            """);
        await UntilAsync(database, stored, cancellationToken);
        var spent = Cpu() - before;
        var late = await LatenessAsync(database, start, cancellationToken);
        say($"ticks: {Untimed:N0} at once ...");
        var grains = ticking.Services.GetRequiredService<IGrainFactory>();
        var watch = Stopwatch.StartNew();
        await Parallel.ForAsync(0, Untimed, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (i, _) => await grains.GetGrain<IDeskGrain>(Untouched(i)).WakeAsync());
        var rate = Untimed / watch.Elapsed.TotalSeconds;
        await ticking.StopAsync(cancellationToken);
        return
        [
            new Figure("ticksLateP50", "a reminder's tick taken and stored after it was due, p50", late.Half, "ms",
                FormattableString.Invariant($"{scale.TicksPerSecond} a second beside {scale.Plays:N0} reminders")),
            new Figure("ticksLateP99", "  p99", late.Most, "ms", "the same"),
            new Figure("tickCpu", "  processor time of the silo a tick", spent.TotalMilliseconds / Timed, "ms", "reminders and rest included"),
            new Figure("ticksPerSecond", "desks woken, each read from the database", rate, "ticks/s",
                FormattableString.Invariant($"{Untimed:N0}, {AtOnce} at once: all plays in {scale.Plays / rate:0} s")),
        ];
    }

    private static string Reminded(int i) => FormattableString.Invariant($"t-{i:000000}");

    private static string Untouched(int i) => FormattableString.Invariant($"u-{i:000000}");

    private string Name(int i) => i < Timed ? Reminded(i) : Untouched(i - Timed);

    private static TimeSpan Cpu() => Process.GetCurrentProcess().TotalProcessorTime;

    private async Task BeginAsync(IHost silo, CancellationToken cancellationToken)
    {
        var host = silo.Services.GetRequiredService<IHealthGrains>();
        for (var i = 0; i < Samples; i++)
        {
            await host.PutProfileAsync(AccountProfile.Unknown(Book.Id(i)) with { Owner = "dana" }, "bench", cancellationToken);
            if (await host.Desks.DoAsync(Book.Id(i), new StartPlay("bench", "long"), cancellationToken) is not { Refusal: DeskRefusal.None })
                throw new InvalidOperationException("a play did not begin");
        }
    }

    private async Task CopyAsync(NpgsqlDataSource database, DateTimeOffset start, CancellationToken cancellationToken)
    {
        var store = new Grains.Postgres.PostgresStore(database, () => throw new InvalidOperationException("no cursor is written"));
        var rows = new AccountRow[Samples];
        var desks = new string[Samples];
        for (var i = 0; i < Samples; i++)
        {
            rows[i] = await RowAsync(database, Book.Id(i), cancellationToken);
            desks[i] = await DeskAsync(database, Book.Id(i), cancellationToken);
        }
        var writes = new List<AccountWrite>(BatchSize);
        for (var i = 0; i < scale.Plays; i++)
        {
            writes.Add(Copy(rows[i % Samples], Name(i)));
            if (writes.Count < BatchSize && i < scale.Plays - 1) continue;
            await store.WriteAsync(writes, cancellationToken);
            writes.Clear();
        }
        for (var from = 0; from < scale.Plays; from += BatchSize)
            await CopyDesksAsync(database, desks, from, Math.Min(scale.Plays, from + BatchSize), start, cancellationToken);
    }

    private async Task CopyDesksAsync(
        NpgsqlDataSource database, string[] desks, int from, int to, DateTimeOffset start, CancellationToken cancellationToken)
    {
        int[] all = [.. Enumerable.Range(from, to - from)];
        await using var batch = database.CreateBatch();
        Add("""
            INSERT INTO grain_storage (service_id, grain_type, key_0, key_1, key_text, version, payload)
            SELECT g.service_id, g.grain_type, 0, 0, u.id, 1, convert_to(u.body, 'UTF8')
            FROM unnest($1, $2) AS u(id, body), (SELECT service_id, grain_type FROM grain_storage WHERE key_text = 'co-000000') AS g
            """, Texts(Name), Texts(i => Moved(desks[i % Samples], i, start)));
        Add("INSERT INTO desks SELECT id, 1, 0 FROM unnest($1) AS u(id)", Texts(Name));
        Add("""
            INSERT INTO reminders (service_id, grain_id, reminder_name, start_time, period_ms, grain_hash, version)
            SELECT r.service_id, u.id, r.reminder_name, u.at, r.period_ms, u.hash, 0
            FROM unnest($1, $2, $3) AS u(id, at, hash),
                (SELECT * FROM reminders WHERE grain_id = 'desk/co-000000') AS r
            """, Texts(i => GrainOf(i).ToString()),
            Of(i => DueAt(i, start), NpgsqlDbType.TimestampTz), Of(i => (int)GrainOf(i).GetUniformHashCode(), NpgsqlDbType.Integer));
        await batch.ExecuteNonQueryAsync(cancellationToken);

        void Add(string sql, params NpgsqlParameter[] parameters)
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.AddRange(parameters);
            batch.BatchCommands.Add(command);
        }

        NpgsqlParameter Texts(Func<int, string> value) => Of(value, NpgsqlDbType.Text);

        NpgsqlParameter Of<T>(Func<int, T> value, NpgsqlDbType type) =>
            new() { Value = Array.ConvertAll(all, i => value(i)), NpgsqlDbType = NpgsqlDbType.Array | type };

        GrainId GrainOf(int i) => GrainId.Create("desk", Name(i));
    }

    // Those that are timed one after the other; of the others a day is far, though their desks would have something to do at once.
    private DateTime DueAt(int i, DateTimeOffset start) =>
        (i < Timed ? start.AddSeconds((double)i / scale.TicksPerSecond) : start.AddHours(12 + i % 12)).UtcDateTime;

    /// <summary>A desk as it is when its tick comes: begun a day, or the days of its next step, before.</summary>
    private string Moved(string desk, int i, DateTimeOffset start)
    {
        var record = StoredJson.Read<ActorRecord<DeskSeat, DeskMessage>>(Encoding.UTF8.GetBytes(desk), "a desk");
        var due = i < Timed ? new DateTimeOffset(DueAt(i, start)).ToUnixTimeMilliseconds() : start.ToUnixTimeMilliseconds() - 60_000;
        record.State.WakeAt = record.State.Desk.WakeAt = due;
        record.Outbox.Messages.Clear();
        var play = record.State.Desk.Plays.Single();
        play.StartedAt = due - (i % StepEvery == 0 ? 7 : 3) * Day;
        return Encoding.UTF8.GetString(StoredJson.WriteBytes(record));
    }

    private static async Task<AccountRow> RowAsync(NpgsqlDataSource database, string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT profile, state, intake, model FROM accounts WHERE id = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = id });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new AccountRow(
            1, reader.GetFieldValue<byte[]>(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2), reader.GetString(3),
            long.MaxValue);
    }

    private static async Task<string> DeskAsync(NpgsqlDataSource database, string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT convert_from(payload, 'UTF8') FROM grain_storage WHERE key_text = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = id });
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<(double Half, double Most)> LatenessAsync(
        NpgsqlDataSource database, DateTimeOffset start, CancellationToken cancellationToken)
    {
        var late = new List<double>();
        await using var command = database.CreateCommand(
            "SELECT key_text, changed_at FROM grain_storage WHERE key_text BETWEEN 't-' AND 'u'");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            // One that made a step due was stored a second time, when what it had to say was delivered.
            if (int.Parse(reader.GetString(0).AsSpan(2), CultureInfo.InvariantCulture) is var i && i % StepEvery != 0)
                late.Add((reader.GetDateTime(1) - DueAt(i, start)).TotalMilliseconds);
        }
        late.Sort();
        return (late[late.Count / 2], late[late.Count * 99 / 100]);
    }

    private static async Task RunAsync(NpgsqlDataSource database, string sql, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task UntilAsync(NpgsqlDataSource database, string sql, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (var tries = 0; ; tries++)
        {
            await using var command = database.CreateCommand(sql);
            if ((bool)(await command.ExecuteScalarAsync(cancellationToken))!) return;
            if (tries == 120) throw new InvalidOperationException($"not within two minutes: {sql}");
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static AccountWrite Copy(AccountRow row, string id)
    {
        var profile = AccountProfile.Unknown(id) with { Owner = "dana" };
        return new AccountWrite
        {
            Id = id, Replaces = 0, Profile = profile, Figures = default, Closes = [], Alerts = [], Audit = [],
            Row = row with { Profile = StoredJson.WriteBytes(profile) },
        };
    }
}
