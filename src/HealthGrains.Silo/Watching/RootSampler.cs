using OpenTelemetry.Trace;

namespace HealthGrains.Silo.Watching;

/// <summary>
/// A trace begins with a request, a batch of the log, a sweep or an alert, and with nothing else. A call between grains or a statement
/// of SQL without a recorded caller would otherwise be a trace of its own, tens of thousands a second; probes would be one each.
/// </summary>
internal sealed class RootSampler(Sampler chosen) : Sampler
{
    /// <summary>What ASP.NET Core calls a request.</summary>
    public const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    private const string Own = "healthgrains.";

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        if (samplingParameters.ParentContext.TraceId == default && !MayBegin(samplingParameters))
            return new SamplingResult(SamplingDecision.Drop);
        return chosen.ShouldSample(samplingParameters);
    }

    private static bool MayBegin(in SamplingParameters asked)
    {
        if (asked.Name.StartsWith(Own, StringComparison.Ordinal)) return true;
        if (asked.Name != Request) return false;
        foreach (var (name, value) in asked.Tags ?? [])
            if (name == "url.path" && value is string path && IsProbe(path)) return false;
        return true;
    }

    private static bool IsProbe(string path) =>
        path.StartsWith("/health/", StringComparison.Ordinal) || path is "/metrics";
}
