using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using HealthGrains.Cli.Output;
using HealthGrains.Health;

namespace HealthGrains.Cli.Replay;

/// <summary>A replay's report, for people and for programs.</summary>
internal static class ReplayPrint
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Json(ReplayReport report)
    {
        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Readable))
        {
            json.WriteStartObject();
            json.WriteNumber("accepted", report.Accepted);
            json.WriteNumber("late", report.Late);
            json.WriteNumber("duplicates", report.Duplicates);
            json.WriteNumber("held", report.Held);
            json.WriteNumber("rejected", report.Rejected);
            json.WriteNumber("accounts", report.Accounts);
            json.WriteNumber("churned", report.Churned);
            json.WriteStartObject("bands");
            foreach (var (band, count) in report.Bands) json.WriteNumber(Name(band), count);
            json.WriteEndObject();
            json.WriteNumber("alerts", report.Alerts);
            json.WriteNumber("openAlerts", report.OpenAlerts);
            json.WriteStartObject("alertsByRule");
            foreach (var (rule, count) in report.AlertsByRule.OrderByDescending(rule => rule.Value)) json.WriteNumber(rule, count);
            json.WriteEndObject();
            Write(json, "from", report.From);
            Write(json, "until", report.Until);
            json.WriteNumber("seconds", Math.Round(report.Took.TotalSeconds, 3));
            json.WriteNumber("signalsPerSecond", Math.Round(report.SignalsPerSecond));
            json.WriteStartArray("errors");
            foreach (var error in report.Errors)
            {
                json.WriteStartObject();
                json.WriteString("file", error.File);
                if (error.Line > 0) json.WriteNumber("line", error.Line);
                json.WriteString("field", error.Field);
                json.WriteString("reason", error.Reason);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    public static void Table(ReplayReport report, Terminal terminal)
    {
        var output = terminal.Out;
        output.WriteLine(Text($"{report.Sent:N0} events in {report.Took.TotalSeconds:0.00} s: {report.SignalsPerSecond:N0} signals/s"));
        output.WriteLine(Text(
            $"accepted {report.Accepted:N0} (late {report.Late:N0}), duplicates {report.Duplicates:N0}, held {report.Held:N0}, rejected {report.Rejected:N0}"));
        if (report.From is { } from && report.Until is { } until)
            output.WriteLine(Text($"from {from:yyyy-MM-dd HH:mm} to {until:yyyy-MM-dd HH:mm} UTC"));
        output.WriteLine();
        output.WriteLine(Text($"{report.Accounts:N0} accounts: {report.Churned:N0} churned, and of the others"));
        foreach (var band in (Band[])[Band.Red, Band.Yellow, Band.Green])
            output.WriteLine(Text($"  {Name(band),-8}{report.Bands[band],8:N0}"));
        output.WriteLine(Text($"{report.Alerts:N0} alerts raised, {report.OpenAlerts:N0} open at the end"));
        foreach (var (rule, count) in report.AlertsByRule.OrderByDescending(rule => rule.Value))
            output.WriteLine(Text($"  {rule,-24}{count,8:N0}"));
        if (report.Final.Count > 0)
        {
            output.WriteLine();
            output.WriteLine("lowest scores at the end:");
            foreach (var account in report.Final.Where(account => account.Status == Hosting.AccountStatus.Active).Take(5))
                output.WriteLine(Text(
                    $"  {account.Score,5:0.0}  {Name(account.Band),-7} {account.Change7Days,6:+0.0;-0.0;0.0} in 7 days  {account.Id}  {account.Name}"));
        }
        foreach (var error in report.Errors)
            terminal.Say($"rejected: {error.File}{(error.Line > 0 ? $", line {error.Line}" : "")}: {error.Field}: {error.Reason}");
        if (report.Rejected > report.Errors.Count)
            terminal.Say(Text($"rejected: and {report.Rejected - report.Errors.Count:N0} more"));
    }

    private static void Write(Utf8JsonWriter json, string name, DateTimeOffset? moment)
    {
        if (moment is { } at) json.WriteString(name, at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        else json.WriteNull(name);
    }

    private static string Name(Band band) => band.ToString().ToLowerInvariant();

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
