namespace HealthGrains.Api.Tests;

public sealed class HeadTests
{
    [Theory]
    [InlineData("/v1/accounts/acme", 200)]
    [InlineData("/v1/accounts", 200)]
    [InlineData("/health/ready", 200)]
    [InlineData("/", 200)]
    [InlineData("/v1/accounts/nobody", 404)]
    [InlineData("/v1/accounts?limit=0", 400)]
    [InlineData("/v1/nothing", 404)]
    public async Task Head_answers_as_get_does_but_for_the_body(string url, int status)
    {
        await using var api = await TestApi.StartAsync();
        await (await api.PutAsync("/v1/accounts/acme", "{}")).JsonAsync(201);
        var get = await api.GetAsync(url);
        var head = await api.SendAsync(HttpMethod.Head, url, null);
        Assert.Equal((status, status), ((int)get.StatusCode, (int)head.StatusCode));
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Head_of_what_is_still_the_same_is_not_modified()
    {
        await using var api = await TestApi.StartAsync();
        await (await api.PutAsync("/v1/accounts/acme", "{}")).JsonAsync(201);
        var tag = (await api.GetAsync("/v1/accounts/acme")).Headers.ETag!.ToString();
        Assert.Equal(304, (int)(await api.SendAsync(HttpMethod.Head, "/v1/accounts/acme", null, ("If-None-Match", tag))).StatusCode);
    }

    [Fact]
    public async Task The_stream_has_no_head()
    {
        await using var api = await TestApi.StartAsync();
        Assert.Equal(405, (int)(await api.SendAsync(HttpMethod.Head, "/v1/stream", null)).StatusCode);
    }
}
