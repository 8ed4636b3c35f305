using HealthGrains.Accounts;
using HealthGrains.Health;
using HealthGrains.Hosting;

namespace HealthGrains.Alerts;

/// <summary>
/// The one churn-risk episode an account can be in. Edges: raised yellow or red; yellow escalates to red in place; it is closed by
/// recovery or churn; resolved by hand it stays, silent, until the account has recovered.
/// </summary>
internal sealed record RiskEpisode
{
    public const string Rule = "churnRisk";

    /// <summary>How an episode is said to have ended whose account is well again.</summary>
    public const string Recovered = "recovered";

    // Within the weekly budget a red risk goes before all that triggers raise, and a yellow one before what only may become a risk.
    private const int RedRank = 100;
    private const int YellowRank = 90;

    public required int Number { get; init; }
    public required Band Severity { get; init; }
    public required AlertState State { get; init; }
    public required long RaisedAt { get; init; }
    public required long Since { get; init; }
    public long? EscalatedAt { get; init; }
    public required string Reason { get; init; }
    public required double Score { get; init; }
    public required IReadOnlyList<DriverView> Drivers { get; init; }
    public required string Approach { get; init; }
    public long? AcknowledgedAt { get; init; }
    public string? AcknowledgedBy { get; init; }
    public long? ResolvedAt { get; init; }
    public string? ResolvedBy { get; init; }
    public string? Resolution { get; init; }

    /// <summary>Until when it is put off.</summary>
    public long? SnoozedUntil { get; init; }

    /// <summary>Who has it, when not the account's owner.</summary>
    public string? AssignedTo { get; init; }

    /// <summary>Since when the account has been above the recovery mark, without a break.</summary>
    public long? CalmSince { get; init; }

    public static string IdOf(string account, int number) => $"{account}:{Rule}:{number}";

    public AlertView View(AccountProfile profile) => new()
    {
        Id = IdOf(profile.Id, Number),
        Account = profile.Id,
        AccountName = profile.Name,
        Rule = Rule,
        Severity = Severity,
        State = State,
        RaisedAt = Days.Time(RaisedAt),
        Since = Days.Time(Since),
        EscalatedAt = Time(EscalatedAt),
        Reason = Reason,
        Score = Score,
        Drivers = Drivers,
        SuggestedApproach = Approach,
        Tier = profile.Tier,
        Arr = profile.Arr,
        Currency = profile.Currency,
        TenureDays = profile.StartedAt is { } started ? (int)Math.Floor((Days.Time(RaisedAt) - started).TotalDays) : null,
        RenewalDate = profile.RenewalDate,
        Owner = AssignedTo ?? profile.Owner,
        SnoozedUntil = Time(SnoozedUntil),
        AssignedTo = AssignedTo,
        AcknowledgedAt = Time(AcknowledgedAt),
        AcknowledgedBy = AcknowledgedBy,
        ResolvedAt = Time(ResolvedAt),
        ResolvedBy = ResolvedBy,
        Resolution = Resolution,
        Rank = Severity == Band.Red ? RedRank : YellowRank,
    };

    /// <summary>Whether it holds what the first format has no place for.</summary>
    public bool IsExtended => SnoozedUntil is not null || AssignedTo is not null;

    public static void Write(ref Writer writer, RiskEpisode? episode, bool isExtended)
    {
        writer.Byte(episode is null ? (byte)0 : (byte)1);
        if (episode is null) return;
        writer.Varint((ulong)episode.Number);
        writer.Byte((byte)episode.Severity);
        writer.Byte((byte)episode.State);
        writer.Zigzag(episode.RaisedAt);
        writer.Zigzag(episode.Since);
        WriteTime(ref writer, episode.EscalatedAt);
        writer.Text(episode.Reason);
        writer.Double(episode.Score);
        writer.Varint((ulong)episode.Drivers.Count);
        foreach (var driver in episode.Drivers)
        {
            writer.Text(driver.Measure);
            writer.Text(driver.Category);
            writer.Double(driver.Points);
            writer.Zigzag(driver.Since.ToUnixTimeMilliseconds());
            writer.Text(driver.Note);
        }
        writer.Text(episode.Approach);
        WriteTime(ref writer, episode.AcknowledgedAt);
        writer.Text(episode.AcknowledgedBy);
        WriteTime(ref writer, episode.ResolvedAt);
        writer.Text(episode.ResolvedBy);
        writer.Text(episode.Resolution);
        WriteTime(ref writer, episode.CalmSince);
        if (!isExtended) return;
        WriteTime(ref writer, episode.SnoozedUntil);
        writer.Text(episode.AssignedTo);
    }

    public static RiskEpisode? Read(ref Reader reader, bool isExtended)
    {
        if (reader.Byte() == 0) return null;
        var number = (int)reader.Varint(int.MaxValue);
        var severity = (Band)reader.Byte();
        var state = (AlertState)reader.Byte();
        if (severity > Band.Green || state > AlertState.Closed) throw Reader.Damaged();
        var raisedAt = reader.Zigzag();
        var since = reader.Zigzag();
        var escalatedAt = ReadTime(ref reader);
        var reason = reader.Text() ?? "";
        var score = reader.Double();
        var drivers = new DriverView[reader.Varint(32)];
        for (var k = 0; k < drivers.Length; k++)
            drivers[k] = new DriverView(
                reader.Text() ?? "", reader.Text() ?? "", reader.Double(), Days.Time(reader.Zigzag()), reader.Text() ?? "");
        return new RiskEpisode
        {
            Number = number, Severity = severity, State = state, RaisedAt = raisedAt, Since = since, EscalatedAt = escalatedAt,
            Reason = reason, Score = score, Drivers = drivers, Approach = reader.Text() ?? "",
            AcknowledgedAt = ReadTime(ref reader), AcknowledgedBy = reader.Text(),
            ResolvedAt = ReadTime(ref reader), ResolvedBy = reader.Text(), Resolution = reader.Text(),
            CalmSince = ReadTime(ref reader),
            SnoozedUntil = isExtended ? ReadTime(ref reader) : null, AssignedTo = isExtended ? reader.Text() : null,
        };
    }

    private static DateTimeOffset? Time(long? at) => at is { } known ? Days.Time(known) : null;

    private static void WriteTime(ref Writer writer, long? at)
    {
        writer.Byte(at is null ? (byte)0 : (byte)1);
        if (at is { } known) writer.Zigzag(known);
    }

    private static long? ReadTime(ref Reader reader) => reader.Byte() == 0 ? null : reader.Zigzag();
}
