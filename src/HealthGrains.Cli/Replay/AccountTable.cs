using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using HealthGrains.Hosting;

namespace HealthGrains.Cli.Replay;

/// <summary>Accounts as a file: CSV for spreadsheets, JSON for programs.</summary>
internal static class AccountTable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Refuses a name that says neither CSV nor JSON, before the work and not after it.</summary>
    public static void CheckName(string path)
    {
        if (!IsCsv(path) && !path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            throw new Refusal($"--out {path}: the name must end in .csv or .json, so that the form is clear", CommandLine.Usage);
    }

    public static void Write(string path, IReadOnlyList<AccountSummary> accounts)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
            File.WriteAllText(path, IsCsv(path) ? Csv(accounts) : JsonSerializer.Serialize(accounts, Json) + "\n");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new Refusal($"{path} cannot be written: {error.Message}");
        }
    }

    private static bool IsCsv(string path) => path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);

    private static string Csv(IReadOnlyList<AccountSummary> accounts)
    {
        var text = new StringBuilder(
            "id,name,tier,segment,owner,status,score,low,high,band,coverage,change7Days,decline,slopePerDay,churnProbability,"
            + "arr,currency,arrAtRisk,renewalDate,openAlerts,model,asOf\n");
        foreach (var account in accounts)
        {
            string?[] fields =
            [
                account.Id, account.Name, Name(account.Tier), account.Segment, account.Owner, Name(account.Status), Number(account.Score),
                Number(account.Low), Number(account.High), Name(account.Band), Number(account.Coverage), Number(account.Change7Days),
                Name(account.Decline), Number(account.SlopePerDay), Number(account.ChurnProbability),
                account.Arr?.ToString(CultureInfo.InvariantCulture), account.Currency,
                account.ArrAtRisk?.ToString("0.00", CultureInfo.InvariantCulture),
                account.RenewalDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                account.OpenAlerts.ToString(CultureInfo.InvariantCulture), account.Model,
                account.AsOf.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ];
            text.AppendJoin(',', fields.Select(Quoted)).Append('\n');
        }
        return text.ToString();
    }

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Name(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static string Quoted(string? field)
    {
        if (string.IsNullOrEmpty(field)) return "";
        // A spreadsheet runs a text that begins like a formula; names come from customers. Numbers may begin with a minus.
        if (field[0] is '=' or '+' or '@' || (field[0] == '-' && !double.TryParse(field, CultureInfo.InvariantCulture, out _)))
            field = "'" + field;
        return field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
