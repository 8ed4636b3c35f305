using System.Text;
using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Core.Tests.Portfolio;
using HealthGrains.Delivery;
using HealthGrains.Grains.Accounts;
using HealthGrains.Grains.Storage;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Plays;

namespace HealthGrains.Grains.Tests.Postgres;

/// <summary>Made-up writes.</summary>
internal static class Made
{
    public static AccountWrite Write(string id, long replaces = 0, string text = "state", long due = long.MaxValue) =>
        Write(Book.Account(id), replaces, text, due);

    public static AccountWrite Write(AccountSummary row, long replaces = 0, string text = "state", long due = long.MaxValue)
    {
        var profile = AccountProfile.Unknown(row.Id) with
        {
            Name = row.Name, Tier = row.Tier, Segment = row.Segment, Arr = row.Arr, Currency = row.Currency, Owner = row.Owner,
            RenewalDate = row.RenewalDate,
        };
        return new AccountWrite
        {
            Id = row.Id,
            Replaces = replaces,
            Row = new AccountRow(
                replaces + 1, StoredJson.WriteBytes(profile), Encoding.UTF8.GetBytes(text), new IntakeMarks().Write(), row.Model, due),
            Profile = profile,
            Figures = new AccountFigures
            {
                Score = row.Score, Low = row.Low, High = row.High, Coverage = row.Coverage, Change7Days = row.Change7Days,
                SlopePerDay = row.SlopePerDay, ChurnProbability = row.ChurnProbability, ArrAtRisk = row.ArrAtRisk,
                ArrAtRiskLow = row.ArrAtRiskLow, ArrAtRiskHigh = row.ArrAtRiskHigh, Version = row.Version,
                AsOf = row.AsOf.ToUnixTimeMilliseconds(), OpenAlerts = row.OpenAlerts, Band = row.Band, Decline = row.Decline,
                Status = row.Status,
            },
            Closes = [],
            Alerts = [],
            Audit = [],
        };
    }

    public static AccountWrite WithEffects(this AccountWrite write, string mark) => write with
    {
        Closes = [Close(new DateOnly(2026, 11, 19), 61), Close(new DateOnly(2026, 11, 20), 62)],
        Alerts = [Alert(write.Id, 1, mark)],
        Audit = [new AuditView(Book.Now, "dana", "account.updated", write.Id, mark)],
    };

    public static DailyClose Close(DateOnly day, double score) => new(
        day, new HistoryPoint(day, score, score - 5, score + 5, 0.7, false, new Dictionary<string, double> { ["product"] = score / 3 }, "prior-1"),
        [1, 0, uint.MaxValue]);

    public static AlertView Alert(string account, int episode, string reason, AlertState state = AlertState.Open, int minute = 0) => new()
    {
        Id = $"{account}:churnRisk:{episode}", Account = account, AccountName = account, Rule = "churnRisk", Severity = Band.Red,
        State = state, RaisedAt = Book.Now.AddMinutes(minute), Since = Book.Now.AddMinutes(minute - 1), Reason = reason, Score = 1.0 / 3,
        Drivers = [new DriverView("logins", "product", -3.25, Book.Now.AddDays(-7), "4 logins")], SuggestedApproach = "call",
        Tier = Tier.Standard, Currency = "USD", Owner = "dana", Arr = 12_000.50m,
    };

    public static HeldEvent Held(string id, string external = "g-1", int bytes = 20) =>
        new("segment", external, id, "segment", Encoding.UTF8.GetBytes($"{{\"id\":\"{id}\"}}".PadRight(bytes)));

    public static PlayView Play(string account, int number) => new()
    {
        Id = DeskIds.Play(account, number), Account = account, AccountName = account, Playbook = "followUp", Version = 1, Title = "Follow-up",
        State = PlayState.Running, Reason = "a detractor", StartedAt = Book.Now, StartedBy = "detractor 1", Owner = "dana", ScoreAtStart = 50,
        Steps = [new StepView(1, "call", "Call", StepKind.Task, 0, StepState.Open, null, Book.Now, null, null, null, null, null, null, null, null)],
    };

    public static DraftView Draft(string account, int number) => new()
    {
        Id = DeskIds.Draft(account, number), Account = account, AccountName = account, Play = DeskIds.Play(account, 1), PlayTitle = "Follow-up",
        PlayReason = "a detractor", Step = "write", Kind = StepKind.Email, Title = "Write", Subject = "Hello", Text = "Dear Kim",
        Facts = new Dictionary<string, object> { ["nps"] = 3.0, ["churned"] = false, ["plan"] = "pro" }, Marks = ["sensitive"],
        State = DraftState.Pending, Needs = "owner", Owner = "dana", Reviewer = "dana", CreatedAt = Book.Now, ExpiresAt = Book.Now.AddDays(7),
        Edited = false,
    };

    public static TaskView Task(string account, int number) => new()
    {
        Id = DeskIds.Task(account, number), Account = account, AccountName = account, Title = "Call", Owner = "dana", DueAt = Book.Now.AddDays(2),
        CreatedAt = Book.Now, State = TaskState.Open, Outcomes = ["listened"],
    };

    public static Dispatch Chat(string id, string account) => new(
        id, account, "dana", ReceiverKeys.Chat, Book.Now.ToUnixTimeMilliseconds(), Book.Now.ToUnixTimeMilliseconds(), new ChatBody("Hear", null));
}
