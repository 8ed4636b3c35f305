using HealthGrains.Api;
using HealthGrains.Assistant;
using HealthGrains.Cli.Output;
using HealthGrains.Delivery;
using HealthGrains.Embedded;
using HealthGrains.Embedded.Storage;
using HealthGrains.Plays;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Cli;

/// <summary>The embedded host and the API in one process, as <c>serve</c>, <c>demo</c> and <c>bench</c> run them.</summary>
internal sealed class Server : IAsyncDisposable
{
    public const string DefaultUrl = "http://127.0.0.1:5080";

    private readonly WebApplication _app;

    private Server(WebApplication app) => _app = app;

    public EmbeddedHost Host => _app.Services.GetRequiredService<EmbeddedHost>();

    /// <summary>The first address that it listens on, with the port that it was given.</summary>
    public string Address => _app.Urls.First().TrimEnd('/');

    /// <summary>Cancelled when the application stops by itself, because it could not store or was asked to by a signal.</summary>
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    /// <summary>Opens the data and listens. Throws <see cref="Refusal"/> where either cannot be had.</summary>
    /// <param name="terminal">Where people read.</param>
    /// <param name="urls">Addresses.</param>
    /// <param name="configure">The host's settings.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <param name="quiet">Whether the log has warnings alone.</param>
    /// <param name="practice">The folder that the practice is kept in; null for the one beside the data.</param>
    /// <param name="sendsNothing">Whether nothing leaves the house, as in the demo: it goes into a folder beside the data.</param>
    public static async Task<Server> StartAsync(
        Terminal terminal, string urls, Action<EmbeddedOptions> configure, CancellationToken cancellationToken, bool quiet = false,
        string? practice = null, bool sendsNothing = false)
    {
        var addresses = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        if (Check(addresses, builder.Configuration) is { } warning) terminal.Say($"warning: {warning}");
        builder.WebHost.UseUrls(addresses);
        Log(builder.Logging, terminal, quiet);
        WebApplication? app = null;
        try
        {
            var writer = new HandlebarsWriter();
            var directory = "";
            builder.Services.AddEmbeddedHost(options =>
            {
                options.Writer = writer;
                options.Practice = DefaultPractice.Book(writer);
                options.Retention = Kept(builder.Configuration);
                configure(options);
                directory = options.DataDirectory;
            });
            builder.Services.AddHealthGrainsApi();
            builder.Services.AddPracticeWatch(practice ?? Path.Combine(directory, "practice"), isOptional: practice is null);
            if (sendsNothing) builder.Configuration["HealthGrains:Delivery:Folder"] ??= Path.Combine(directory, "outbox");
            builder.Services.AddHealthGrainsDelivery(builder.Configuration, localOnly: sendsNothing);
            app = builder.Build();
            app.MapHealthGrainsApi();
            await app.StartAsync(cancellationToken);
            return new Server(app);
        }
        catch (Exception error) when (error is IOException or StorageException or ArgumentException or UnauthorizedAccessException
            or DeliverySetupException)
        {
            if (app is not null) await app.DisposeAsync();
            throw new Refusal(Explain(error, urls));
        }
    }

    /// <summary>Stops taking, stores what was taken, and closes.</summary>
    public async Task StopAsync()
    {
        // A watcher of the stream would hold the server open for ever; the host's own work is not cut short by this.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        await _app.StopAsync(deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>How long what is over stays in lists: section <c>HealthGrains:Retention</c>.</summary>
    internal static Retention Kept(IConfiguration configuration)
    {
        const string section = "HealthGrains:Retention";
        try
        {
            return configuration.GetSection(section).Get<Retention>() ?? Retention.Default;
        }
        catch (InvalidOperationException failure)
        {
            throw new ArgumentException($"{section} cannot be read: {failure.InnerException?.Message ?? failure.Message}", failure);
        }
    }

    private static string? Check(string[] addresses, IConfiguration configuration)
    {
        if (addresses.Length == 0) throw new Refusal($"--urls names no address; try --urls {DefaultUrl}", CommandLine.Usage);
        foreach (var address in addresses)
            if (!Uri.TryCreate(address.Replace("//*", "//0.0.0.0", StringComparison.Ordinal)
                .Replace("//+", "//0.0.0.0", StringComparison.Ordinal),
                    UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                throw new Refusal($"--urls {address} is no address to listen on; try --urls {DefaultUrl}", CommandLine.Usage);
        try
        {
            return LoopbackGuard.Check(addresses, configuration);
        }
        catch (InvalidOperationException refused)
        {
            throw new Refusal(refused.Message, CommandLine.Usage);
        }
    }

    private static void Log(ILoggingBuilder logging, Terminal terminal, bool quiet)
    {
        logging.ClearProviders();
        logging.AddProvider(new LineLog(terminal.Error));
        logging.SetMinimumLevel(quiet ? LogLevel.Warning : LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        // Kestrel tells of a taken port by throwing; the stack trace in the log would only bury the sentence.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }

    private static string Explain(Exception error, string urls) =>
        error is IOException && error.Message.StartsWith("Failed to bind", StringComparison.Ordinal)
            ? $"{urls} is in use by another program; stop it, or choose another port with --urls http://127.0.0.1:5081"
            : error.Message;
}
