using HealthGrains.Grains.Hosting;

namespace HealthGrains.Grains.Tests;

public sealed class PartitionProgressTests
{
    [Fact]
    public void A_run_follows_the_last_one_that_may_not_be_stored_and_its_repetition_does_too()
    {
        var progress = new PartitionProgress();
        Assert.Equal(-1, progress.Add("a", 10, 12, 0));
        Assert.Equal(-1, progress.Add("a", 10, 12, 0));
        progress.Applied();
        Assert.Equal(12, progress.Add("a", 20, 22, 0));
        Assert.Equal(12, progress.Add("a", 20, 22, 0));
        progress.Applied();
        Assert.Equal(22, progress.Add("a", 30, 30, 0));
        Assert.Equal(-1, progress.Add("b", 31, 31, 0));
    }

    [Fact]
    public void An_account_is_not_asked_to_store_a_run_that_may_not_have_reached_it()
    {
        var progress = new PartitionProgress();
        progress.Add("a", 10, 12, 0);
        Assert.Empty(progress.Begin(long.MaxValue));
        Assert.Equal(10, progress.Tell().Lowest);
        progress.Applied();
        progress.Add("a", 20, 22, 5);

        var saving = Assert.Single(progress.Begin(long.MaxValue));
        Assert.Equal((10, 12), (saving.Lowest, saving.Highest));
        progress.End(saving, isHere: true);
        Assert.Equal(20, progress.Tell().Lowest);
        Assert.False(progress.Tell().Lost);
    }

    [Fact]
    public void What_is_being_stored_is_not_stored_yet()
    {
        var progress = new PartitionProgress();
        progress.Add("a", 10, 12, 0);
        progress.Applied();
        var saving = Assert.Single(progress.Begin(5));
        Assert.Equal(12, progress.Add("a", 20, 22, 6));
        progress.Applied();
        Assert.Empty(progress.Begin(10));
        Assert.Equal(10, progress.Tell().Lowest);

        progress.End(saving, isHere: true);

        Assert.Equal(20, progress.Tell().Lowest);
        progress.End(Assert.Single(progress.Begin(10)), isHere: true);
        Assert.Null(progress.Tell().Lowest);
        Assert.Equal(-1, progress.Add("a", 30, 30, 11));
    }

    [Fact]
    public void A_write_that_failed_is_tried_again_from_where_it_began()
    {
        var progress = new PartitionProgress();
        progress.Add("a", 10, 12, 0);
        progress.Applied();
        var saving = Assert.Single(progress.Begin(0));
        progress.Add("a", 20, 22, 6);
        progress.Applied();
        progress.Fail(saving);

        Assert.Equal(10, progress.Tell().Lowest);
        var again = Assert.Single(progress.Begin(0));
        Assert.Equal((10, 22), (again.Lowest, again.Highest));
    }

    [Fact]
    public void What_an_account_no_longer_has_is_lost()
    {
        var progress = new PartitionProgress();
        progress.Add("a", 10, 12, 0);
        progress.Applied();
        progress.End(Assert.Single(progress.Begin(0)), isHere: false);
        Assert.True(progress.Tell().Lost);
    }
}
