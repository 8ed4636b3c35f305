using System.Buffers;
using System.Globalization;
using HealthGrains.Accounts;
using HealthGrains.Core.Tests.Accounts;
using HealthGrains.Signals;
using HealthGrains.Situations;
using HealthGrains.Tenants;
using Xunit;

namespace HealthGrains.Core.Tests.Tenants;

public sealed class TenantCountTests
{
    private const long Hour = 3_600_000;
    private static readonly ConnectorRule Rule = new();
    private static readonly int Saturday = Days.Of(Lives.Now);

    [Fact]
    public void A_weekend_is_no_silence()
    {
        var accounts = Workers(20, until: Saturday);
        Assert.Null(Usage(Counted(accounts, At(Saturday + 1, 23))).Open);
        // Who worked until Friday at ten is late on Monday night.
        var monday = Usage(Counted(accounts, At(Saturday + 2, 21)));
        Assert.Equal((20, 0, null), (monday.Usual, monday.Silent, monday.Open));
        Assert.NotNull(Usage(Counted(accounts, At(Saturday + 3, 0))).Open);
    }

    [Fact]
    public void A_holiday_on_which_somebody_works_is_no_dead_connection()
    {
        var accounts = Workers(40, until: Saturday);
        // Monday and Tuesday are holidays: five of forty accounts work.
        for (var one = 0; one < 5; one++)
            for (var day = Saturday + 2; day < Saturday + 4; day++) Work(accounts[one], day);
        var pulse = Counted(accounts, At(Saturday + 3, 23));
        Assert.Equal((35, null), (Usage(pulse).Silent, Usage(pulse).Open));
        Assert.Equal(5 / 40.0, pulse.Pace.On(Saturday + 2), 3);
        Assert.Equal(5 / 40.0, pulse.Pace.Against(Saturday + 2), 3);
    }

    [Fact]
    public void An_account_that_is_silent_alone_is_counted_and_ends_nothing()
    {
        var accounts = Workers(20, until: Saturday - 7);
        for (var one = 1; one < 20; one++)
            for (var day = Saturday - 7; day < Saturday; day++) Work(accounts[one], day);
        var usage = Usage(Counted(accounts, At(Saturday, 12)));
        Assert.Equal((20, 1, null), (usage.Usual, usage.Silent, usage.Open));
    }

    [Fact]
    public void Of_a_few_accounts_nothing_is_said()
    {
        Assert.Null(Usage(Counted(Workers(4, until: Saturday), At(Saturday + 30, 12))).Open);
    }

    [Fact]
    public void A_source_of_which_each_account_says_little_is_dead_when_nobody_says_anything()
    {
        // Each of three hundred is paid for once a month: eleven invoices a day.
        var accounts = Enumerable.Range(0, 300).Select(Account).ToArray();
        for (var one = 0; one < 300; one++)
            Take(accounts[one], new Signal((ulong)one + 1, At(Saturday - 28 + one % 28, 9), SignalKind.InvoicePaid, Value: 10));
        Assert.Null(Counted(accounts, At(Saturday + 2, 12)).Of(SignalSource.Billing).Open);
        var dead = Counted(accounts, At(Saturday + 6, 12)).Of(SignalSource.Billing);
        Assert.Equal((0, 1), (dead.Usual, dead.Open!.Number));
    }

    [Fact]
    public void A_silence_is_one_until_accounts_are_heard_again_and_what_is_sent_late_is_found()
    {
        var accounts = Workers(20, until: Saturday);
        var pulse = TenantPulse.Unknown;
        for (var hour = 0; hour < 24 * 9; hour++) pulse = Counted(accounts, At(Saturday, hour), pulse);
        Assert.Equal((1, Saturday - 1), (Usage(pulse).Outages, Usage(pulse).Open!.FirstDay));
        Assert.True(pulse.Lost(SignalSource.Usage).Contains(Saturday + 50));
        // Friday was told of, as it turned out.
        Assert.False(pulse.Lost(SignalSource.Usage).Contains(Saturday - 1));

        foreach (var account in accounts) Work(account, Saturday + 9);
        pulse = Counted(accounts, At(Saturday + 9, 11), pulse);
        Assert.Null(Usage(pulse).Open);
        Assert.Equal(Enumerable.Range(Saturday, 9), Lost(pulse));

        // The backlog of two days comes in the end.
        foreach (var account in accounts) { Work(account, Saturday + 3); Work(account, Saturday + 4); }
        pulse = Counted(accounts, At(Saturday + 9, 12), pulse);
        Assert.Equal([.. Enumerable.Range(Saturday, 9).Except([Saturday + 3, Saturday + 4])], Lost(pulse));
    }

