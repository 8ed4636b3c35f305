using HealthGrains.Grains.Postgres;
using Npgsql;
using TheoryAttribute = HealthGrains.Grains.Tests.Postgres.TheoryAttribute;

namespace HealthGrains.Cluster.Tests;

/// <summary>What actors with durable time survive, on silos that are real processes and a real PostgreSQL.</summary>
[NeedsPostgres]
[Collection("one after the other")]
public sealed class ActorSurvivalTests : IDisposable
{
    private const int Timers = 30;
    private const int Steps = 6;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string _database =
        PostgresServer.Instance.ConnectionString(PostgresServer.Instance.NewName(" TEMPLATE template_healthgrains"));
    private readonly List<ActorSilo> _silos = [];

    public void Dispose()
    {
        foreach (var silo in _silos) silo.Dispose();
    }

    [Theory]
    [MemberData(nameof(Runs.OfKills), MemberType = typeof(Runs))]
    public async Task Every_wake_up_is_taken_once_and_heard_of_once_though_silos_are_killed_at_any_moment(int seed)
    {
        var random = new Random(seed);
        _silos.AddRange(await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ActorSilo.StartAsync(_database))));
        var silo = _silos[0];
        // While some are being set and others ring.
        var set = Task.WhenAll(Enumerable.Range(0, Timers).Select(i => silo.AskAsync($"set t{i} {Offsets(random)}")));
        await Pause(random.Next(50, 3_000));
        await _silos[1].KillAsync();
        await Pause(random.Next(0, 3_000));
        // One more comes, and one more goes.
        _silos.Add(await ActorSilo.StartAsync(_database));
        await Pause(random.Next(0, 2_000));
        await _silos[2].KillAsync();
        await set;

        await using var database = PostgresSource.Create(_database);
        await UntilAsync(async () => await HeardAsync(silo) >= Timers * Steps);
        // Nothing is due any more, and nothing is left to be said.
        await UntilAsync(() => AnswersAsync(database, "SELECT count(*) = 0 FROM reminders"));
        var taken = await Task.WhenAll(Enumerable.Range(0, Timers).Select(i => silo.AskAsync($"taken t{i}")));
        Assert.All(taken, steps => Assert.Equal(Steps, steps));
        Assert.Equal(Timers * Steps, await HeardAsync(silo));
    }

    // To one the first, third and fifth step of each, to the other the second, fourth and sixth.
    private static async Task<int> HeardAsync(ActorSilo silo) => await silo.AskAsync("taken cook") + await silo.AskAsync("taken guest");

    private static string Offsets(Random random) => string.Join(',', Enumerable.Range(0, Steps).Select(_ => random.Next(0, 6_000)));

    private static Task Pause(int milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);

    private static async Task<bool> AnswersAsync(NpgsqlDataSource database, string question)
    {
        await using var command = database.CreateCommand(question);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await reached()) await timer.WaitForNextTickAsync(patience.Token);
    }
}
