using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HealthGrains.Intake;

/// <summary>
/// The <c>Stripe-Signature</c> header: <c>t=</c> Unix seconds, and one or more <c>v1=</c>, each the HMAC-SHA256 of
/// <c>t.payload</c> in hexadecimal. Source: Stripe, "Verify webhook signatures manually".
/// </summary>
public static class StripeSignature
{
    /// <summary>Stripe's own tolerance of the signature's age.</summary>
    public static readonly TimeSpan DefaultTolerance = TimeSpan.FromMinutes(5);

    private const int HashBytes = 32;

    /// <summary>
    /// Whether the payload was signed with the secret, no longer ago (or ahead) than the tolerance. Compares in constant time.
    /// </summary>
    /// <param name="header">The header's value; null or anything else that is none is false.</param>
    /// <param name="payload">The body as it came.</param>
    /// <param name="secret">The endpoint's secret, <c>whsec_...</c> as Stripe shows it.</param>
    /// <param name="now">The time.</param>
    /// <param name="tolerance">How old the signature may be.</param>
    public static bool Verify(string? header, ReadOnlySpan<byte> payload, string secret, DateTimeOffset now, TimeSpan tolerance)
    {
        if (string.IsNullOrEmpty(header) || string.IsNullOrEmpty(secret)) return false;
        string? time = null;
        var signatures = new List<string>();
        foreach (var part in header.Split(','))
        {
            var (name, value) = part.IndexOf('=') is var at and > 0 ? (part[..at].Trim(), part[(at + 1)..].Trim()) : ("", "");
            if (name == "t") time = value;
            else if (name == "v1") signatures.Add(value);
        }
        if (!long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (Math.Abs((double)now.ToUnixTimeSeconds() - seconds) > tolerance.TotalSeconds) return false;

        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.ASCII.GetBytes(time + "."));
        hmac.AppendData(payload);
        Span<byte> expected = stackalloc byte[HashBytes];
        hmac.GetHashAndReset(expected);

        var matches = false;
        Span<byte> given = stackalloc byte[HashBytes];
        foreach (var signature in signatures)
        {
            if (signature.Length != 2 * HashBytes) continue;
            if (Convert.FromHexString(signature, given, out _, out _) != System.Buffers.OperationStatus.Done) continue;
            matches |= CryptographicOperations.FixedTimeEquals(given, expected);
        }
        return matches;
    }
}
