using System.Net;
using System.Text.RegularExpressions;

namespace HealthGrains.Dashboard.Tests;

/// <summary>How the dashboard is handed out.</summary>
[NeedsBrowser]
public sealed partial class ServingTests
{
    private const int BundleLimit = 150 * 1024;

    [Theory]
    [InlineData("/")]
    [InlineData("/accounts/acme")]
    [InlineData("/alerts?owner=dana")]
    [InlineData("/day?owner=dana")]
    [InlineData("/review")]
    [InlineData("/team")]
    [InlineData("/deliveries")]
    [InlineData("/handover")]
    public async Task A_browser_is_given_the_page_at_each_of_its_addresses_and_it_may_load_from_here_alone(string path)
    {
        await using var server = await LiveServer.StartEmptyAsync();
        using var client = Client(server, "text/html");

        using var answer = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("no-cache", answer.Headers.CacheControl?.ToString());
        Assert.DoesNotContain("<script>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_no_browser_is_told_where_to_look_first()
    {
        await using var server = await LiveServer.StartEmptyAsync();
        using var client = Client(server, "*/*");

        using var answer = await client.GetAsync("/");

        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task What_the_page_loads_is_packed_kept_for_ever_and_small()
    {
        await using var server = await LiveServer.StartEmptyAsync();
        using var client = Client(server, "text/html");
        client.DefaultRequestHeaders.Add("Accept-Encoding", "gzip");
        using var page = Client(server, "text/html");
        var paths = Asset().Matches(await page.GetStringAsync("/")).Select(match => match.Value).Distinct().ToList();
        Assert.Contains(paths, path => path.EndsWith(".js", StringComparison.Ordinal));
        Assert.Contains(paths, path => path.EndsWith(".css", StringComparison.Ordinal));

        long bytes = 0;
        foreach (var path in paths)
        {
            using var answer = await client.GetAsync(path);
            Assert.Equal("gzip", Assert.Single(answer.Content.Headers.ContentEncoding));
            Assert.Equal("public, max-age=31536000, immutable", answer.Headers.CacheControl?.ToString());
            bytes += answer.Content.Headers.ContentLength!.Value;
        }

        Assert.InRange(bytes, 1, BundleLimit);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_a_problem_and_not_the_page()
    {
        await using var server = await LiveServer.StartEmptyAsync();
        using var client = Client(server, "text/html");

        using var answer = await client.GetAsync("/assets/nothing.js");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    private static HttpClient Client(LiveServer server, string accept)
    {
        var client = new HttpClient { BaseAddress = new Uri(server.Address) };
        client.DefaultRequestHeaders.Add("Accept", accept);
        return client;
    }

    [GeneratedRegex("/assets/[^\"']+")]
    private static partial Regex Asset();
}
