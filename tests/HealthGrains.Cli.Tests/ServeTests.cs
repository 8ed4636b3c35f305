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

    private static async Task<string> AddressAsync(Cli cli, Task<int> running)
    {
        var line = await cli.LineAsync("HealthGrains serves", running);
        return line.Split(' ')[2];
    }
}
