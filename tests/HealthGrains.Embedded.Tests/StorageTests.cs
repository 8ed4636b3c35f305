using FsCheck;
using FsCheck.Fluent;
using HealthGrains.Accounts;
using HealthGrains.Embedded.Storage;
using HealthGrains.Hosting;
using HealthGrains.Signals;
using Microsoft.Data.Sqlite;

namespace HealthGrains.Embedded.Tests;

public sealed class StorageTests
{
    [Fact]
    public void Signals_come_back_from_a_blob_as_they_went_in() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(int Account, ulong Id, long At, ulong Subject, uint Name, float Value, sbyte Tone)[]>(), rows =>
        {
            var signals = rows.Select(row => new NumberedSignal(
                row.Account, new Signal(row.Id, row.At, SignalKind.FeatureUsed, row.Subject, row.Name, row.Value, row.Tone))).ToArray();
            var blob = new byte[SignalBlob.Size(signals.Length)];
            SignalBlob.Write(signals, blob);
            var count = SignalBlob.Open(blob, out var records);
            if (count != signals.Length) return false;
            for (var i = 0; i < count; i++)
                if (SignalBlob.Read(records, i) != signals[i]) return false;
            return true;
        }).Check(Config.QuickThrowOnFailure.WithReplay(20261121, 7));

    [Fact]
    public void A_blob_with_any_byte_changed_or_cut_off_is_not_opened()
    {
        var blob = new byte[SignalBlob.Size(3)];
        SignalBlob.Write([default, new NumberedSignal(7, new Signal(1, 2, SignalKind.Login)), default], blob);
        for (var i = 0; i < blob.Length; i++)
        {
            var damaged = (byte[])blob.Clone();
            damaged[i] ^= 0x10;
            Assert.Equal(-1, SignalBlob.Open(damaged, out _));
            Assert.Equal(-1, SignalBlob.Open(blob.AsSpan(0, i), out _));
        }
    }

    [Fact]
    public void Turns_come_back_with_their_numbers()
    {
        TurnRecord[] turns = [new(5, 1, 99, TurnKind.Wake), new(6, int.MaxValue, long.MaxValue, TurnKind.Decide)];
        var read = new List<(long, TurnRecord)>();

        Assert.True(TurnBlob.TryRead(TurnBlob.Write(41, turns), read));
        Assert.Equal([(41, turns[0]), (42, turns[1])], read);
        Assert.False(TurnBlob.TryRead(TurnBlob.Write(41, turns).AsSpan(1), read));
    }

    [Fact]
    public void A_close_comes_back_whole()
    {
        var point = new HistoryPoint(
            new DateOnly(2026, 11, 20), 61.25, 50, 70.125, 0.8, false,
            new Dictionary<string, double> { ["product"] = 70, ["billing"] = 1.0 / 3 }, "m-1");
        var close = new DailyClose(point.Day, point, [0, 127, 128, uint.MaxValue]);
        var shape = CloseBlob.ShapeOf(point);

        var blob = CloseBlob.Write(close, shape);
        var read = CloseBlob.ReadPoint(blob, point.Day, shape)!;

        Assert.Equal(point with { Categories = read.Categories }, read);
        Assert.Equal(point.Categories.OrderBy(pair => pair.Key), read.Categories.OrderBy(pair => pair.Key));
        Assert.Equal(close.Counts, CloseBlob.ReadCounts(blob, shape)!);
        Assert.Null(CloseBlob.ReadPoint(blob.AsSpan(1), point.Day, shape));
    }

    [Fact]
    public async Task A_damaged_journal_entry_stops_the_start_with_words_that_help()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync();
        await host.TakeAsync(MadeUp.Login("acme", 1, 10, directory.Clock.GetUtcNow()), CancellationToken.None);
        host.StopAbruptly();
        Execute(directory, "UPDATE journal SET body = substr(body, 1, length(body) - 20) WHERE kind = 1");

        var fault = await Assert.ThrowsAsync<StorageException>(async () => await directory.StartAsync());

        Assert.Contains("journal entry 1", fault.Message, StringComparison.Ordinal);
        Assert.Contains("backup", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_state_stops_the_start_and_names_the_account()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync();
        await host.TakeAsync(MadeUp.Login("acme", 1, 10, directory.Clock.GetUtcNow()), CancellationToken.None);
        await host.StopAsync(CancellationToken.None);
        Execute(directory, "UPDATE accounts SET state = zeroblob(100)");

        var fault = await Assert.ThrowsAsync<StorageException>(async () => await directory.StartAsync());

        Assert.Contains("account acme", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_reported_as_damaged()
    {
        await using var directory = new HostDirectory();
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "healthgrains.db"), new string('x', 10_000));

        var fault = await Assert.ThrowsAsync<StorageException>(async () => await directory.StartAsync());

        Assert.Contains("damaged", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_of_a_newer_version_is_left_alone()
    {
        await using var directory = new HostDirectory();
        await (await directory.StartAsync()).StopAsync(CancellationToken.None);
        Execute(directory, "UPDATE meta SET value = '99' WHERE key = 'schema'");

        var fault = await Assert.ThrowsAsync<StorageException>(async () => await directory.StartAsync());

        Assert.Contains("newer version (schema 99", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_in_use_is_refused_and_the_holder_named()
    {
        await using var directory = new HostDirectory();
        var first = await directory.StartAsync();

        var fault = await Assert.ThrowsAsync<StorageException>(async () => await directory.StartAsync());

        Assert.Contains($"another process uses {directory.Path} (pid {Environment.ProcessId})", fault.Message, StringComparison.Ordinal);
        Assert.True(first.Status.Ready);
    }

    [Fact]
    public async Task When_the_disk_is_full_the_host_stops_with_words_that_help_and_takes_nothing_in_part()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync();
        var now = directory.Clock.GetUtcNow();
        await host.TakeAsync(MadeUp.Login("acme", 1, 10, now), CancellationToken.None);
        await host.SettleAsync();
        // SQLite's own limit on the size of the file answers as a full disk does.
        host.LimitPages();

        var fault = await Assert.ThrowsAsync<HostUnavailableException>(async () =>
        {
            for (ulong i = 1; i < 100; i++) await host.TakeAsync(MadeUp.Login("acme", i * 10_000, 5_000, now), CancellationToken.None);
        });
        Assert.Contains("disk is full", fault.Message, StringComparison.Ordinal);
        Assert.False(host.Status.Ready);
        await Assert.ThrowsAsync<HostUnavailableException>(async () => await host.GetAccountAsync("acme", null, CancellationToken.None));
        var acknowledged = host.Status.Signals;
        await host.DisposeAsync();

        host = await directory.StartAsync();
        Assert.Equal(0, (host.Status.Signals - 10) % 5_000);
        Assert.True(host.Status.Signals <= acknowledged);
        Assert.Equal(host.Status.Signals, (await host.GetAccountAsync("acme", null, CancellationToken.None))!.Version);
    }

    [Theory]
    [InlineData("JournalDays", 0)]
    [InlineData("CloseDays", 10)]
    [InlineData("DuplicateMemory", 1)]
    [InlineData("QueuedSignals", 0)]
    public void A_setting_out_of_its_range_is_refused_by_name(string name, int value)
    {
        var options = new EmbeddedOptions();
        typeof(EmbeddedOptions).GetProperty(name)!.SetValue(options, value);

        Assert.Contains(name, Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);
    }

    private static void Execute(HostDirectory directory, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(directory.Path, "healthgrains.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