    [Fact]
    public void The_order_of_the_accounts_and_the_way_through_storage_leave_no_trace()
    {
        var accounts = Workers(30, until: Saturday);
        var now = At(Saturday + 3, 1);
        var straight = Counted(accounts, now);
        var stored = new TenantCount(now);
        var pulse = new AccountPulse();
        foreach (var account in accounts.Reverse())
        {
            var bytes = new ArrayBufferWriter<byte>();
            pulse.Take(account, new TenantFacts(), now);
            pulse.Write(bytes);
            Assert.InRange(bytes.WrittenCount, 1, 160);
            pulse.Read(bytes.WrittenSpan);
            stored.Add(pulse);
        }
        Assert.Equal(Text(straight), Text(stored.Close(TenantPulse.Unknown, Rule)));
        Assert.NotNull(Usage(straight).Open);
    }

    [Fact]
    public void A_lost_day_is_neither_silence_nor_less_use()
    {
        var accounts = Workers(20, until: Saturday);
        var one = accounts[3];
        var now = At(Saturday + 6, 12);
        var blind = Situation.Of(one.Clone(), Turn(now, new TenantFacts()));
        var pulse = Counted(accounts, now);
        var seeing = Situation.Of(one.Clone(), Turn(now, new TenantFacts { Pulse = pulse }));
        Assert.Equal(7.1, blind.Number(Fact.Find("silentDays")!), 1);
        Assert.InRange(seeing.Number(Fact.Find("silentDays")!), 0, 1);
        Assert.True(blind.Number(Fact.Find("loginFrequency")!) < 0.6 * seeing.Number(Fact.Find("loginFrequency")!));
        Assert.True(blind.Score < seeing.Score);
        Assert.Equal(1, seeing.Number(Fact.Find("connectorSilent")!));
        Assert.Equal(1, seeing.Number(Fact.Find("connectorSilent:usage")!));
        Assert.Equal(0, seeing.Number(Fact.Find("connectorSilent:ticket")!));
        Assert.Equal(1, seeing.Number(Fact.Find("tenantSilentShare:usage")!));
        Assert.Equal(double.NaN, seeing.Number(Fact.Find("tenantSilentShare:smoke")!));
        Assert.Equal(0, blind.Number(Fact.Find("connectorSilent")!));
    }

    [Fact]
    public void What_nobody_hears_stands_for_a_week_and_then_is_known_less_and_less()
    {
        var accounts = Workers(20, until: Saturday);
        var pulse = Counted(accounts, At(Saturday + 3, 12));
        double Coverage(int day) =>
            AccountTurns.View(accounts[3].Clone(), null!, Turn(At(day, 12), new TenantFacts { Pulse = pulse })).Health.Categories
                .Single(category => category.Key == "product").Coverage;
        Assert.Equal(Coverage(Saturday + 3), Coverage(Saturday + 5), 9);
        Assert.True(Coverage(Saturday + 20) < Coverage(Saturday + 5));
        Assert.True(Coverage(Saturday + 40) < Coverage(Saturday + 20));
    }

    private static SourcePulse Usage(TenantPulse pulse) => pulse.Of(SignalSource.Usage);

    private static IEnumerable<int> Lost(TenantPulse pulse) =>
        Enumerable.Range(Saturday - 60, 120).Where(day => pulse.Lost(SignalSource.Usage).Contains(day));

    private static string Text(TenantPulse pulse) => System.Text.Json.JsonSerializer.Serialize(pulse);

    private static long At(int day, int hour) => Days.Start(day) + hour * Hour;

    private static Turn Turn(long now, TenantFacts facts)
    {
        foreach (var source in Enum.GetValues<SignalSource>()) facts.Merge(source, Lives.Now - 400 * Days.Millis);
        return Lives.Turn(now) with { Tenant = facts };
    }

    private static TenantPulse Counted(AccountState[] accounts, long now, TenantPulse? before = null)
    {
        var facts = new TenantFacts { Pulse = before ?? TenantPulse.Unknown };
        var count = new TenantCount(now);
        var pulse = new AccountPulse();
        foreach (var account in accounts)
        {
            pulse.Take(account, facts, now);
            count.Add(pulse);
        }
        return count.Close(facts.Pulse, Rule);
    }

    /// <summary>Accounts of which five people work every weekday, at ten.</summary>
    private static AccountState[] Workers(int count, int until)
    {
        var accounts = Enumerable.Range(0, count).Select(Account).ToArray();
        for (var day = Saturday - 35; day < until; day++)
            foreach (var account in accounts)
                if (!Days.IsWeekend(day)) Work(account, day);
        return accounts;
    }

    private static AccountState Account(int number) =>
        new(Lives.Acme with { Id = number.ToString(CultureInfo.InvariantCulture), Name = "One of them" });

    private static void Work(AccountState account, int day)
    {
        if (Days.IsWeekend(day)) return;
        for (ulong user = 1; user < 6; user++) Take(account, new Signal((ulong)day * 10 + user, At(day, 10), SignalKind.Login, user << 32));
    }

    private static void Take(AccountState account, Signal signal) =>
        AccountTurns.Take(account, [signal], Turn(Math.Max(signal.At, Days.Start(Math.Max(account.Calendar.Today, 0))), new TenantFacts()));
}
