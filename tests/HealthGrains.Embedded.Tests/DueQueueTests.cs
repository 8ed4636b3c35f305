using FsCheck;
using FsCheck.Fluent;

namespace HealthGrains.Embedded.Tests;

public sealed class DueQueueTests
{
    [Fact]
    public void It_gives_accounts_in_the_order_of_their_times_whatever_was_moved_or_removed() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Account, short Due, byte What)[]>(), steps =>
        {
            var queue = new DueQueue();
            var model = new Dictionary<int, long>();
            foreach (var (account, due, what) in steps)
            {
                var number = account % 20;
                if (what % 4 == 0)
                {
                    queue.Remove(number);
                    model.Remove(number);
                }
                else if (what % 4 == 1)
                {
                    queue.SetEarlier(number, due);
                    if (!model.TryGetValue(number, out var before) || due < before) model[number] = due;
                }
                else
                {
                    queue.Set(number, due);
                    model[number] = due;
                }

                if (queue.Count != model.Count || queue.Next != model.Values.DefaultIfEmpty(long.MaxValue).Min()) return false;
            }

            var last = long.MinValue;
            while (queue.TryTake(long.MaxValue - 1, out var number))
            {
                if (model[number] < last) return false;
                last = model[number];
                model.Remove(number);
            }

            return model.Count == 0;
        }).Check(Config.QuickThrowOnFailure.WithReplay(20261121, 7));

    [Fact]
    public void Nothing_is_taken_before_its_time()
    {
        var queue = new DueQueue();
        queue.Set(3, 100);

        Assert.False(queue.TryTake(99, out _));
        Assert.True(queue.TryTake(100, out var account));
        Assert.Equal(3, account);
    }
}
