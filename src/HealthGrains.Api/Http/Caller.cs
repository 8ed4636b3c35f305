using Microsoft.AspNetCore.Http;

namespace HealthGrains.Api.Http;

/// <summary>Who asks, for the audit. Without credentials it is whoever sits at this machine, by the name they give.</summary>
internal static class Caller
{
    public const string Header = "X-HealthGrains-Actor";
    private const int MaxLength = 128;

    public static string Of(HttpContext http)
    {
        var name = http.Request.Headers[Header].ToString().Trim();
        if (name.Length == 0) return "local";
        if (name.Length <= MaxLength && !name.Any(char.IsControl)) return name;
        throw Refusal.Of(ProblemKind.InvalidHeader, Header, $"a name is at most {MaxLength} characters, none of them control characters");
    }
}
