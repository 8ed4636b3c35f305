using HealthGrains.Plays;
using Microsoft.Extensions.Configuration;

namespace HealthGrains.Cli.Tests;

public sealed class RetentionTests
{
    [Fact]
    public void How_long_what_is_over_is_kept_is_a_setting_and_what_is_not_set_is_as_usual()
    {
        Assert.Equal(Retention.Default, Server.Kept(Settings()));
        Assert.Equal(Retention.Default with { WorkDays = 90 }, Server.Kept(Settings(("WorkDays", "90"))));
    }

    [Fact]
    public void What_is_no_number_of_days_is_told_by_the_setting()
    {
        var wrong = Assert.Throws<ArgumentException>(() => Server.Kept(Settings(("DeliveryDays", "many"))));
        Assert.Contains("HealthGrains:Retention cannot be read", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("many", wrong.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Settings(params (string Name, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"HealthGrains:Retention:{setting.Name}", (string?)setting.Value)))
        .Build();
}
