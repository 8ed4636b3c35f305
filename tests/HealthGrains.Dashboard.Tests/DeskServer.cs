using HealthGrains.Assistant;
using HealthGrains.Embedded;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;

namespace HealthGrains.Dashboard.Tests;

/// <summary>A made-up company whose people work by the practice that comes with the product, and two playbooks of its own.</summary>
internal sealed class DeskServer : IAsyncDisposable
{
    public const string Manager = "Ines Vogel";

    private static readonly PracticeFile[] Own =
    [
        new("templates/hello.hbs", "---\nid: hello\nversion: 1\nsubject: A word\n---\nHi {{firstName contact}},\n\nhow is it going?\n"),
        new("playbooks/sayHello.json", Playbook("sayHello", "Say hello", "")),
        new("playbooks/sayMore.json", Playbook("sayMore", "Say more", """, "marks": "sensitive" """)),
    ];

    private DeskServer(LiveServer server, string owner, IReadOnlyList<string> accounts) =>
        (Server, Owner, Accounts) = (server, owner, accounts);

    public LiveServer Server { get; }

    /// <summary>Who has the most accounts.</summary>
    public string Owner { get; }

    /// <summary>Their accounts.</summary>
    public IReadOnlyList<string> Accounts { get; }

    public IDesks Desks => Server.Host.Desks;

    public static async Task<DeskServer> StartAsync()
    {
        var server = await LiveServer.StartCompanyAsync(60, days: 60, options =>
        {
            var writer = new HandlebarsWriter();
            options.Writer = writer;
            options.Practice = DefaultPractice.Book(writer);
        });
        var rows = (await server.Host.ListAccountsAsync(new AccountQuery { Limit = 100 }, CancellationToken.None)).Items;
        var owners = rows.Where(row => row.Owner is not null).GroupBy(row => row.Owner!).OrderByDescending(own => own.Count()).ToList();
        var members = string.Join(", ", owners.Select(own => $"\"{own.Key}\""));
        var team = new PracticeFile("teams/all.json", $$"""{ "manager": "{{Manager}}", "members": [{{members}}] }""");
        var change = await server.Host.Desks.ChangePracticeAsync(new PracticeEdit([.. Own, team], []), "test", CancellationToken.None);
        Assert.Empty(change.Problems);
        return new DeskServer(server, owners[0].Key, [.. owners[0].Where(row => row.Arr < 50_000).Select(row => row.Id)]);
    }

    /// <summary>A play that begins with a draft; gives the draft.</summary>
    public async Task<DraftView> DraftAsync(string playbook, int account = 0)
    {
        var id = Accounts[account];
        var reply = await Desks.DoAsync(id, new StartPlay("test", playbook), CancellationToken.None);
        Assert.True(reply is { Refusal: DeskRefusal.None }, reply?.Reason);
        await Server.Host.SettleAsync();
        var play = await Desks.GetPlayAsync(reply!.Subject!, CancellationToken.None);
        return (await Desks.GetDraftAsync(play!.Steps[0].Draft!, CancellationToken.None))!;
    }

    public async Task<TaskView> TaskAsync(string title, int account = 0)
    {
        var due = Server.Host.Clock.GetUtcNow().AddHours(-5).ToUnixTimeMilliseconds();
        var reply = await Desks.DoAsync(Accounts[account], new AddTask("test", title, Owner, due), CancellationToken.None);
        await Server.Host.SettleAsync();
        return (await Desks.GetTaskAsync(reply!.Subject!, CancellationToken.None))!;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private static string Playbook(string id, string title, string marks) => $$"""
        {
          "id": "{{id}}", "version": 1, "title": "{{title}}", "goal": "They are well.",
          "steps": [
            { "id": "mail", "day": 0, "kind": "email", "title": "Write to them",
              "template": "hello", "to": ["champion", "admin"]{{marks}} },
            { "id": "call", "day": 2, "kind": "task", "title": "Call them" }
          ],
          "outcomes": ["well", "unwell"]
        }
        """;
}
