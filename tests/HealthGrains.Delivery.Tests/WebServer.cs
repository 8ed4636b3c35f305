using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Delivery.Tests;

/// <summary>What came to a test's web server.</summary>
internal sealed record Came(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>A web server on this machine that answers as a test tells it to.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Came> _came = [];

    private WebServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public IReadOnlyList<Came> Came => [.. _came];

    /// <summary>Answers with a status and a body.</summary>
    public Func<Came, (int Status, string Body)> Answer { get; set; } = _ => (200, "ok");

    /// <summary>Headers of every answer.</summary>
    public Dictionary<string, string> Headers { get; } = [];

    public static async Task<WebServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new WebServer(app);
        app.Run(server.HandleAsync);
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var came = new Came(context.Request.Method, context.Request.Path, context.Request.QueryString.Value ?? "",
            context.Request.Headers.ToDictionary(one => one.Key, one => one.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray());
        _came.Enqueue(came);
        var (status, text) = Answer(came);
        context.Response.StatusCode = status;
        foreach (var (name, value) in Headers) context.Response.Headers[name] = value;
        if (text.Length > 0) await context.Response.WriteAsync(text);
    }
}
