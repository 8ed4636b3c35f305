using System.Buffers;
using HealthGrains.Accounts;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Policy;
using HealthGrains.Signals;

namespace HealthGrains.Core.Tests.Accounts;

/// <summary>Seeded chance for tests: SplitMix64 (Steele, Lea, Flood 2014).</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9e3779b97f4a7c15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    public int Below(int limit) => (int)(Next() % (ulong)limit);

    public double Unit() => (Next() >> 11) * (1.0 / (1ul << 53));

    public void Shuffle<T>(T[] items)
    {
        for (var k = items.Length - 1; k > 0; k--)
        {
            var other = Below(k + 1);
            (items[k], items[other]) = (items[other], items[k]);
        }
    }
}

/// <summary>Made-up lives of accounts, and the turns to live them.</summary>
internal static class Lives
{
    /// <summary>Noon of a Saturday, so that weekends matter.</summary>
    public static readonly long Now = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public static readonly AccountProfile Acme = new()
    {
        Id = "acme", Name = "Acme", Tier = Tier.Enterprise, Arr = 120_000, Seats = 20,
        StartedAt = Days.Time(Now).AddYears(-2), RenewalDate = Days.Time(Now).AddDays(80), Owner = "dana",
    };

    public static Turn Turn(long now, HealthModel? model = null, HealthPolicy? policy = null, params SignalSource[] unheard)
    {
        var tenant = new TenantFacts();
        foreach (var source in Enum.GetValues<SignalSource>())
            if (!unheard.Contains(source)) tenant.Merge(source, Now - 400 * Days.Millis);
        return new Turn(now, model ?? HealthModels.Prior, policy ?? HealthPolicies.Default, tenant, new Outbox());
    }

    public static AccountState Live(IEnumerable<Signal> signals, in Turn turn, int batch = int.MaxValue)
    {
        var state = new AccountState(Acme);
        foreach (var chunk in signals.Chunk(Math.Min(batch, 1 << 20))) AccountTurns.Take(state, chunk, turn);
        return state;
    }

    /// <summary>Any signals of the last 42 days, whole seconds, all kinds.</summary>
    public static Signal[] Any(ulong seed, int count)
    {
        var dice = new Dice(seed);
        var signals = new Signal[count];
        for (var k = 0; k < count; k++)
        {
            var rule = SignalKinds.All[dice.Below(SignalKinds.All.Count)];
            // An account that churns stands still: now and then is enough.
            if (rule.Kind is (SignalKind.Churned or SignalKind.SubscriptionCancelled) && seed % 5 != 0) rule = SignalKind.Login.Rule();
            var at = Now - dice.Below(42 * 86400 - 1) * 1000L;
            var value = rule.Unit is null ? float.NaN
                : (float)Math.Round(Math.Max(rule.Min, -5) + dice.Unit() * (Math.Min(rule.Max, 40) - Math.Max(rule.Min, -5)));
            signals[k] = new Signal(dice.Next(), at, rule.Kind, (ulong)(1 + dice.Below(12)) << 32,
                dice.Below(3) == 0 ? NameId.Champion : (uint)(1 + dice.Below(6)), value,
                dice.Below(2) == 0 ? Signal.NoSentiment : (sbyte)(dice.Below(200) - 100));
        }
        return signals;
    }

    /// <summary>A steady account: twelve users at work on weekdays, e-mails, meetings, an NPS answer, paid invoices.</summary>
    public static List<Signal> Steady(long now, int days, Func<int, double>? activity = null)
    {
        var signals = new List<Signal>();
        var today = Days.Of(now);
        for (var back = days; back >= 0; back--)
        {
            var day = today - back;
            var share = activity?.Invoke(back) ?? 1;
            var isWeekend = Days.Date(day).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
            var users = isWeekend ? 0 : (int)Math.Round(12 * share);
            for (var user = 0; user < users; user++)
            {
                var at = Days.Start(day) + 9 * 3_600_000 + user * 60_000;
                var subject = (ulong)(user + 1) << 32;
                signals.Add(new Signal((ulong)signals.Count, at, SignalKind.Login, subject));
                signals.Add(new Signal((ulong)signals.Count, at + 1000, SignalKind.FeatureUsed, subject, (uint)(1 + user % 8), 3));
                signals.Add(new Signal((ulong)signals.Count, at + 2000, SignalKind.SessionEnded, subject, 0, 25));
                if (user % 2 == 0) signals.Add(new Signal((ulong)signals.Count, at + 3000, SignalKind.WorkflowCompleted, subject));
            }
            if (back % 7 == 3) signals.Add(new Signal((ulong)signals.Count, Days.Start(day) + 1000, SignalKind.EmailSent, 77ul << 32));
            if (back % 14 == 3) signals.Add(new Signal((ulong)signals.Count, Days.Start(day) + 2000, SignalKind.EmailOpened, 77ul << 32));
            if (back % 20 == 5) signals.Add(new Signal((ulong)signals.Count, Days.Start(day) + 3000, SignalKind.MeetingHeld, 77ul << 32));
            if (back == 25) signals.Add(new Signal((ulong)signals.Count, Days.Start(day) + 4000, SignalKind.NpsAnswered, 77ul << 32, 0, 8));
            if (back % 30 == 10) signals.Add(new Signal((ulong)signals.Count, Days.Start(day) + 5000, SignalKind.InvoicePaid,
                (ulong)(100 + back) << 32));
        }
        signals.RemoveAll(signal => signal.At > now);
        return signals;
    }

    public static byte[] Bytes(AccountState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        state.Write(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] CalendarBytes(AccountState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        state.WriteCalendar(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    public static AccountView View(AccountState state, in Turn turn) => AccountTurns.View(state, new NoNames(), turn);
}

/// <summary>A host that knows no names.</summary>
internal sealed class NoNames : INames
{
    public bool Contains(uint id) => false;
    public string Text(uint id) => id.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
}
