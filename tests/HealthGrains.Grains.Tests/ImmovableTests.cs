using HealthGrains.Grains.Accounts;
using Orleans.Placement;

namespace HealthGrains.Grains.Tests;

public sealed class ImmovableTests
{
    /// <summary>
    /// A silo that is shut down would hand an activation on as it is in its memory, which is more and less than what is stored; a grain is
    /// read where it is active next.
    /// </summary>
    [Fact]
    public void No_grain_is_carried_from_one_silo_to_another()
    {
        var grains = typeof(AccountRecord).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Grain)) && !type.IsAbstract).ToList();
        Assert.True(grains.Count >= 6);
        Assert.All(grains, grain => Assert.Equal(
            ImmovableKind.Any, Assert.Single(grain.GetCustomAttributes(inherit: true).OfType<ImmovableAttribute>()).Kind));
    }
}
