using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Delivery.Tests;

/// <summary>The delivery as an application has it.</summary>
public sealed class ApplicationTests
{
    private readonly MemoryDeliveryStore _store = new();
    private readonly LinesLog _log = new();
    private readonly long _now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task With_nothing_configured_nothing_leaves_and_one_line_says_so()
    {
        using var folder = new Folder();
        using var app = await StartAsync(("Folder", folder.Path));
        Dispatch[] dispatches = [Made.Mail("acme:1", _now), Made.Chat("acme", 2, _now), Made.Notice("acme:3", _now)];
        _store.Add(dispatches);
        foreach (var dispatch in dispatches) app.Services.GetRequiredService<DeliveryBell>().Ring(dispatch.Receiver);
        var sink = app.Services.GetRequiredService<LocalSink>();
        await Wait.Until(() => sink.Kept.Count == 3 && State(DeliveryState.Delivered) == 3, "all three are kept");
        await app.StopAsync();

        Assert.Equal(3, sink.Taken);
        Assert.Equal(dispatches.Select(one => one.Body.GetType()), sink.Kept.OrderBy(one => one.Id).Select(one => one.Body.GetType()));
        var files = Directory.GetFiles(folder.Path).Select(Path.GetFileName).Select(name => name![16..]).Order(StringComparer.Ordinal);
        Assert.Equal(["chat-acme=2.json", "email-acme=1.eml", "hook-acme=3.json"], files);
        var letter = await MimeKit.MimeMessage.LoadAsync(Directory.GetFiles(folder.Path, "*.eml")[0]);
        Assert.Equal(("Hello", "pat@customer.example"), (letter.Subject, letter.To.Mailboxes.Single().Address));
        Assert.Equal([$"The local sink sends nothing; what would have gone out is in {Path.GetFullPath(folder.Path)}"], _log.Seen);
        Assert.All((await _store.ListAsync(new DeliveryQuery(), default)).Items, row => Assert.Equal("the local sink (not sent)", row.DeliveredTo));
    }

    [Fact]
    public async Task A_demo_sends_nothing_whatever_the_settings_say()
    {
        await using var server = await WebServer.StartAsync();
        using var app = await StartAsync(localOnly: true, ("Receivers:chat:Kind", "chat"), ("Receivers:chat:Url", server.Url));
        _store.Add(Made.Chat("acme", 1, _now));
        app.Services.GetRequiredService<DeliveryBell>().Ring(ReceiverKeys.Chat);
        await Wait.Until(() => State(DeliveryState.Delivered) == 1, "it is kept");
        await app.StopAsync();
        Assert.Empty(server.Came);
        Assert.Single(app.Services.GetRequiredService<LocalSink>().Kept);
    }

    [Theory]
    [InlineData(true, DeliveryState.Delivered)]
    [InlineData(false, DeliveryState.Dead)]
    public async Task A_demo_whose_clock_runs_through_weeks_in_seconds_gives_nothing_up_for_that(bool isDemo, DeliveryState then)
    {
        using var app = await StartAsync(isDemo);
        _store.Add(Made.Chat("acme", 1, _now - 10 * 86_400_000L));
        app.Services.GetRequiredService<DeliveryBell>().Ring(ReceiverKeys.Chat);
        await Wait.Until(() => State(DeliveryState.Pending) == 0, "it is settled");
        Assert.Equal(1, State(then));
    }

