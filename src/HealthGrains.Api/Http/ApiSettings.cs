using Microsoft.Extensions.Configuration;

namespace HealthGrains.Api.Http;

/// <summary>What the API takes from configuration.</summary>
/// <param name="StripeSecret">Signing secret of Stripe's webhook; null when none is configured.</param>
/// <param name="LocalOnly">Whether only requests that name this machine are served. On until credentials exist.</param>
internal sealed record ApiSettings(string? StripeSecret, bool LocalOnly)
{
    public const string StripeKey = "HealthGrains:Hooks:Stripe:Secret";

    public const string LocalOnlyKey = "HealthGrains:Api:LocalOnly";

    public static ApiSettings From(IConfiguration configuration) => new(
        string.IsNullOrWhiteSpace(configuration[StripeKey]) ? null : configuration[StripeKey],
        !string.Equals(configuration[LocalOnlyKey], "false", StringComparison.OrdinalIgnoreCase));
}
