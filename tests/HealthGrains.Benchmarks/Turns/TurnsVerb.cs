using System.Globalization;
using HealthGrains.Accounts;
using HealthGrains.Embedded;
using HealthGrains.Health;
using HealthGrains.Policy;
using HealthGrains.Signals;

namespace HealthGrains.Benchmarks.Turns;

/// <summary>
/// The core on one core: signals a second through the duplicate check and <see cref="AccountTurns.Take"/> over many accounts, in
/// batches in arrival order; bytes allocated a signal; microseconds for a full evaluation. Beside it, in the same run, the naive way:
/// one signal at a time, a set of strings for ids, accounts looked up by name, a score after every signal.
/// </summary>
internal static class TurnsVerb
{
    private const int Batch = 1000;
    private const int Week = 7;
    private const int Weeks = 6;

    // What stays longest without standing: a solving, as long as an opening up to six weeks later that belongs to it.
    private const int Remembered = (Accounts.Calendar.Rows + (int)Standing.TicketDaysMore + Accounts.Calendar.OpenDays) / Week + 1;

    private static readonly long Now = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    // Of the program, and so made before anything is measured.
    private static readonly ulong[] Order = new ulong[Batch];
    private static readonly Signal[] OneAccounts = new Signal[Batch];
    private static readonly AccountState[] Group = new AccountState[16];

