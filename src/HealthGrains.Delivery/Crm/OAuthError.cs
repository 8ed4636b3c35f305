namespace HealthGrains.Delivery;

/// <summary>What a token endpoint refused, as a sentence that says what to do.</summary>
/// <remarks>
/// Source: RFC 6749, section 5.2; help.salesforce.com, OAuth 2.0 Authorization Errors. HubSpot says status (BAD_REFRESH_TOKEN) and message
/// where the others say error and error_description.
/// </remarks>
internal static class OAuthError
{
    private const int LongestQuote = 200;

    public static DeliveryOutcome.Away Of(HttpAnswer answer, bool withRefreshToken, string credentials)
    {
        // Not there, busy or broken: as any other address.
        if (answer.Status is null || (int)answer.Status is 408 or 429 or >= 500 or (>= 300 and < 400))
            return Away(answer.Outcome(null, credentials));
        var error = answer.Field("error", "status") ?? "";
        var said = answer.Field("error_description", "message");
        var quote = string.Join(": ", new[] { error, said }.Where(word => !string.IsNullOrWhiteSpace(word)));
        if (quote.Length > LongestQuote) quote = quote[..LongestQuote] + "...";
        return new DeliveryOutcome.Away(
            $"{answer.Machine} gave no token ({(int)answer.Status}{(quote.Length > 0 ? " " : "")}{quote}): "
            + WhatToDo(error, said ?? "", withRefreshToken, credentials), answer.RetryAfter);
    }

    private static string WhatToDo(
        string error, string said, bool withRefreshToken, string credentials) => error.ToLowerInvariant() switch
    {
        _ when said.Contains("domain", StringComparison.OrdinalIgnoreCase) =>
            "Url or TokenUrl must be your own My Domain address, such as https://example.my.salesforce.com",
        "invalid_client_id" or "bad_client_id" => "correct ClientId",
        "invalid_client" or "bad_client_secret" => "correct ClientId and ClientSecret; a new app is known after some minutes",
        "invalid_grant" or "bad_refresh_token" when withRefreshToken =>
            "the refresh token has ended, was revoked or is another app's: sign in anew, and put the new one into RefreshToken",
        "invalid_grant" => "give the app the user that it runs as (client credentials flow, Run As), and see that this user may use the API",
        "unsupported_grant_type" or "unauthorized_client" =>
            $"allow the app the {(withRefreshToken ? "refresh token" : "client credentials")} flow",
        "invalid_scope" => "give the app the scope api" + (withRefreshToken ? " and refresh_token" : ""),
        "inactive_user" => "activate the user that the app runs as",
        "inactive_org" => "the organisation there is locked or closed; its administrator knows",
        _ => $"correct {credentials}, or TokenUrl",
    };

    private static DeliveryOutcome.Away Away(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.Away away => away,
        DeliveryOutcome.Later later => new DeliveryOutcome.Away(later.Error, later.RetryAfter),
        DeliveryOutcome.Refused refused => new DeliveryOutcome.Away(refused.Error),
        _ => throw new InvalidOperationException($"an error, not {outcome.GetType().Name}"),
    };
}
