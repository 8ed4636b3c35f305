using System.IO.Compression;
using System.Text;
using System.Text.Json;
using HealthGrains.Accounts;
using HealthGrains.Cli.Replay;
using HealthGrains.Health;
using HealthGrains.Policy;
using HealthGrains.Signals;

namespace HealthGrains.Cli.Tests;

public sealed class ReplayTests
{
    private const string Two =
        """
        {"id":"1","account":"acme","source":"usage","kind":"login","at":"2026-03-01T10:00:00Z","subject":"u"}
        {"id":"2","account":"zeta","source":"usage","kind":"featureUsed","at":"2026-03-02T10:00:00Z","subject":"u","name":"reports"}

        """;

    [Fact]
    public async Task Counts_add_up_to_what_was_sent()
    {
        using var cli = new Cli();
        var file = cli.Write("signals.ndjson", Two + Two
            + """{"id":"3","account":"acme","source":"usage","kind":"login","at":"2025-11-01T10:00:00Z","subject":"u"}""" + "\n"
            + """{"id":"4","account":"acme","source":"usage","kind":"dance","at":"2026-03-02T10:00:00Z"}""" + "\n"
            + "not json\n"
            + """{"id":"5","account":"acme","source":"usage","kind":"login"}""" + "\n");
        var report = await JsonAsync(cli, file);
        Assert.Equal(4, Number(report, "accepted"));
        Assert.Equal(1, Number(report, "late"));
        Assert.Equal(2, Number(report, "duplicates"));
        Assert.Equal(0, Number(report, "held"));
        Assert.Equal(2, Number(report, "rejected"));
        Assert.Equal(2, Number(report, "accounts"));
        Assert.True(Number(report, "signalsPerSecond") > 0);
        Assert.Equal("2026-03-02T10:00:00.000Z", report.GetProperty("until").GetString());
        Assert.Equal([6, 7], report.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("line").GetInt32()));
        Assert.Equal("kind", report.GetProperty("errors")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task Packed_piped_and_bracketed_signals_give_what_plain_ones_give()
    {
        using var cli = new Cli();
        await cli.RunAsync("simulate", "--out", cli.Path("company"), "--accounts", "4", "--days", "20");
        var plain = cli.Path("company/signals.ndjson");
        var bytes = await File.ReadAllBytesAsync(plain);
        var expected = Comparable(await JsonAsync(cli, plain));

        // The name says nothing: gzip is told by its first bytes.
        var packed = cli.Path("signals.data");
        await using (var gzip = new GZipStream(File.Create(packed), CompressionLevel.Fastest)) await gzip.WriteAsync(bytes);
        Assert.Equal(expected, Comparable(await JsonAsync(cli, packed)));

        Assert.Equal(0, await cli.RunAsync(bytes, CancellationToken.None, "replay", "-", "--json"));
        Assert.Equal(expected, Comparable(JsonDocument.Parse(cli.Out).RootElement));
        Assert.Equal(0, await cli.RunAsync(await File.ReadAllBytesAsync(packed), CancellationToken.None, "replay", "-", "--json"));
        Assert.Equal(expected, Comparable(JsonDocument.Parse(cli.Out).RootElement));

        var lines = Encoding.UTF8.GetString(bytes).TrimEnd('\n').Split('\n');
        Assert.Equal(expected, Comparable(await JsonAsync(cli, cli.Write("array.json", $"[{string.Join(",\n", lines)}]"))));

        var half = lines.Length / 2;
        var first = cli.Write("1.ndjson", string.Join('\n', lines[..half]));
        var second = cli.Write("2.ndjson", string.Join('\n', lines[half..]));
        Assert.Equal(expected, Comparable(await JsonAsync(cli, first, second)));
    }

    [Fact]
    public async Task Signals_sent_twice_change_nothing_but_the_count_of_duplicates()
    {
        using var cli = new Cli();
        await cli.RunAsync("simulate", "--out", cli.Path("company"), "--accounts", "3", "--days", "15");
        var file = cli.Path("company/signals.ndjson");
        Assert.Equal(0, await cli.RunAsync("replay", file, "--out", cli.Path("once.csv")));
        var report = await JsonAsync(cli, file, file, "--out", cli.Path("twice.csv"));
        Assert.Equal(Number(report, "accepted"), Number(report, "duplicates"));
        Assert.Equal(await File.ReadAllTextAsync(cli.Path("once.csv")), await File.ReadAllTextAsync(cli.Path("twice.csv")));
    }

    [Fact]
    public void An_account_that_churned_and_came_back_is_woken_every_day_again()
    {
        var accounts = new ReplayAccounts(new ReplayTables(), HealthModels.Prior, HealthPolicies.Default);
        var start = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        var at = start;
        ulong id = 0;
        for (var day = 0; day < 90; day++)
        {
            foreach (var account in (string[])["stayed", "returned"])
            {
                at = start + day * Days.Millis;
                for (var user = 1ul; user <= 5; user++)
                {
                    Take(account, SignalKind.Login, user);
                    Take(account, SignalKind.FeatureUsed, user);
                    Take(account, SignalKind.SessionEnded, user, 20);
                }
                if (day % 10 == 0) Take(account, SignalKind.MeetingHeld, 1);
                // Unpaid for two weeks and then paid: only who is woken in between ever hears of it.
                if (day == 60) Take(account, SignalKind.PaymentFailed, 77);
                if (day == 75) Take(account, SignalKind.InvoicePaid, 77);
            }
            if (day == 40) Take("returned", SignalKind.Churned, 0);
            if (day == 50) Take("returned", SignalKind.Renewed, 0);
        }
        accounts.Finish();
        Assert.Equal(2, accounts.Alerts);

        void Take(string account, SignalKind kind, ulong subject, float value = float.NaN)
        {
            at += 1000;
            accounts.Take(account, new Signal(++id, at, kind, subject << 32, 1, value));
        }
    }

    [Fact]
    public async Task An_event_of_a_foreign_system_waits_until_a_profile_names_its_account()
    {
        using var cli = new Cli();
        await cli.RunAsync("simulate", "--out", cli.Path("company"), "--accounts", "10", "--days", "10", "--mixed");
        var without = await JsonAsync(cli, cli.Path("company/signals.ndjson"));
        var with = await JsonAsync(cli, cli.Path("company/signals.ndjson"), "--accounts-file", cli.Path("company/accounts.ndjson"));
        Assert.True(Number(without, "held") > 0);
        Assert.Equal(0, Number(with, "held"));
        Assert.Equal(0, Number(with, "rejected"));
        Assert.Equal(Number(without, "accepted") + Number(without, "held"), Number(with, "accepted"));
    }

    [Fact]
    public async Task A_year_mistyped_does_not_make_everything_else_late()
    {
        using var cli = new Cli();
        var wrong = """{"id":"9","account":"acme","source":"usage","kind":"login","at":"2206-03-01T10:00:00Z"}""" + "\n";
        var lines = Two.Split('\n');
        var report = await JsonAsync(cli, cli.Write("a.ndjson", lines[0] + "\n" + wrong + lines[1] + "\n"));
        Assert.Equal(2, Number(report, "accepted"));
        Assert.Equal(1, Number(report, "rejected"));
        Assert.Equal(0, Number(report, "late"));
    }

    [Fact]
    public async Task The_table_of_accounts_holds_profiles_and_cannot_run_formulas()
    {
        using var cli = new Cli();
        var signals = cli.Write("signals.ndjson", Two);
        var profiles = cli.Write("profiles.ndjson",
            """{"id":"acme","name":"=cmd|' /C calc'!A0","tier":"enterprise","arr":120000,"renewalDate":"2026-06-30"}""" + "\n");
        Assert.Equal(0, await cli.RunAsync("replay", signals, "--accounts-file", profiles, "--out", cli.Path("out.csv")));
        var rows = await File.ReadAllLinesAsync(cli.Path("out.csv"));
        Assert.Equal(3, rows.Length);
        var acme = Assert.Single(rows, row => row.StartsWith("acme,", StringComparison.Ordinal));
        Assert.StartsWith("acme,'=cmd", acme, StringComparison.Ordinal);
        Assert.Contains(",enterprise,", acme, StringComparison.Ordinal);
        Assert.Contains(",2026-06-30,", acme, StringComparison.Ordinal);

        Assert.Equal(0, await cli.RunAsync("replay", signals, "--out", cli.Path("out.json")));
        Assert.Equal(2, JsonDocument.Parse(await File.ReadAllTextAsync(cli.Path("out.json"))).RootElement.GetArrayLength());
    }

    [Fact]
    public async Task A_profile_that_is_none_is_named_by_its_line()
    {
        using var cli = new Cli();
        var profiles = cli.Write("profiles.ndjson", "{\"id\":\"acme\"}\n\n{\"name\":\"nobody\"}\n");
        Assert.Equal(1, await cli.RunAsync("replay", cli.Write("s.ndjson", Two), "--accounts-file", profiles));
        Assert.Contains("profiles.ndjson, line 3", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_file_is_no_failure_and_broken_gzip_is_one()
    {
        using var cli = new Cli();
        Assert.Equal(0, Number(await JsonAsync(cli, cli.Write("empty.ndjson", "")), "accounts"));
        await File.WriteAllBytesAsync(cli.Path("broken.gz"), [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        Assert.Equal(1, await cli.RunAsync("replay", cli.Path("broken.gz")));
        Assert.Contains("is damaged", cli.Error, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> JsonAsync(Cli cli, params string[] args)
    {
        Assert.True(await cli.RunAsync(["replay", .. args, "--json"]) == 0, cli.Error);
        return JsonDocument.Parse(cli.Out).RootElement.Clone();
    }

    private static long Number(JsonElement report, string name) => report.GetProperty(name).GetInt64();

    /// <summary>The report without what depends on the machine.</summary>
    private static string Comparable(JsonElement report) => string.Join('\n', report.EnumerateObject()
        .Where(property => property.Name is not ("seconds" or "signalsPerSecond")).Select(property => property.ToString()));
}
