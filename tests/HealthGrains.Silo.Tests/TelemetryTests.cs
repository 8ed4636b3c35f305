using System.Globalization;
using System.Text;

namespace HealthGrains.Silo.Tests;

/// <summary>What arrives at a collector, from a silo that was told nothing but OpenTelemetry's own variables.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Figures_and_the_way_of_a_signal_to_its_alert_arrive_at_the_collector()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var silo = await SiloProcess.StartAsync(
            [.. collector.Environment(), ("OTEL_SERVICE_NAME", "ours"), ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test")]);

        await CancelAsync(silo);
        // The request's own span ends last, and may come with a later message.
        await collector.UntilAsync(
            () => collector.Spans.Where(span => span.Name == "healthgrains.alert")
                .Any(raised => collector.Spans.Any(span => span.Trace == raised.Trace && span.Parent.Length == 0)),
            "an alert's span and its request's");
        // What the operators' board takes from others is there too, by that name, unit and kind. A request's time is known when it has
        // ended.
        await collector.UntilAsync(
            () => !EmittedMetrics.Foreign.Except(collector.Metrics).Any(), $"each of {string.Join(", ", EmittedMetrics.Foreign)}");
        await collector.UntilAsync(
            () => new[] { "healthgrains.signals", "healthgrains.alerts", "healthgrains.signal.visible", "healthgrains.sweep.behind" }
                .Except(collector.Metrics.Select(metric => metric.Name)).Any() is false, "the figures");

        var spans = collector.Spans;
        var alert = spans.First(span => span.Name == "healthgrains.alert");
        var way = WayTo(alert, spans);
        Assert.StartsWith("POST", way[0].Name, StringComparison.Ordinal);
        Assert.Equal("", way[0].Parent);
        Assert.Contains(way, span => span.Scope == "Microsoft.Orleans.Application" && span.Name.EndsWith("/TakeAsync", StringComparison.Ordinal));
        Assert.Contains(spans, span => span.Name == "healthgrains.write" && span.Trace == alert.Trace);
        Assert.Contains("service.name=ours", collector.Resource);
        Assert.Contains("deployment.environment=test", collector.Resource);
        Assert.Contains(collector.Resource, attribute => attribute.StartsWith("service.instance.id=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_accounts_in_one_batch_make_a_few_spans_and_no_probe_and_no_call_between_grains_begins_a_trace()
    {
        const int accounts = 300;
        await using var collector = await OtlpReceiver.StartAsync();
        await using var silo = await SiloProcess.StartAsync(collector.Environment());

        Assert.True((await silo.Client.GetAsync("health/ready")).IsSuccessStatusCode);
        var batch = new StringBuilder();
        for (var i = 0; i < accounts; i++)
            batch.Append(CultureInfo.InvariantCulture, $$"""{"id":"{{i}}","account":"a-{{i}}","source":"usage","kind":"login"}""").Append('\n');
        await SignalAsync(silo, batch.ToString(), "application/x-ndjson");
        // When a later request is seen, all of the earlier one is.
        await SignalAsync(silo, """{"id":"x","account":"last","source":"usage","kind":"login"}""");
        await collector.UntilAsync(() => collector.Spans.Count(span => span.Parent.Length == 0 && span.Name.StartsWith("POST", StringComparison.Ordinal)) == 2, "both requests");

        var spans = collector.Spans;
        Assert.InRange(spans.Count(span => span.Name.EndsWith("/TakeAsync", StringComparison.Ordinal)), 3, 12);
        Assert.DoesNotContain(spans, span => span.Name.Contains("/health", StringComparison.Ordinal));
        Assert.All(spans.Where(span => span.Parent.Length == 0), root => Assert.True(
            root.Name.StartsWith("healthgrains.", StringComparison.Ordinal) || root.Scope == "Microsoft.AspNetCore", $"{root} begins a trace"));
    }

    [Fact]
    public async Task A_sampler_of_none_sends_figures_alone()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var silo = await SiloProcess.StartAsync([.. collector.Environment(), ("OTEL_TRACES_SAMPLER", "always_off")]);

        await CancelAsync(silo);
        await collector.UntilAsync(() => collector.Metrics.Any(metric => metric.Name == "healthgrains.alerts"), "the figures");

        Assert.Empty(collector.Spans);
    }

    [Theory]
    [InlineData("OTEL_TRACES_SAMPLER", "half", "known are always_on")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector", "such as http://collector:4317")]
    public async Task A_variable_that_cannot_be_is_told_at_start(string name, string value, string told)
    {
        (string, string)[] environment = [("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"), (name, value)];
        var (code, said) = await SiloProcess.RunAsync(environment, "--local", "--urls", "http://127.0.0.1:0");
        Assert.Equal(CommandLine.Usage, code);
        Assert.Contains($"{name} is '{value}'", said, StringComparison.Ordinal);
        Assert.Contains(told, said, StringComparison.Ordinal);
    }

    /// <summary>The spans from the beginning of a trace to one of it.</summary>
    private static List<SentSpan> WayTo(SentSpan span, IReadOnlyList<SentSpan> all)
    {
        var way = new List<SentSpan> { span };
        while (way[0].Parent.Length > 0)
        {
            var parent = all.FirstOrDefault(one => one.Trace == way[0].Trace && one.Id == way[0].Parent);
            Assert.True(parent is not null, $"the span above {way[0]} is not here: {string.Join('\n', all)}");
            way.Insert(0, parent);
        }
        return way;
    }

    /// <summary>An account that was used for weeks asks to cancel: so much is known of it that an alert is raised.</summary>
    private static Task CancelAsync(SiloProcess silo)
    {
        var now = TimeProvider.System.GetUtcNow();
        var lines = new StringBuilder();
        for (var day = 1; day <= 30; day++)
        {
            lines.Append(CultureInfo.InvariantCulture,
                $$"""{"id":"{{day}}","account":"acme","source":"usage","kind":"login","subject":"u-{{day % 3}}","at":"{{now.AddDays(-day):O}}"}""").Append('\n');
        }
        lines.Append("""{"id":"c","account":"acme","source":"billing","kind":"cancelRequested"}""").Append('\n');
        return SignalAsync(silo, lines.ToString(), "application/x-ndjson");
    }

    private static async Task SignalAsync(SiloProcess silo, string body, string type = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        var answer = await silo.Client.PostAsync("v1/signals", content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
