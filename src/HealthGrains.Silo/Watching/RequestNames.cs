using System.Diagnostics;
using OpenTelemetry;

namespace HealthGrains.Silo.Watching;

/// <summary>Names a request's span as OpenTelemetry's conventions do: the method, and the route where it is known.</summary>
internal sealed class RequestNames : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.OperationName != RootSampler.Request || data.GetTagItem("http.request.method") is not string method) return;
        data.DisplayName = data.GetTagItem("http.route") is string route ? $"{method} {route}" : method;
    }
}
