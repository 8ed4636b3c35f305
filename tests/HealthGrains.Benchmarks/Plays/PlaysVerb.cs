using System.Diagnostics;
using System.Globalization;
using HealthGrains.Accounts;
using HealthGrains.Assistant;
using HealthGrains.Benchmarks.Risk;
using HealthGrains.Embedded;
using HealthGrains.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace HealthGrains.Benchmarks.Plays;

/// <summary>
/// The embedded host with a running play on every account, all due at the same moment, which is the worst case: the clock is moved a day
/// at a time, and a day counts until all that fell due is done and stored.
/// </summary>
internal static class PlaysVerb
{
    private const int AtOnce = 2_000;

    public static int Run(string[] args) => RunAsync(args).GetAwaiter().GetResult();

    private static async Task<int> RunAsync(string[] args)
    {
        var accounts = RiskVerb.Option(args, "--accounts", 100_000);
        var days = RiskVerb.Option(args, "--days", 8);
        var directory = Directory.CreateTempSubdirectory("healthgrains-plays-");
        var clock = new HandClock(new DateTimeOffset(2026, 11, 16, 9, 0, 0, TimeSpan.Zero));
        var writer = new HandlebarsWriter();
        try
        {
            await using var host = new EmbeddedHost(
                new EmbeddedOptions
                {
                    DataDirectory = directory.FullName, Clock = clock, ClockKind = ClockKind.Simulated, Keys = TenantKeys.Repeatable,
                    Writer = writer, Practice = DefaultPractice.Book(writer),
                },
                NullLogger<EmbeddedHost>.Instance);
            await host.StartAsync(CancellationToken.None);
            var watch = Stopwatch.StartNew();
            foreach (var some in Enumerable.Range(0, accounts).Chunk(AtOnce))
                await Task.WhenAll(some.Select(async number => await PutAsync(host, number, clock)));
            await host.SettleAsync();
            Say($"{accounts:N0} accounts put, whose plays begin when they are woken on day 1: {watch.Elapsed.TotalSeconds:0.0} s; {await CountAsync(host)}");
            for (var day = 1; day <= days; day++)
            {
                var cpu = Process.GetCurrentProcess().TotalProcessorTime;
                watch.Restart();
                clock.Now = clock.Now.AddDays(1);
                await host.SettleAsync();
                var (wall, used) = (watch.Elapsed.TotalSeconds, Process.GetCurrentProcess().TotalProcessorTime - cpu);
                var memory = Process.GetCurrentProcess().WorkingSet64 >> 20;
                Say($"day {day}: {wall:0.0} s, {used.TotalSeconds:0.0} s of CPU time; {await CountAsync(host)}; {memory:N0} MiB");
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
        return 0;
    }

    // In its seventh month, so that the default practice begins the alignment meeting.
    private static ValueTask<bool> PutAsync(EmbeddedHost host, int number, HandClock clock) => host.PutProfileAsync(
        new AccountProfile
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"a{number}"), Name = $"Account {number}", Tier = Tier.Standard, Arr = 20_000,
            Owner = $"csm{number % 500}", StartedAt = clock.Now.AddDays(-185), RenewalDate = clock.Now.AddDays(180), TermMonths = 12,
            Contacts = [new Contact("c1", "Robin Field", $"robin@a{number}.example", "champion", true, "Europe/Berlin")],
        },
        "bench", CancellationToken.None);

    private static async Task<string> CountAsync(EmbeddedHost host)
    {
        var one = new WorkQuery(Limit: 1);
        var plays = (await host.ListPlaysAsync(one, CancellationToken.None)).Total;
        var drafts = (await host.ListDraftsAsync(one, CancellationToken.None)).Total;
        var tasks = (await host.ListTasksAsync(one, CancellationToken.None)).Total;
        return string.Create(CultureInfo.InvariantCulture, $"plays running {plays:N0}, drafts waiting {drafts:N0}, tasks open {tasks:N0}");
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private sealed class HandClock(DateTimeOffset start) : TimeProvider
    {
        private long _ticks = start.UtcTicks;

        public DateTimeOffset Now
        {
            get => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);
            set => Interlocked.Exchange(ref _ticks, value.UtcTicks);
        }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
