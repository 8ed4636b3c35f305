using HealthGrains.Cli.Output;

namespace HealthGrains.Cli.Bench;

/// <summary>Gives a server its book, and measures how fast it takes signals: each answer means that they are on disk.</summary>
internal sealed class IntakeBench(Terminal terminal, Book book, Acknowledged acknowledged, BenchScale scale, TimeProvider wall)
{
    private const int Batch = 5_000;
    private const int Senders = 4;

    /// <summary>Profiles and six weeks of signals.</summary>
    public async Task<IReadOnlyList<Figure>> FillAsync(BenchClient client, CancellationToken cancellationToken)
    {
        terminal.Say(FormattableString.Invariant($"describing {book.Accounts:N0} accounts ..."));
        var started = wall.GetTimestamp();
        await ManyAsync(book.Accounts, 64, account =>
            client.PutAsync($"v1/accounts/{Book.Id(account)}", Book.Profile(account), cancellationToken));
        var described = wall.GetElapsedTime(started);
        terminal.Say(FormattableString.Invariant($"giving them {scale.History:N0} signals of six weeks ..."));
        var now = wall.GetUtcNow();
        // The first and the last hours are left out: nothing is to be late, and nothing in the future.
        await SendAsync(client, scale.History, now.AddDays(-42).AddHours(1), now.AddHours(-1), cancellationToken);
        return
        [
            new Figure("profiles", "profiles put, one a request", book.Accounts / described.TotalSeconds, "accounts/s",
                $"{book.Accounts:N0} accounts, 64 at once"),
        ];
    }

    public async Task<IReadOnlyList<Figure>> MeasureAsync(BenchClient client, CancellationToken cancellationToken)
    {
        terminal.Say(FormattableString.Invariant($"sending {scale.Intake:N0} signals as fast as they are taken ..."));
        var packed = Prepare(scale.Intake);
        var started = wall.GetTimestamp();
        await PostAllAsync(client, packed, Senders, packed: true, cancellationToken);
        var batches = wall.GetElapsedTime(started);

        terminal.Say("sending signals one by one ...");
        await PostAllAsync(client, Singles(100), 1, packed: false, cancellationToken); // warm-up
        var alone = Singles(scale.Singles);
        started = wall.GetTimestamp();
        await PostAllAsync(client, alone, 1, packed: false, cancellationToken);
        var commits = wall.GetElapsedTime(started);
        var together = Singles(scale.Singles * 4);
        started = wall.GetTimestamp();
        await PostAllAsync(client, together, 32, packed: false, cancellationToken);
        var requests = wall.GetElapsedTime(started);
        return
        [
            new Figure("intake", "intake over HTTP, gzip NDJSON", (double)packed.Count * Batch / batches.TotalSeconds, "signals/s",
                $"{(long)packed.Count * Batch:N0} signals, {Batch:N0} a request, {Senders} senders, {book.Accounts:N0} accounts at random")
            { AtLeast = 200_000 },
            new Figure("intakeOnePerRequest", "  one signal a request, 32 senders", together.Count / requests.TotalSeconds, "signals/s",
                $"{together.Count:N0} signals", "intake"),
            new Figure("intakeOnePerCommit", "  one signal a commit, 1 sender", alone.Count / commits.TotalSeconds, "signals/s",
                $"{alone.Count:N0} signals", "intake"),
        ];
    }

    /// <summary>Makes and sends signals at once, measuring nothing; returns the last batch.</summary>
    public async Task<SignalBatch> SendAsync(
        BenchClient client, int count, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var size = Math.Min(Batch, count);
        var batches = count / size;
        SignalBatch? last = null;
        await ManyAsync(batches, Senders, async i =>
        {
            var batch = book.Next(size, from + (until - from) * ((double)i / batches), from + (until - from) * ((i + 1.0) / batches));
            await PostAsync(client, batch, packed: true, cancellationToken);
            last = batch;
        });
        return last!;
    }

    /// <summary>Sends a batch, and notes what was acknowledged.</summary>
    public async Task PostAsync(BenchClient client, SignalBatch batch, bool packed, CancellationToken cancellationToken)
    {
        var (accepted, _) = await client.PostAsync(batch.Body, packed, cancellationToken);
        if (accepted != batch.Accounts.Length)
            throw new Refusal($"the server accepted {accepted} of {batch.Accounts.Length} new signals");
        acknowledged.Add(batch);
    }

    private List<SignalBatch> Prepare(int count)
    {
        var now = wall.GetUtcNow();
        var batches = new SignalBatch[Math.Max(count / Batch, 1)];
        Parallel.For(0, batches.Length, i => batches[i] = book.Next(Batch, now.AddHours(-2), now));
        return [.. batches];
    }

    private List<SignalBatch> Singles(int count)
    {
        var now = wall.GetUtcNow();
        return [.. Enumerable.Range(0, count).Select(i => book.Login(i % book.FirstWatched, now))];
    }

    private Task PostAllAsync(
        BenchClient client, List<SignalBatch> batches, int senders, bool packed, CancellationToken cancellationToken) =>
        ManyAsync(batches.Count, senders, i => PostAsync(client, batches[i], packed, cancellationToken));

    private static Task ManyAsync(int count, int atOnce, Func<int, Task> work)
    {
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next)) await work(i);
        })));
    }
}
