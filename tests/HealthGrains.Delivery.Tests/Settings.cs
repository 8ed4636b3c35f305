using Microsoft.Extensions.Configuration;

namespace HealthGrains.Delivery.Tests;

/// <summary>Settings as a configuration has them.</summary>
internal static class Settings
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";

    /// <summary>A configuration; the names are those below HealthGrains:Delivery.</summary>
    public static IConfigurationRoot Of(params (string Name, string? Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(one => KeyValuePair.Create($"{DeliverySettings.Section}:{one.Name}", one.Value))).Build();

    /// <summary>The one receiver that a configuration has.</summary>
    public static IReceiver Receiver(TimeProvider clock, params (string Name, string? Value)[] settings)
    {
        var all = Receivers(clock, Of([.. settings.Select(one => ($"Receivers:it:{one.Name}", one.Value))]));
        return all.Of("it");
    }

    public static DeliveryReceivers Receivers(TimeProvider clock, IConfiguration configuration)
    {
        var settings = DeliverySettings.Bind(configuration);
        return DeliveryReceivers.From(settings, configuration, new LocalSink(null, new LinesLog().For<LocalSink>()), clock);
    }
}
