using System.Globalization;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Trace;

namespace HealthGrains.Silo.Watching;

/// <summary>What of OpenTelemetry is on, from its own standard variables: an endpoint turns it on, and there is no other switch.</summary>
/// <param name="Traces">Whether spans are sent.</param>
/// <param name="Metrics">Whether metrics are sent.</param>
internal sealed record TelemetrySettings(bool Traces, bool Metrics)
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Reads them. Throws <see cref="Refusal"/> for what cannot be.</summary>
    public static TelemetrySettings From(IConfiguration configuration)
    {
        if (string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase)) return new(false, false);
        var settings = new TelemetrySettings(IsOn(configuration, "TRACES"), IsOn(configuration, "METRICS"));
        if (settings.Traces) _ = SamplerOf(configuration);
        return settings;
    }

    /// <summary>What decides which traces are recorded, as <c>OTEL_TRACES_SAMPLER</c> says it.</summary>
    public static Sampler SamplerOf(IConfiguration configuration)
    {
        var named = configuration["OTEL_TRACES_SAMPLER"]?.Trim();
        return (string.IsNullOrEmpty(named) ? "parentbased_always_on" : named) switch
        {
            "always_on" => new AlwaysOnSampler(),
            "always_off" => new AlwaysOffSampler(),
            "traceidratio" => new TraceIdRatioBasedSampler(Ratio(configuration)),
            "parentbased_always_on" => new ParentBasedSampler(new AlwaysOnSampler()),
            "parentbased_always_off" => new ParentBasedSampler(new AlwaysOffSampler()),
            "parentbased_traceidratio" => new ParentBasedSampler(new TraceIdRatioBasedSampler(Ratio(configuration))),
            _ => throw new Refusal(
                $"OTEL_TRACES_SAMPLER is '{named}'; known are always_on, always_off, traceidratio and each of them after parentbased_",
                CommandLine.Usage),
        };
    }

    private static double Ratio(IConfiguration configuration)
    {
        var given = configuration["OTEL_TRACES_SAMPLER_ARG"];
        if (string.IsNullOrWhiteSpace(given)) return 1;
        if (double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1) return ratio;
        throw new Refusal($"OTEL_TRACES_SAMPLER_ARG is '{given}'; it is the share of traces to keep, from 0 to 1", CommandLine.Usage);
    }

    private static bool IsOn(IConfiguration configuration, string signal)
    {
        if (string.Equals(configuration[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase)) return false;
        var own = Endpoint.Replace("OTLP", $"OTLP_{signal}", StringComparison.Ordinal);
        foreach (var name in (string[])[own, Endpoint])
        {
            var given = configuration[name];
            if (string.IsNullOrWhiteSpace(given)) continue;
            if (Uri.TryCreate(given, UriKind.Absolute, out var address) && address.Scheme is "http" or "https") return true;
            throw new Refusal($"{name} is '{given}'; it is the collector's address, such as http://collector:4317", CommandLine.Usage);
        }
        return false;
    }
}
