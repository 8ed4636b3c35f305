using FsCheck;
using FsCheck.Fluent;

namespace HealthGrains.Embedded.Tests;

public sealed class DuplicateMemoryTests
{
    [Fact]
    public void It_agrees_with_a_set_as_long_as_nothing_is_forgotten() =>
        Prop.ForAll(ArbMap.Default.ArbFor<uint[]>(), ids =>
        {
            var memory = new DuplicateMemory(10_000);
            var set = new HashSet<ulong>();
            // Few different ids, so that many repeat; zero among them.
            return ids.Select(id => (ulong)(id % 50)).All(id => memory.Add(id) == set.Add(id) && memory.Contains(id))
                && memory.Count == set.Count;
        }).Check(Config.QuickThrowOnFailure.WithReplay(20261121, 7));

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(50_000)]
    public void It_remembers_at_least_the_last_ones_and_at_most_twice_as_many(int capacity)
    {
        var memory = new DuplicateMemory(capacity);
        var random = new Random(5);
        var ids = Enumerable.Range(0, capacity * 5 + 7).Select(_ => (ulong)random.NextInt64()).ToArray();
        foreach (var id in ids) Assert.True(memory.Add(id));

        foreach (var id in ids[^capacity..]) Assert.False(memory.Add(id));
        Assert.InRange(memory.Count, capacity, capacity * 2);
        Assert.False(memory.Contains(ids[0]));
    }

    [Fact]
    public void In_steady_state_it_allocates_nothing()
    {
        var memory = new DuplicateMemory(5_000);
        var id = 1UL;
        while (id < 20_000) memory.Add(id++);

        var before = GC.GetAllocatedBytesForCurrentThread();
        while (id < 200_000) memory.Add(id++ * 0x9E3779B97F4A7C15UL);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
