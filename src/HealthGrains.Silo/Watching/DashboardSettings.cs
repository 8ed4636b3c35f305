using Microsoft.Extensions.Configuration;

namespace HealthGrains.Silo.Watching;

/// <summary>
/// Orleans' dashboard, section <c>HealthGrains:Dashboard</c>. It shows grains, their calls and, to whoever asks, the state of one: customer
/// data. So it is off unless it is turned on, and never without a password.
/// </summary>
internal sealed class DashboardSettings
{
    /// <summary>How short a password may be.</summary>
    public const int LeastPassword = 16;

    /// <summary>Whether it is there.</summary>
    public bool Enabled { get; set; }

    /// <summary>What a caller must know; the user's name is not looked at.</summary>
    public string Password { get; set; } = "";

    /// <summary>Reads them. Throws <see cref="Refusal"/> for what cannot be.</summary>
    public static DashboardSettings From(IConfiguration configuration)
    {
        const string section = $"{SiloSettings.Section}:Dashboard";
        var settings = new DashboardSettings();
        try
        {
            configuration.GetSection(section).Bind(settings);
        }
        catch (InvalidOperationException failure)
        {
            throw new Refusal($"{section} cannot be read: {failure.InnerException?.Message ?? failure.Message}", CommandLine.Usage);
        }
        if (settings.Enabled && settings.Password.Length < LeastPassword)
        {
            throw new Refusal(
                $"{section} is enabled with {(settings.Password.Length == 0 ? "no password" : "a short password")}; set "
                + $"HealthGrains__Dashboard__Password to at least {LeastPassword} random characters, or leave the dashboard off", CommandLine.Usage);
        }
        return settings;
    }
}