    public static int Run(string[] args)
    {
        var accounts = Option(args, "--accounts", 100_000);
        var signals = Option(args, "--signals", 6_000_000);
        var tenant = new TenantFacts();
        foreach (var source in Enum.GetValues<SignalSource>()) tenant.Merge(source, Now - 400 * Days.Millis);
        var turn = new Turn(Now, HealthModels.Prior, HealthPolicies.Default, tenant, new Outbox());
        Console.Error.WriteLine($"giving {accounts:N0} accounts six weeks of history ...");
        var states = new AccountState[accounts];
        ulong next = 1;
        var life = new Signal[240];
        for (var k = 0; k < accounts; k++)
        {
            states[k] = new AccountState(AccountProfile.Unknown($"account-{k}"));
            for (var s = 0; s < life.Length; s++)
                life[s] = s > 0 && life[s - 1].Kind == SignalKind.TicketOpened
                    ? Solved(ref next, life[s - 1]) : Draw(ref next, Weeks * Week);
            AccountTurns.Take(states[k], life, turn);
            AccountTurns.Decide(states[k], turn);
        }
        var stream = new (int Account, Signal Signal)[signals];
        for (var k = 0; k < signals; k++)
            stream[k] = k > 0 && stream[k - 1].Signal.Kind == SignalKind.TicketOpened
                ? (stream[k - 1].Account, Solved(ref next, stream[k - 1].Signal))
                : ((int)(Mix(ref next) % (ulong)accounts), Draw(ref next, Week));

        var memory = new DuplicateMemory(5_000_000);
        for (var k = 0; k < 11_000_000; k++) memory.Add(Mix(ref next));
        // A pass is a week: time moves on by it and the same happenings come under new ids. When the account remembers
        // nothing else, a week leaves as another one comes. The next one is measured.
        for (var week = 0; week <= Remembered; week++)
        {
            Pass(states, stream, memory, turn);
            turn = NextWeek(stream, turn);
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var clock = CpuClock.Start();
        var taken = Pass(states, stream, memory, turn);
        var seconds = clock.Seconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var rate = taken / seconds;

        if (args.Contains("--parts")) turn = Parts(states, stream, memory, turn);
        var naive = Naive(states, stream.AsSpan(0, Math.Min(signals, 300_000)), turn);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"turns      {rate:N0} signals/s on one core, {accounts:N0} accounts, batches of {Batch}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"allocated  {allocated / (double)taken:0.0000} bytes a signal ({allocated} in {taken:N0})"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"naive      {naive:N0} signals/s, ratio {rate / naive:0.0}"));
        Evaluate(states, turn);
        Rows(states, turn);
        return 0;
    }

    /// <summary>Batches in arrival order; within a batch, sorted by account so that each is loaded once.</summary>
    private static long Pass(AccountState[] states, ReadOnlySpan<(int Account, Signal Signal)> stream, DuplicateMemory memory, in Turn turn)
    {
        Span<ulong> order = Order;
        Span<Signal> run = OneAccounts;
        Span<AccountState> group = Group;
        long taken = 0;
        for (var start = 0; start < stream.Length; start += Batch)
        {
            var batch = stream.Slice(start, Math.Min(Batch, stream.Length - start));
            var fresh = 0;
            for (var k = 0; k < batch.Length; k++)
            {
                if (k % 16 == 0)
                    for (var ahead = k; ahead < Math.Min(k + 16, batch.Length); ahead++) memory.Warm(batch[ahead].Signal.Id);
                if (memory.Add(batch[k].Signal.Id)) order[fresh++] = ((ulong)(uint)batch[k].Account << 32) | (uint)k;
            }
            order[..fresh].Sort();
            var warm = 0;
            for (var k = 0; k < fresh;)
            {
                if (k >= warm)
                {
                    var ahead = 0;
                    for (; warm < fresh && ahead < group.Length; warm++) group[ahead++] = states[(int)(order[warm] >> 32)];
                    AccountTurns.Warm(group[..ahead]);
                }
                var account = (int)(order[k] >> 32);
                var count = 0;
                for (; k < fresh && (int)(order[k] >> 32) == account; k++) run[count++] = batch[(int)(uint)order[k]].Signal;
                AccountTurns.Take(states[account], run[..count], turn);
            }
            taken += fresh;
        }
        return taken;
    }

    private static double Naive(AccountState[] states, ReadOnlySpan<(int Account, Signal Signal)> stream, in Turn turn)
    {
        var seen = new HashSet<string>();
        var byName = states.ToDictionary(state => state.Profile.Id);
        var names = states.Select(state => state.Profile.Id).ToArray();
        Span<double> points = stackalloc double[HealthEvaluator.MaxMeasures];
        var clock = CpuClock.Start();
        foreach (ref readonly var one in stream)
        {
            if (!seen.Add(one.Signal.Id.ToString(CultureInfo.InvariantCulture))) continue;
            var state = byName[names[one.Account]];
            AccountTurns.Take(state, [one.Signal], turn);
            HealthEvaluator.Evaluate(state, turn, turn.Now, turn.Now, points);
        }
        return stream.Length / clock.Seconds;
    }

    private static void Evaluate(AccountState[] states, in Turn turn)
    {
        Span<double> points = stackalloc double[HealthEvaluator.MaxMeasures];
        double sum = 0;
        var few = states.AsSpan(0, Math.Min(2000, states.Length));
        for (var round = 0; round < 4; round++)
        {
            var clock = CpuClock.Start();
            foreach (var state in few)
            {
                AccountTurns.Take(state, [], turn);
                var score = HealthEvaluator.Evaluate(state, turn, turn.Now, turn.Now, points);
                sum += score.Low + state.Closes.Assess(state, turn, score.Uncapped, score.Coverage, turn.Now).Z;
            }
            if (round == 3)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"evaluation {clock.Seconds * 1e6 / few.Length:0.00} us for score, parts, interval and trend (checksum {sum:0})"));
        }
    }

    /// <summary>What a decision and a row in lists cost, as the host makes them after signals.</summary>
    private static void Rows(AccountState[] states, in Turn turn)
    {
        var few = states.AsSpan(0, Math.Min(2000, states.Length));
        for (var round = 0; round < 4; round++)
        {
            // As after a signal of today: what is cached of past days stays, what is of today is made again.
            var later = turn with { Now = turn.Now + round * 1000 };
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var clock = CpuClock.Start();
            foreach (var state in few) AccountTurns.Decide(state, later);
            var decided = (clock.Seconds, Bytes: GC.GetAllocatedBytesForCurrentThread() - allocated);
            allocated = GC.GetAllocatedBytesForCurrentThread();
            clock = CpuClock.Start();
            foreach (var state in few) AccountTurns.Summarize(state, later);
            if (round is not (0 or 3)) continue;
            var summarized = (clock.Seconds, Bytes: GC.GetAllocatedBytesForCurrentThread() - allocated);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{(round == 0 ? "first row " : "row       ")} decide {decided.Seconds * 1e6 / few.Length:0.00} us, "
                + $"{decided.Bytes / few.Length} bytes; summarize {summarized.Seconds * 1e6 / few.Length:0.00} us, "
                + $"{summarized.Bytes / few.Length} bytes"));
        }
    }

    /// <summary>Where the time goes.</summary>
    private static Turn Parts(AccountState[] states, (int Account, Signal Signal)[] stream, DuplicateMemory memory, in Turn turn)
    {
        NextWeek(stream, turn);
        var clock = CpuClock.Start();
        foreach (ref readonly var one in stream.AsSpan()) memory.Add(one.Signal.Id);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  duplicates {clock.Seconds * 1e9 / stream.Length:0} ns, one by one"));
        var next = NextWeek(stream, turn);
        clock = CpuClock.Start();
        for (var k = 0; k < stream.Length; k++)
        {
            if (k % 16 == 0)
                for (var ahead = k; ahead < Math.Min(k + 16, stream.Length); ahead++) memory.Warm(stream[ahead].Signal.Id);
            memory.Add(stream[k].Signal.Id);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  duplicates {clock.Seconds * 1e9 / stream.Length:0} ns, warmed up in groups"));
        clock = CpuClock.Start();
        foreach (ref readonly var one in stream.AsSpan())
            AccountTurns.Take(states[one.Account], new ReadOnlySpan<Signal>(in one.Signal), next);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  take       {clock.Seconds * 1e9 / stream.Length:0} ns, accounts at random"));
        clock = CpuClock.Start();
        foreach (ref readonly var one in stream.AsSpan())
            AccountTurns.Take(states[one.Account % 100], new ReadOnlySpan<Signal>(in one.Signal), next);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  take       {clock.Seconds * 1e9 / stream.Length:0} ns, accounts in cache"));
        return next;
    }

    private static Turn NextWeek(Span<(int Account, Signal Signal)> stream, in Turn turn)
    {
        foreach (ref var one in stream)
            one.Signal = one.Signal with { Id = one.Signal.Id * 0x9e3779b97f4a7c15 + 1, At = one.Signal.At + Week * Days.Millis };
        return turn with { Now = turn.Now + Week * Days.Millis };
    }

    private static Signal Draw(ref ulong next, int days)
    {
        var dice = Mix(ref next);
        var kind = (dice % 100) switch
        {
            < 35 => SignalKind.FeatureUsed,
            < 60 => SignalKind.Login,
            < 80 => SignalKind.SessionEnded,
            < 90 => SignalKind.WorkflowCompleted,
            < 94 => SignalKind.EmailSent,
            < 96 => SignalKind.EmailOpened,
            < 97 => SignalKind.TicketOpened,
            < 98 => SignalKind.EmailOpened,
            < 99 => SignalKind.MeetingHeld,
            _ => SignalKind.InvoicePaid,
        };
        var user = 1 + (dice >> 16) % 20;
        var at = Now - (long)((dice >> 24) % (ulong)(days * 86_400)) * 1000;
        // Of what happens now and then the last of each subject is kept for ever. Two subjects, so that an account has them all soon.
        var rare = kind is SignalKind.TicketOpened or SignalKind.MeetingHeld or SignalKind.InvoicePaid;
        var subject = rare ? 1 + user % 2 : user;
        return new Signal(Mix(ref next), at, kind, subject << 32, (uint)(1 + (dice >> 48) % 12), kind == SignalKind.SessionEnded ? 20
            : float.NaN);
    }

    // Every ticket is solved: an account that piles up open ones has no steady state.
    private static Signal Solved(ref ulong next, in Signal opened) =>
        opened with { Id = Mix(ref next), Kind = SignalKind.TicketSolved, At = Math.Min(opened.At + 3_600_000, Now) };

    private static ulong Mix(ref ulong state)
    {
        state += 0x9e3779b97f4a7c15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    private static int Option(string[] args, string name, int otherwise) =>
        Array.IndexOf(args, name) is var k and >= 0 ? int.Parse(args[k + 1], CultureInfo.InvariantCulture) : otherwise;
}
