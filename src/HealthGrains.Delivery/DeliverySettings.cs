using HealthGrains.Plays;
using Microsoft.Extensions.Configuration;

namespace HealthGrains.Delivery;

/// <summary>Settings of the delivery, bound from <see cref="Section"/>. docs/delivery.md describes each.</summary>
public sealed class DeliverySettings
{
    /// <summary>Where the settings are in the configuration.</summary>
    public const string Section = "HealthGrains:Delivery";

    /// <summary>The receivers by key. With none, everything goes into the local sink and nothing leaves.</summary>
    public Dictionary<string, ReceiverSettings> Receivers { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where the local sink writes what would have gone out, a file each; null for memory alone.</summary>
    public string? Folder { get; set; }

    /// <summary>How often the queue is looked at, when nobody rings.</summary>
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an attempt may take.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The pause after the first attempt that failed; each further one is twice as long.</summary>
    public TimeSpan FirstRetry { get; set; } = RetrySchedule.Default.First;

    /// <summary>The longest pause between attempts.</summary>
    public TimeSpan LongestRetry { get; set; } = RetrySchedule.Default.Longest;

    /// <summary>How long a dispatch may be due before it is given up.</summary>
    public TimeSpan GiveUpAfter { get; set; } = RetrySchedule.Default.GiveUpAfter;

    /// <summary>How long stopping waits for what is being sent.</summary>
    public TimeSpan StopWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>When attempts come.</summary>
    internal RetrySchedule Schedule => new(FirstRetry, LongestRetry, GiveUpAfter);

    /// <summary>
    /// How long a claim is held: an attempt, and time to note what came of it. Should this process die, another sends what it held after
    /// it.
    /// </summary>
    internal TimeSpan Lease => SendTimeout + TimeSpan.FromMinutes(1);

    /// <summary>The settings of a configuration. Throws <see cref="DeliverySetupException"/> for what cannot be.</summary>
    public static DeliverySettings Bind(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        CheckNames(section, typeof(DeliverySettings));
        foreach (var receiver in section.GetSection(nameof(Receivers)).GetChildren()) CheckNames(receiver, typeof(ReceiverSettings));
        var settings = new DeliverySettings();
        try
        {
            // Else a receiver with a value that cannot be read would not be there at all.
            section.Bind(settings, options => options.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException failure)
        {
            throw new DeliverySetupException($"{Section} cannot be read: {(failure.InnerException ?? failure).Message}", failure);
        }
        settings.Validate();
        return settings;
    }

    /// <summary>Throws <see cref="DeliverySetupException"/> that says which setting is wrong, and what would be right.</summary>
    public void Validate()
    {
        Within(nameof(PollEvery), PollEvery, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
        Within(nameof(SendTimeout), SendTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
        Within(nameof(FirstRetry), FirstRetry, TimeSpan.FromMilliseconds(10), LongestRetry);
        Within(nameof(LongestRetry), LongestRetry, TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1));
        Within(nameof(GiveUpAfter), GiveUpAfter, LongestRetry, TimeSpan.FromDays(Retention.LeastDeliveryDays));
        Within(nameof(StopWithin), StopWithin, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        foreach (var (key, receiver) in Receivers) ReceiverRules.Check(key, receiver);
    }

    private static void CheckNames(IConfigurationSection section, Type type)
    {
        var known = type.GetProperties().Where(property => property.CanWrite).Select(property => property.Name).ToList();
        foreach (var child in section.GetChildren())
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                throw new DeliverySetupException($"{child.Path} is read by nothing; known here: {string.Join(", ", known)}");
    }

    private static void Within(string name, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
            throw new DeliverySetupException($"{Section}:{name} is {value}; it must be between {least} and {most}");
    }
}
