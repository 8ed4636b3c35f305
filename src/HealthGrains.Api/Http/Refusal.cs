using HealthGrains.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Api.Http;

/// <summary>One thing that is wrong with a request; a position where it is one element of many.</summary>
internal readonly record struct FieldError(string Field, string Reason, int? Index = null, int? Line = null);

/// <summary>
/// A request that is not served, and why. Thrown by whatever notices and written in one place, so that every refusal has the
/// same shape.
/// </summary>
internal sealed partial class Refusal(ProblemKind kind, string detail, IReadOnlyList<FieldError>? errors = null, Exception? cause = null)
    : Exception(detail, cause)
{
    public ProblemKind Kind { get; } = kind;

    public IReadOnlyList<FieldError> Errors { get; } = errors ?? [];

    public TimeSpan? RetryAfter { get; init; }

    public static Refusal NoAccount(string id) => new(ProblemKind.NotFound, $"there is no account '{id}'");

    public static Refusal Of(ProblemKind kind, string field, string reason) =>
        new(kind, $"{field}: {reason}", [new FieldError(field, reason)]);

    /// <summary>Several faults at once, so that a caller need not find them one request at a time.</summary>
    public static Refusal Of(ProblemKind kind, IReadOnlyList<FieldError> errors) =>
        new(kind, string.Join("; ", errors.Take(5).Select(e => $"{e.Field}: {e.Reason}")) + (errors.Count > 5 ? "; ..." : ""), errors);

    /// <summary>What the port's exceptions mean over HTTP; null for those that are faults.</summary>
    public static Refusal? From(Exception exception) => exception switch
    {
        Refusal refusal => refusal,
        InvalidQueryException e => new Refusal(ProblemKind.InvalidQuery, e.Message, [new FieldError(e.Field, e.Reason)], e),
        InvalidTransitionException e => new Refusal(ProblemKind.InvalidTransition, e.Message, cause: e),
        IntakeSaturatedException e => new Refusal(ProblemKind.Saturated, e.Message + "; nothing of this request was taken", cause: e)
        {
            RetryAfter = e.RetryAfter,
        },
        HostUnavailableException e => new Refusal(ProblemKind.Unavailable, e.Message, cause: e) { RetryAfter = TimeSpan.FromSeconds(1) },
        BadHttpRequestException e => new Refusal(ProblemKind.ForStatus(e.StatusCode), e.Message, cause: e),
        _ => null,
    };

    /// <summary>A fault of ours: told in full to the log, and to the caller only where to look.</summary>
    public static Refusal Fault(Exception exception, HttpRequest request, ILogger log)
    {
        Failed(log, exception, request.Method, request.Path);
        return new Refusal(ProblemKind.Internal, "the request failed here, not for anything in it; the log has more under the trace id",
            cause: exception);
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private static partial void Failed(ILogger log, Exception exception, string method, string path);
}
