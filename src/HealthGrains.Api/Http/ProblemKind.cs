namespace HealthGrains.Api.Http;

/// <summary>A kind of refusal. The type URI and the status never change once published; titles and details may be reworded.</summary>
internal sealed record ProblemKind(string Slug, int Status, string Title)
{
    public static readonly ProblemKind InvalidQuery = new("invalid-query", 400, "The query is not valid");
    public static readonly ProblemKind InvalidBody = new("invalid-body", 400, "The body is not valid");
    public static readonly ProblemKind UnreadableBody = new("unreadable-body", 400, "The body cannot be read");
    public static readonly ProblemKind InvalidHeader = new("invalid-header", 400, "A header is not valid");
    public static readonly ProblemKind BadSignature = new("bad-signature", 401, "The signature does not match");
    public static readonly ProblemKind ForeignHost = new("foreign-host", 403, "The request does not come from this machine");
    public static readonly ProblemKind NotAllowed = new("not-allowed", 403, "This person may not do that");
    public static readonly ProblemKind NotFound = new("not-found", 404, "There is no such thing here");
    public static readonly ProblemKind UnknownRoute = new("unknown-route", 404, "There is no such route");
    public static readonly ProblemKind HookNotConfigured = new("hook-not-configured", 404, "This webhook is not configured");
    public static readonly ProblemKind MethodNotAllowed = new("method-not-allowed", 405, "The route does not offer this method");
    public static readonly ProblemKind InvalidTransition = new("invalid-transition", 409, "The state does not allow this");
    public static readonly ProblemKind KeyInUse = new("idempotency-key-in-use", 409, "The request with this Idempotency-Key still runs");
    public static readonly ProblemKind TooLarge = new("too-large", 413, "The body is too large");
    public static readonly ProblemKind UnsupportedMediaType = new("unsupported-media-type", 415, "This kind of body is not accepted");
    public static readonly ProblemKind KeyReused = new("idempotency-key-reused", 422, "This Idempotency-Key belongs to another request");
    public static readonly ProblemKind Saturated = new("intake-saturated", 429, "Intake is saturated");
    public static readonly ProblemKind Internal = new("internal", 500, "Something went wrong here");
    public static readonly ProblemKind Unavailable = new("unavailable", 503, "The host is not available");
    public static readonly ProblemKind NotReady = new("not-ready", 503, "The host is not ready");

    /// <summary>The value of <c>type</c>.</summary>
    public string Type => "urn:healthgrains:problem:" + Slug;

    /// <summary>The kind for a status that the server itself chose (unknown route, wrong method, a request it could not parse).</summary>
    public static ProblemKind ForStatus(int status) => status switch
    {
        404 => UnknownRoute,
        405 => MethodNotAllowed,
        413 => TooLarge,
        415 => UnsupportedMediaType,
        429 => Saturated,
        503 => Unavailable,
        >= 500 => Internal,
        _ => new ProblemKind("bad-request", status, "The request cannot be served"),
    };
}
