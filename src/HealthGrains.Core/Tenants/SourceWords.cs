using System.Globalization;
using HealthGrains.Accounts;
using HealthGrains.Signals;

namespace HealthGrains.Tenants;

/// <summary>Sources and their outages in words.</summary>
internal static class SourceWords
{
    public const string Approach =
        "So many at once is a broken connection and not customers who left: check the connector and its credentials. Until it is back, "
        + "what it does not tell counts neither as silence nor as bad news.";

    public const string AfterBack = "Days that were lost stay out of all scores, unless what was missed is sent later.";

    /// <summary>What a source tells of, for people.</summary>
    public static string Title(SignalSource source) => source switch
    {
        SignalSource.Usage => "Usage",
        SignalSource.Ticket => "Ticket",
        SignalSource.Billing => "Billing",
        SignalSource.Engagement => "Engagement",
        _ => "CRM",
    };

    public static string Silent(SignalSource source, SourceOutage outage)
    {
        var own = outage.Accounts == 0 ? ""
            : Text($"; {outage.Silent} of the {outage.Accounts} that send it regularly are silent for longer than is usual for them");
        return Text(
            $"{Title(source)} data has stopped for all accounts: next to nothing has come since {Time(outage.Since)}, and {outage.Weekday} accounts send it on a usual weekday{own}.");
    }

    public static string Back(SignalSource source, SourceOutage outage) => Text(
        $"{Title(source)} data flows again, after a silence of all accounts from {Time(outage.Since)} to {Time(outage.EndedAt ?? outage.FoundAt)}.");

    /// <summary>What an alert adds that is raised while a source is silent for all.</summary>
    public static string Beside(TenantPulse pulse)
    {
        var silent = new List<string>();
        for (var source = SignalSource.Usage; source <= SignalSource.Crm; source++)
            if (pulse.Of(source).Open is { } outage) silent.Add($"{Title(source)} data has been silent for all accounts since {Time(outage.Since)}");
        return silent.Count == 0 ? "" : $" ({string.Join("; ", silent)}, and stands as it was)";
    }

    public static string Time(long at) => Days.Time(at).ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
