using System.Collections.Concurrent;
using HealthGrains.Hosting;

namespace HealthGrains.Embedded.Tests;

/// <summary>Everything at once: each call answers or says that the host is not available, and the host stops.</summary>
public sealed class ConcurrencyTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task Whatever_is_asked_while_the_host_stops_is_answered_or_refused(int seed, bool abruptly)
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync(options =>
        {
            options.CheckpointSignals = 2_000;
            options.CheckpointInterval = TimeSpan.FromMilliseconds(30);
        });
        var others = new ConcurrentQueue<Exception>();
        var accepted = 0L;
        var ids = 0L;
        var calls = 0;
        var busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var callers = Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            var random = new Random(seed * 100 + caller);
            while (true)
            {
                try
                {
                    await Call(host, random);
                    if (Interlocked.Increment(ref calls) == 600) busy.TrySetResult();
                }
                catch (HostUnavailableException)
                {
                    return;
                }
                catch (IntakeSaturatedException)
                {
                }
                catch (Exception fault)
                {
                    others.Enqueue(fault);
                    busy.TrySetResult();
                    return;
                }
            }
        })).ToArray();

        await busy.Task.WaitAsync(Patience);
        if (abruptly) host.StopAbruptly();
        else await Task.WhenAll(host.StopAsync(None), host.StopAsync(None)).WaitAsync(Patience);
        await Task.WhenAll(callers).WaitAsync(Patience);
        Assert.Empty(others);

        host = await directory.StartAsync();
        Assert.True(host.Status.Signals >= Interlocked.Read(ref accepted));
        await directory.StatesAsync();

        async Task Call(EmbeddedHost host, Random random)
        {
            var account = $"account-{random.Next(6)}";
            var now = directory.Clock.GetUtcNow();
            switch (random.Next(12))
            {
                case 0:
                    await host.GetAccountAsync(account, null, None);
                    break;
                case 1:
                    await host.EraseAsync(account, "officer", None);
                    break;
                case 2:
                    await host.PutProfileAsync(MadeUp.Profile(account) with { Owner = "dana" }, "dana", None);
                    break;
                case 3:
                    await host.ActivateModelAsync(random.Next(2) == 0 ? "prior-1" : "four-1", "lee", None);
                    break;
                case 4:
                    using (var feed = await host.WatchAsync(new WatchFilter(random.Next(2) == 0 ? account : null), null, None))
                    {
                        using var soon = new CancellationTokenSource(20);
                        try
                        {
                            await feed.ReadAsync(soon.Token);
                        }
                        catch (OperationCanceledException)
                        {
                        }
                    }

                    break;
                case 5:
                    await host.GetHistoryAsync(account, 50, None);
                    break;
                case 6:
                    foreach (var alert in (await host.ListAlertsAsync(new AlertQuery(), None)).Items)
                        try
                        {
                            await host.AcknowledgeAlertAsync(alert.Id, "dana", None);
                        }
                        catch (InvalidTransitionException)
                        {
                        }

                    break;
                case 7:
                    directory.Clock.Advance(TimeSpan.FromHours(random.Next(8)));
                    await host.ListAccountsAsync(new AccountQuery(), None);
                    break;
                default:
                    var batch = MadeUp.Login(account, (ulong)Interlocked.Add(ref ids, 50), 50, now);
                    Interlocked.Add(ref accepted, (await host.TakeAsync(batch, None)).Accepted);
                    break;
            }
        }
    }

    [Fact]
    public async Task A_new_account_is_one_account_however_many_bring_it_at_once()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync();
        var now = directory.Clock.GetUtcNow();
        for (var round = 0; round < 30; round++)
        {
            var id = $"account-{round}";
            var first = (ulong)(round * 1_000 + 1);
            var takes = Enumerable.Range(0, 6).Select(k => Task.Run(async () =>
                (await host.TakeAsync(MadeUp.Login(id, first + (ulong)k * 10, 10, now), None)).Accepted)).ToArray();
            var puts = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
                await host.PutProfileAsync(MadeUp.Profile(id) with { Name = "Named" }, "dana", None))).ToArray();
            Assert.Equal(60, (await Task.WhenAll(takes)).Sum());
            Assert.InRange((await Task.WhenAll(puts)).Count(isNew => isNew), 0, 1);
            var view = (await host.GetAccountAsync(id, null, None))!;
            Assert.Equal(("Named", 62), (view.Profile.Name, view.Version));
        }
    }
}
