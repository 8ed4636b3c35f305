using System.Net.Http.Json;
using System.Text.Json;

namespace HealthGrains.Cli.Tests;

public sealed class ServeTests
{
    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_restart()
    {
        using var cli = new Cli();
        using var http = new HttpClient();
        string[] args = ["serve", "--urls", "http://127.0.0.1:0", "--data", cli.Path("data")];
        using (var stop = new CancellationTokenSource())
        {
            var running = cli.RunAsync([], stop.Token, args);
            var address = await AddressAsync(cli, running);
            var receipt = await http.PostAsJsonAsync(new Uri($"{address}/v1/signals"),
                new { id = "1", account = "acme", source = "usage", kind = "login", subject = "u" });
            Assert.Equal(1, (await receipt.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accepted").GetInt32());
            await stop.CancelAsync();
            Assert.Equal(0, await running);
        }
        using (var stop = new CancellationTokenSource())
        {
            var running = cli.RunAsync([], stop.Token, args);
            var address = await AddressAsync(cli, running);
            var account = await http.GetFromJsonAsync<JsonElement>(new Uri($"{address}/v1/accounts/acme"));
            Assert.Equal("acme", account.GetProperty("id").GetString());
            await stop.CancelAsync();
            Assert.Equal(0, await running);
        }
    }

    [Fact]
    public async Task A_port_in_use_is_told_in_a_sentence()
    {
        using var cli = new Cli();
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        Assert.Equal(1, await cli.RunAsync("serve", "--urls", $"http://{listener.LocalEndpoint}", "--data", cli.Path("data")));
        Assert.Contains("is in use", cli.Error, StringComparison.Ordinal);
        Assert.Contains("--urls", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trigger_a_playbook_and_a_guardrail_are_each_added_by_a_file_alone_while_the_server_runs()
    {
        using var cli = new Cli();
        using var http = new HttpClient();
        var folder = cli.Path("practice");
        Directory.CreateDirectory(folder);
        using var stop = new CancellationTokenSource();
        var running = cli.RunAsync([], stop.Token, "serve", "--urls", "http://127.0.0.1:0", "--data", cli.Path("data"), "--practice", folder);
        var address = await AddressAsync(cli, running);
        await http.PostAsJsonAsync(new Uri($"{address}/v1/signals"),
            new { id = "1", account = "acme", source = "engagement", kind = "surveyAnswered", subject = "u" });

        await WriteAsync("triggers/quiet.json", """
            { "id": "quiet", "version": 1, "title": "Nobody pays yet", "when": { "fact": "arr", "known": false },
              "alert": { "severity": "yellow", "approach": "Ask." } }
            """);
        await Until("alerts", items => items.Any(alert => alert.GetProperty("rule").GetString() == "quiet"));
        await WriteAsync("playbooks/ask.json", """
            { "id": "ask", "version": 1, "title": "Ask", "goal": "Know.", "trigger": "quiet", "steps": [
              { "id": "call", "day": 0, "kind": "task", "title": "Ask what they pay" }] }
            """);
        await Until("tasks", items => items.Any(task => task.GetProperty("title").GetString() == "Ask what they pay"));
        await WriteAsync("guardrails/one.json", """{ "id": "onlyOne", "version": 1, "title": "One play at once", "kind": "playsAtOnce", "most": 1 }""");
        await WriteAsync("playbooks/more.json", """
            { "id": "more", "version": 1, "title": "More", "goal": "More.", "steps": [{ "id": "call", "day": 0, "kind": "task", "title": "More" }] }
            """);
        string? refusal = null;
        await Wait(async () =>
        {
            var answer = await http.PostAsJsonAsync(new Uri($"{address}/v1/plays"), new { account = "acme", playbook = "more" });
            refusal = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString();
            return answer.StatusCode == System.Net.HttpStatusCode.Conflict;
        });
        Assert.Equal("One play at once (onlyOne 1)", refusal);

        // A mistake is told in the log, with its line, and what is there stays.
        await WriteAsync("playbooks/ask.json", "{ \"id\": \"ask\", \"version\": 2,\n \"titel\": \"Ask\" }");
        await cli.LineAsync("playbooks/ask.json:2:", running);

        // The product's own comes back where one's own is taken away.
        await WriteAsync("guardrails/threePlays.json", """{ "id": "threePlays", "version": 2, "title": "T", "kind": "playsAtOnce", "most": 2 }""");
        await Wait(async () => await VersionAsync("threePlays") == 2);
        File.Delete(Path.Combine(folder, "guardrails/threePlays.json"));
        await Wait(async () => await VersionAsync("threePlays") == 1);
        await stop.CancelAsync();
        Assert.Equal(0, await running);

        async Task<int> VersionAsync(string guardrail) =>
            (await http.GetFromJsonAsync<JsonElement>(new Uri($"{address}/v1/practice"))).GetProperty("guardrails").EnumerateArray()
            .Single(rule => rule.GetProperty("id").GetString() == guardrail).GetProperty("version").GetInt32();

        async Task WriteAsync(string path, string content)
        {
            var full = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            await File.WriteAllTextAsync(full, content);
        }

        Task Until(string list, Func<IEnumerable<JsonElement>, bool> holds) => Wait(async () =>
            holds((await http.GetFromJsonAsync<JsonElement>(new Uri($"{address}/v1/{list}"))).GetProperty("items").EnumerateArray()));

        async Task Wait(Func<Task<bool>> holds)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (!await holds())
            {
                patience.Token.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }
    }

    private static async Task<string> AddressAsync(Cli cli, Task<int> running)
    {
        var line = await cli.LineAsync("HealthGrains serves", running);
        return line.Split(' ')[2];
    }
}
