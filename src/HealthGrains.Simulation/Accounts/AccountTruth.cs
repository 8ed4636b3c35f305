using System.Buffers;
using System.Globalization;
using System.Text.Json;
using HealthGrains.Accounts;

namespace HealthGrains.Simulation;

/// <summary>What is true of an account, and what no measure is told.</summary>
/// <param name="Id">The account's id.</param>
/// <param name="Shape">How it leaves, or <see cref="ChurnShape.Healthy"/>.</param>
/// <param name="OnsetDay">The first day of its decline; null when healthy, negative when before day 0.</param>
/// <param name="OnsetDate">The date of that day.</param>
/// <param name="EndDay">The day on which its subscription ends, which may lie beyond the window; null when healthy.</param>
/// <param name="EndDate">The date of that day.</param>
/// <param name="StartDay">The day on which its first contract starts; negative when before day 0.</param>
/// <param name="Tier">Its tier.</param>
/// <param name="Arr">Its annual recurring revenue on day 0, USD.</param>
public sealed record AccountTruth(
    string Id, ChurnShape Shape, int? OnsetDay, DateOnly? OnsetDate, int? EndDay, DateOnly? EndDate, int StartDay, Tier Tier, decimal Arr)
{
    /// <summary>Whether its end lies within a window of so many days.</summary>
    public bool EndsWithin(int days) => EndDay < days;

    internal static AccountTruth Of(CompanyAccount account, int days)
    {
        var (settings, fate) = (account.Settings, account.Churn);
        var (tier, arr) = (account.Profile.Tier, account.Profile.Arr!.Value);
        return fate.OnsetDay >= days
            ? new AccountTruth(account.Id, ChurnShape.Healthy, null, null, null, null, account.StartDay, tier, arr)
            : new AccountTruth(
                account.Id, fate.Shape, fate.OnsetDay, settings.Date(fate.OnsetDay), fate.EndDay, settings.Date(fate.EndDay),
                account.StartDay, tier, arr);
    }
}

/// <summary>Writes the truth as a file.</summary>
public static class TruthWriter
{
    /// <summary>The header of the CSV form.</summary>
    public const string Header = "account,shape,onsetDay,onsetDate,endDay,endDate,startDay,tier,arr";

    /// <summary>Writes CSV: a header and a row an account, empty fields where an account is healthy.</summary>
    public static void WriteCsv(IEnumerable<AccountTruth> truth, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(output);
        output.Write(Header + "\n");
        foreach (var row in truth)
        {
            var onset = string.Create(CultureInfo.InvariantCulture, $"{row.OnsetDay},{row.OnsetDate:yyyy-MM-dd}");
            var end = string.Create(CultureInfo.InvariantCulture, $"{row.EndDay},{row.EndDate:yyyy-MM-dd}");
            var money = row.Arr.ToString(CultureInfo.InvariantCulture);
            output.Write($"{row.Id},{row.Shape.WireName()},{onset},{end},{row.StartDay},{TierName(row.Tier)},{money}\n");
        }
    }

    /// <summary>Writes a JSON array of { account, shape, onsetDay, onsetDate, endDay, endDate, startDay, tier, arr }.</summary>
    public static void WriteJson(IEnumerable<AccountTruth> truth, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(truth);
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartArray();
        foreach (var row in truth)
        {
            json.WriteStartObject();
            json.WriteString("account"u8, row.Id);
            json.WriteString("shape"u8, row.Shape.WireName());
            Write(json, "onset", row.OnsetDay, row.OnsetDate);
            Write(json, "end", row.EndDay, row.EndDate);
            json.WriteNumber("startDay"u8, row.StartDay);
            json.WriteString("tier"u8, TierName(row.Tier));
            json.WriteNumber("arr"u8, row.Arr);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string what, int? day, DateOnly? date)
    {
        if (day is null || date is null)
        {
            json.WriteNull($"{what}Day");
            json.WriteNull($"{what}Date");
            return;
        }
        json.WriteNumber($"{what}Day", day.Value);
        json.WriteString($"{what}Date", date.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    private static string TierName(Tier tier) => tier switch { Tier.Enterprise => "enterprise", Tier.Standard => "standard", _ => "smb" };
}
