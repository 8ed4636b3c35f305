using System.Net;
using System.Text.Json;
using HealthGrains.Cli.Demo;

namespace HealthGrains.Cli.Tests;

public sealed class DemoTests
{
    private static readonly string[] Small = ["--accounts", "6", "--days", "20", "--urls", "http://127.0.0.1:0"];

    [Fact]
    public async Task The_demo_lives_through_its_past_goes_live_and_goes_on_where_it_stopped()
    {
        using var cli = new Cli();
        using var http = new HttpClient();
        string[] args = ["demo", .. Small, "--data", cli.Path("data"), "--speed", "20"];

        DateTimeOffset reached;
        using (var stop = new CancellationTokenSource())
        {
            var running = cli.RunAsync([], stop.Token, args);
            var address = AddressIn(await cli.LineAsync("is live on", running));
            foreach (var curl in new[] { await CurlAsync(cli, running), await CurlAsync(cli, running) })
            {
                using var answer = await http.GetAsync(curl);
                Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{curl}: {answer.StatusCode}");
            }
            var page = await GetAsync(http, $"{address}/v1/accounts");
            Assert.Equal(6, page.GetProperty("total").GetInt32());
            var clock = await GetAsync(http, $"{address}/v1/clock");
            Assert.Equal("simulated", clock.GetProperty("kind").GetString());
            Assert.True(clock.GetProperty("now").GetDateTimeOffset() >= new DateTimeOffset(2026, 1, 25, 0, 0, 0, TimeSpan.Zero));
            await stop.CancelAsync();
            Assert.Equal(0, await running);
            reached = DemoState.Read(cli.Path("data"))!.DeliveredUntil;
        }
        using (var stop = new CancellationTokenSource())
        {
            var running = cli.RunAsync([], stop.Token, args);
            await cli.LineAsync("going on from", running);
            var address = AddressIn(await cli.LineAsync("is live on", running));
            var clock = await GetAsync(http, $"{address}/v1/clock");
            Assert.True(clock.GetProperty("now").GetDateTimeOffset() >= reached);
            await stop.CancelAsync();
            Assert.Equal(0, await running);
            Assert.True(DemoState.Read(cli.Path("data"))!.DeliveredUntil >= reached);
        }
    }

    [Fact]
    public async Task Another_company_is_not_mixed_into_the_data_of_one()
    {
        using var cli = new Cli();
        Directory.CreateDirectory(cli.Path("data"));
        new DemoState(1, 6, 20, DateTimeOffset.MinValue).Write(cli.Path("data"));
        Assert.Equal(2, await cli.RunAsync("demo", "--seed", "2", "--data", cli.Path("data")));
        Assert.Contains("--seed 1 --accounts 6 --days 20", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_that_is_not_the_demos_is_never_touched()
    {
        using var cli = new Cli();
        Directory.CreateDirectory(cli.Path("mine"));
        var precious = cli.Write("mine/precious.txt", "keep me");
        Assert.Equal(2, await cli.RunAsync("demo", "--fresh", "--data", cli.Path("mine")));
        Assert.True(File.Exists(precious));
    }

    private static string AddressIn(string line) => line[line.IndexOf("http", StringComparison.Ordinal)..].Trim();

    private static async Task<Uri> CurlAsync(Cli cli, Task<int> running)
    {
        var line = await cli.LineAsync("curl -s ", running);
        return new Uri(line.Split('\'')[1]);
    }

    private static async Task<JsonElement> GetAsync(HttpClient http, string url) =>
        JsonDocument.Parse(await http.GetStringAsync(new Uri(url))).RootElement.Clone();
}
