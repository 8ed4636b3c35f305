using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace HealthGrains.Silo.Tests;

/// <summary>Orleans' dashboard is there for whoever knows the password, and for nobody else.</summary>
public sealed class DashboardTests
{
    private const string Password = "a long enough password";

    [Fact]
    public async Task Every_route_asks_for_the_password_and_answers_whoever_knows_it()
    {
        await using var silo = await SiloProcess.StartAsync(On(Password));

        foreach (var path in (string[])["orleans", "orleans/", "ORLEANS/index.html", "orleans/ClusterStats", "orleans//", "orleans/GrainState?grainId=x"])
        {
            foreach (var secret in (string?[])[null, "", "wrong", Password + "x", "operator"])
            {
                var answer = await AskAsync(silo, path, secret);
                Assert.False(answer.IsSuccessStatusCode, $"{path} with '{secret}': {answer.StatusCode}");
            }
        }
        var refused = await AskAsync(silo, "orleans/", null);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains(refused.Headers.WwwAuthenticate, scheme => scheme.Scheme == "Basic");
        var page = await AskAsync(silo, "orleans/", Password);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("<html", await page.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
        var counters = await AskAsync(silo, "orleans/DashboardCounters", Password);
        Assert.Contains("totalActiveHostCount", await counters.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        // The API beside it needs no password.
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(silo, "v1/portfolio", null)).StatusCode);
    }

    [Fact]
    public async Task It_is_not_there_unless_it_is_turned_on()
    {
        await using var silo = await SiloProcess.StartAsync(("HealthGrains__Dashboard__Password", Password));
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(silo, "orleans/", Password)).StatusCode);
    }

    [Theory]
    [InlineData("", "no password")]
    [InlineData("short", "a short password")]
    public async Task It_does_not_start_without_a_password_that_is_long_enough(string password, string told)
    {
        var (code, said) = await SiloProcess.RunAsync(On(password), "--local", "--urls", "http://127.0.0.1:0");
        Assert.Equal(CommandLine.Usage, code);
        Assert.Contains(told, said, StringComparison.Ordinal);
        Assert.Contains("HealthGrains__Dashboard__Password", said, StringComparison.Ordinal);
    }

    private static (string, string)[] On(string password) =>
        [("HealthGrains__Dashboard__Enabled", "true"), ("HealthGrains__Dashboard__Password", password)];

    private static async Task<HttpResponseMessage> AskAsync(SiloProcess silo, string path, string? secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (secret is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"operator:{secret}")));
        }
        return await silo.Client.SendAsync(request);
    }
}
