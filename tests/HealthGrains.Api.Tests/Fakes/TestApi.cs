using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using HealthGrains.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Api.Tests.Fakes;

/// <summary>
/// The API over a fake host, in memory. A server is used by one test after another, each with a host of its own: starting one
/// costs more than most tests do.
/// </summary>
internal sealed class TestApi : IAsyncDisposable
{
    private static readonly ConcurrentBag<TestApi> Idle = [];

    private readonly WebApplication _app;
    private readonly bool _reusable;

    private TestApi(string environment, (string Key, string Value)[] settings, bool reusable)
    {
        _reusable = reusable;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            EnvironmentName = environment,
            Args = ["--hostBuilder:reloadConfigOnChange=false"], // a watcher of files per server is slow, and watchers run out
        });
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        builder.Services.AddTransient<IHealthGrains>(_ => Host);
        builder.Services.AddKeyedSingleton<TimeProvider>(HealthGrainsApi.ClockKey, Time);
        builder.Services.AddHealthGrainsApi();
        _app = builder.Build();
        _app.MapHealthGrainsApi();
        Client = null!;
    }

    public FakeHost Host { get; private set; } = new();

    /// <summary>The API's own clock, for streams and kept answers.</summary>
    public ManualTime Time { get; } = new(FakeHost.Start);

    public HttpClient Client { get; private set; }

    /// <summary>A server that other tests use before and after.</summary>
    public static async Task<TestApi> StartAsync()
    {
        if (!Idle.TryTake(out var api)) return await new TestApi("Production", [], reusable: true).RunAsync();
        api.Host = new FakeHost();
        api.Time.Advance(TimeSpan.FromHours(25)); // no answer is kept that long
        return api;
    }

    /// <summary>A server for one test.</summary>
    public static Task<TestApi> StartAloneAsync(string environment = "Production", params (string Key, string Value)[] settings) =>
        new TestApi(environment, settings, reusable: false).RunAsync();

    public Task<HttpResponseMessage> GetAsync(string url, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, url, null, headers);

    public Task<HttpResponseMessage> PostAsync(string url, string? json = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, url, json is null ? null : Content(json), headers);

    public Task<HttpResponseMessage> PutAsync(string url, string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Put, url, Content(json), headers);

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string url, HttpContent? content, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, url) { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request);
    }

    public static HttpContent Content(string text, string? type = "application/json") => Content(Encoding.UTF8.GetBytes(text), type);

    public static HttpContent Content(byte[] bytes, string? type = "application/json", string? encoding = null)
    {
        var content = new ByteArrayContent(bytes);
        if (type is not null) content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (encoding is not null) content.Headers.ContentEncoding.Add(encoding);
        return content;
    }

    public async ValueTask DisposeAsync()
    {
        if (_reusable)
        {
            Idle.Add(this);
            return;
        }
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private async Task<TestApi> RunAsync()
    {
        await _app.StartAsync();
        Client = _app.GetTestClient();
        return this;
    }
}

internal static class Responses
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response, int status = 200)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Checks that the answer is a problem of this kind, and gives it.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage response, int status, string slug, string? field = null)
    {
        var problem = await response.JsonAsync(status);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("urn:healthgrains:problem:" + slug, problem.GetProperty("type").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.GetProperty("title").GetString());
        Assert.NotEqual("", problem.GetProperty("detail").GetString());
        Assert.NotEqual("", problem.GetProperty("traceId").GetString());
        if (field is not null)
            Assert.Contains(problem.GetProperty("errors").EnumerateArray(), e => e.GetProperty("field").GetString() == field);
        return problem;
    }

    public static string Detail(this JsonElement problem) => problem.GetProperty("detail").GetString()!;

    public static int Int(this JsonElement json, string name) => json.GetProperty(name).GetInt32();

    public static string? Str(this JsonElement json, string name) => json.GetProperty(name).GetString();
}
