using HealthGrains.Grains.Hosting;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using HealthGrains.Signals;
using static HealthGrains.Grains.Tests.MadeUp;

namespace HealthGrains.Grains.Tests;

/// <summary>
/// A topic gets more partitions, so that keys move to others while what was written before still lies in the old ones. At the seam
/// where partitions are assigned and read: the tests' broker cannot add any.
/// </summary>
public sealed class PartitionsRaisedTests
{
    private const string Topic = "healthgrains.usage";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_signal_counts_once_when_keys_move_to_other_partitions(int seed)
    {
        var random = new Random(seed);
        await using var cluster = await TestCluster.StartAsync(3, new FixedClock(Now), new MemoryStore());
        var host = cluster.Host(0);
        var topic = new GrowingTopic(2);
        var rounds = Enumerable.Range(0, 12).Select(Round).ToArray();
        foreach (var round in rounds[..6]) topic.Write(round);
        // Two silos read a partition each. One is behind, and nothing is committed.
        await topic.ReadAsync(cluster, reader: 0, partition: 0, until: topic.Length(0));
        await topic.ReadAsync(cluster, reader: 1, partition: 1, until: random.Next(1, topic.Length(1)));

        topic.Raise(5);
        foreach (var round in rounds[6..]) topic.Write(round);
        // A sender that had no answer sends its last round again: by now to the partition that its keys have moved to.
        topic.Write(rounds[5]);
        // All are assigned anew. The new ones are read before what is left of the old ones, which come again from their beginning.
        await cluster.KillAsync(1);
        foreach (var partition in Enumerable.Range(0, 5).OrderBy(_ => random.Next()).ToArray())
        {
            topic.Rewind(partition);
            await topic.ReadAsync(cluster, reader: partition % 2, partition, topic.Length(partition));
        }

        Assert.True(topic.Moved > 0, "no key has moved: the test shows nothing");
        for (var account = 0; account < Book; account++)
        {
            var view = await host.GetAccountAsync($"a{account}", null, None);
            Assert.Equal((account, 12 * 3), (account, (int)view!.Version));
            Assert.Equal(Offline(host, $"a{account}", [.. rounds]), view.Health.Score, 1e-9);
        }
    }

    /// <summary>A topic as a broker has it: a key lies where its hash and the number of partitions said when it was written.</summary>
    private sealed class GrowingTopic(int partitions)
    {
        private readonly List<List<(string Account, string Line)>> _partitions =
            [.. Enumerable.Range(0, partitions).Select(_ => new List<(string, string)>())];
        private readonly Dictionary<string, int> _homes = new(StringComparer.Ordinal);
        private readonly Dictionary<int, int> _next = [];

        /// <summary>How many keys have changed their partition.</summary>
        public int Moved { get; private set; }

        public int Length(int partition) => _partitions[partition].Count;

        public void Raise(int count)
        {
            while (_partitions.Count < count) _partitions.Add([]);
        }

        public void Rewind(int partition) => _next[partition] = 0;

        public void Write(string round)
        {
            foreach (var line in round.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var account = line.Split("\"account\":\"")[1].Split('"')[0];
                var home = (int)(NameId.Of(account) % (uint)_partitions.Count);
                if (_homes.TryGetValue(account, out var before) && before != home) Moved++;
                _homes[account] = home;
                _partitions[home].Add((account, line + "\n"));
            }
        }

        public async Task ReadAsync(TestCluster cluster, int reader, int partition, int until)
        {
            var log = cluster.Log(reader);
            using var patience = new CancellationTokenSource(Patience);
            do
            {
                // As a reader does: what died with a silo before it was stored is read again.
                log.Rewound(Topic, partition);
                await ApplyAsync(cluster, reader, partition, until);
                await log.SaveAsync(Topic, partition, patience.Token);
            }
            while (log.ProgressOf(Topic, partition) != new LogProgress(null, false));
            _next[partition] = until;
        }

        private async Task ApplyAsync(TestCluster cluster, int reader, int partition, int until)
        {
            const int batch = 100;
            for (var from = _next.GetValueOrDefault(partition); from < until; from = Math.Min(until, from + batch))
            {
                var part = _partitions[partition].Skip(from).Take(Math.Min(batch, until - from)).ToArray();
                var body = string.Concat(part.Select(entry => entry.Line));
                long[] offsets = [.. Enumerable.Range(from, part.Length).Select(offset => (long)offset)];
                await cluster.Log(reader).ApplyAsync(Topic, partition, Read(cluster.Host(reader), body), offsets, [], None);
            }
        }
    }
}
