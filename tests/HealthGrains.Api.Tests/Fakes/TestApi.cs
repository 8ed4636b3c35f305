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

namespace HealthGrains.Api.Tests;

/// <summary>The API over a fake host, in memory.</summary>
internal sealed class TestApi : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestApi(WebApplication app, FakeHost host, ManualTime time)
    {
        (_app, Host, Time) = (app, host, time);
        Client = app.GetTestClient();
    }

    public FakeHost Host { get; }

    /// <summary>The API's own clock, for streams and kept answers.</summary>
    public ManualTime Time { get; }

    public HttpClient Client { get; }

    public static async Task<TestApi> StartAsync(string environment = "Production", params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        var host = new FakeHost();
        var time = new ManualTime(FakeHost.Start);
        builder.Services.AddSingleton<IHealthGrains>(host);
        builder.Services.AddKeyedSingleton<TimeProvider>(HealthGrainsApi.ClockKey, time);
        builder.Services.AddHealthGrainsApi();
        var app = builder.Build();
        app.MapHealthGrainsApi();
        await app.StartAsync();
        return new TestApi(app, host, time);
    }

    public Task<HttpResponseMessage> GetAsync(string url, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, url, null, headers);

    public Task<HttpResponseMessage> PostAsync(string url, string? json = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, url, json is null ? null : Content(json), headers);

    public Task<HttpResponseMessage> PutAsync(string url, string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Put, url, Content(json), headers);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string url, HttpContent? content, params (string Name, string Value)[] headers)
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
        Client.Dispose();
        await _app.DisposeAsync();
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
        if (field is not null) Assert.Contains(problem.GetProperty("errors").EnumerateArray(), e => e.GetProperty("field").GetString() == field);
        return problem;
    }

    public static string Detail(this JsonElement problem) => problem.GetProperty("detail").GetString()!;

    public static int Int(this JsonElement json, string name) => json.GetProperty(name).GetInt32();

    public static string? Str(this JsonElement json, string name) => json.GetProperty(name).GetString();
}
