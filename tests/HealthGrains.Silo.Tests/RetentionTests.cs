using HealthGrains.Plays;
using Microsoft.Extensions.Configuration;

namespace HealthGrains.Silo.Tests;

public sealed class RetentionTests
{
    [Fact]
    public void How_long_what_is_over_is_kept_is_a_setting_and_what_is_not_set_is_as_usual()
    {
        Assert.Equal(Retention.Default, Settings([]).Retention);
        Assert.Equal(Retention.Default with { WorkDays = 90 }, Settings(new() { ["WorkDays"] = "90" }).Retention);
        Assert.Equal(400, Retention.Default.WorkDays);
    }

    [Theory]
    [InlineData("WorkDays", "3", "HealthGrains:Retention:WorkDays is 3; it must be between 42 and 3650")]
    [InlineData("DeliveryDays", "many", "the settings cannot be read")]
    public void What_makes_no_sense_is_refused_by_its_name(string name, string value, string words)
    {
        var refused = Assert.Throws<Refusal>(() => Settings(new() { [name] = value }));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.Equal(CommandLine.Usage, refused.ExitCode);
    }

    private static SiloSettings Settings(Dictionary<string, string> retention) => SiloSettings.From(new ConfigurationBuilder()
        .AddInMemoryCollection(retention.ToDictionary(set => $"HealthGrains:Retention:{set.Key}", string? (set) => set.Value))
        .AddInMemoryCollection([KeyValuePair.Create("HealthGrains:Database", (string?)"Host=127.0.0.1")])
        .Build());
}