    [Fact]
    public async Task No_secret_is_in_a_log_or_in_the_store_even_when_the_other_side_repeats_it()
    {
        string[] secrets = ["pat-secret-token", "open-sesame-1", "XXhookpathXX", Settings.Secret];
        await using var server = await WebServer.StartAsync();
        await using var mail = new MailServer();
        server.Answer = came => (400, $"bad: {string.Join(' ', came.Headers.Values)} {came.Path} {string.Join(' ', secrets)}");
        mail.Answer = line => line.StartsWith("AUTH", StringComparison.Ordinal) ? "535 no, not with open-sesame-1" : null;
        using var app = await StartAsync(
            ("Receivers:crm:Kind", "hubspot"), ("Receivers:crm:Url", server.Url), ("Receivers:crm:Token", secrets[0]),
            ("Receivers:crm:AccountFields:score", "health_score"),
            ("Receivers:email:Kind", "smtp"), ("Receivers:email:Host", "127.0.0.1"), ("Receivers:email:Port", $"{mail.Port}"),
            ("Receivers:email:Security", "none"), ("Receivers:email:From", "hello@us.example"), ("Receivers:email:User", "jo"),
            ("Receivers:email:Password", secrets[1]),
            ("Receivers:chat:Kind", "chat"), ("Receivers:chat:Url", $"{server.Url}/services/{secrets[2]}"),
            ("Receivers:hook:Kind", "webhook"), ("Receivers:hook:Url", server.Url), ("Receivers:hook:Secret", secrets[3]));
        _store.Add(Made.Crm("acme:1", _now, CrmKind.Account, new() { ["score"] = 1 }), Made.Mail("acme:2", _now), Made.Chat("acme", 3, _now), Made.Notice("acme:4", _now));
        foreach (var key in (string[])["crm", "email", "chat", "hook"]) app.Services.GetRequiredService<DeliveryBell>().Ring(key);
        await Wait.Until(() => State(DeliveryState.Dead) == 3 && _log.Seen.Any(line => line.StartsWith("email (smtp 127.0.0.1) is away", StringComparison.Ordinal)),
            "three are refused and the mail server does not let us in");
        await app.StopAsync();
        var rows = (await _store.ListAsync(new DeliveryQuery(), default)).Items;
        Assert.Contains(rows, row => row.Error?.Contains("***", StringComparison.Ordinal) == true);
        foreach (var secret in secrets)
        {
            Assert.All(_log.All, line => Assert.DoesNotContain(secret, line, StringComparison.Ordinal));
            Assert.All(rows, row => Assert.DoesNotContain(secret, $"{row.Error} {row.DeliveredTo}", StringComparison.Ordinal));
        }
        Assert.All(_log.All, line => Assert.DoesNotContain("pat@customer.example", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Figures_say_what_was_tried_and_what_waits()
    {
        await using var server = await WebServer.StartAsync();
        server.Answer = came => came.Text.Contains("about bad", StringComparison.Ordinal) ? (422, "no") : (200, "ok");
        var figures = new Dictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, one) =>
            {
                if (instrument.Meter.Name == DeliveryFigures.MeterName) one.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.Start();
        _store.Add(Made.Chat("good", 1, _now, "only-here"), Made.Chat("good", 2, _now, "only-here"), Made.Chat("bad", 1, _now, "only-here"));
        _store.Add(Made.Chat("good", 3, _now + 3_600_000, "only-here"));
        using var app = await StartAsync(("Receivers:only-here:Kind", "chat"), ("Receivers:only-here:Url", server.Url));
        await Wait.Until(() => State(DeliveryState.Delivered) == 2 && State(DeliveryState.Dead) == 1, "two arrive and one is refused");
        listener.RecordObservableInstruments();
        await app.StopAsync();
        lock (figures)
        {
            Assert.Equal(2, figures["healthgrains.delivery.attempts only-here delivered"]);
            Assert.Equal(1, figures["healthgrains.delivery.attempts only-here refused"]);
            Assert.Equal(1, figures["healthgrains.delivery.given_up only-here"]);
            Assert.Equal(0, figures["healthgrains.delivery.away only-here"]);
            Assert.True(figures.ContainsKey("healthgrains.delivery.delay only-here"));
        }

        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var name = instrument.Name;
            foreach (var tag in tags) name += $" {tag.Value}";
            // Meters of tests beside this one have receivers of their own.
            lock (figures) figures[name] = instrument.IsObservable ? value : figures.GetValueOrDefault(name) + value;
        }
    }

    [Fact]
    public void Settings_that_cannot_be_end_the_start() => Assert.Throws<DeliverySetupException>(
        () => new ServiceCollection().AddHealthGrainsDelivery(Settings.Of(("Receivers:email:Kind", "fax"))));

    private int State(DeliveryState state) => _store.ListAsync(new DeliveryQuery(state, Limit: 1), default).AsTask().Result.Total;

    private Task<IHost> StartAsync(params (string Name, string? Value)[] settings) => StartAsync(false, settings);

    private async Task<IHost> StartAsync(bool localOnly, params (string Name, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(LogLevel.Trace);
        builder.Logging.AddProvider(_log);
        builder.Logging.AddFilter("Microsoft", LogLevel.None);
        builder.Services.AddSingleton<IDeliveryStore>(_store);
        builder.Services.AddHealthGrainsDelivery(Settings.Of(settings), localOnly);
        var app = builder.Build();
        await app.StartAsync();
        return app;
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("healthgrains-sink-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
