using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HealthGrains.Delivery;

/// <summary>
/// The signature of a webhook, as Standard Webhooks has it: HMAC-SHA256 over <c>id.timestamp.body</c>, in base64 after <c>v1,</c>. With
/// several secrets, several signatures with spaces between: the other side accepts any, so that a secret can be replaced in peace.
/// </summary>
/// <remarks>Source: https://github.com/standard-webhooks/standard-webhooks, spec 1.0.0.</remarks>
public static class WebhookSignature
{
    /// <summary>The header with the id of the message: the same at every attempt.</summary>
    public const string IdHeader = "webhook-id";
    /// <summary>The header with the time of the attempt, in seconds since 1970.</summary>
    public const string TimestampHeader = "webhook-timestamp";
    /// <summary>The header with the signature.</summary>
    public const string SignatureHeader = "webhook-signature";

    internal const string Prefix = "whsec_";
    internal const string HowToMake = "make one with 'echo whsec_$(openssl rand -base64 32)' and give it to the other side as well";

    private const string Version = "v1,";
    private const int LeastBytes = 24;
    private const int MostBytes = 64;

    /// <summary>The value of <see cref="SignatureHeader"/>. Throws <see cref="ArgumentException"/> for a secret that is none.</summary>
    public static string Sign(string id, long timestamp, ReadOnlySpan<byte> body, string secrets)
    {
        if (!TryKeys(secrets, out var keys)) throw new ArgumentException($"no secret to sign with: {HowToMake}", nameof(secrets));
        var signatures = new string[keys.Count];
        for (var i = 0; i < keys.Count; i++) signatures[i] = Version + Convert.ToBase64String(Mac(id, timestamp, body, keys[i]));
        return string.Join(' ', signatures);
    }

    /// <summary>Whether a message is from whoever has the secret, unchanged, and sent not longer ago than allowed.</summary>
    /// <param name="id">The value of <see cref="IdHeader"/>.</param>
    /// <param name="timestamp">The value of <see cref="TimestampHeader"/>.</param>
    /// <param name="body">The body, the bytes as they came.</param>
    /// <param name="signature">The value of <see cref="SignatureHeader"/>.</param>
    /// <param name="secrets">The secret, or several with spaces.</param>
    /// <param name="now">The time.</param>
    /// <param name="tolerance">How far the clocks may be apart, with the way between; five minutes are usual.</param>
    public static bool Verify(
        string id, string timestamp, ReadOnlySpan<byte> body, string signature, string secrets, DateTimeOffset now, TimeSpan tolerance)
    {
        if (!TryKeys(secrets, out var keys)) return false;
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var at)) return false;
        if (Math.Abs(now.ToUnixTimeSeconds() - at) > tolerance.TotalSeconds) return false;
        foreach (var key in keys)
        {
            var expected = Mac(id, at, body, key);
            foreach (var one in signature.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (!one.StartsWith(Version, StringComparison.Ordinal)) continue;
                var given = new byte[64];
                if (Convert.TryFromBase64String(one[Version.Length..], given, out var count)
                    && CryptographicOperations.FixedTimeEquals(expected, given.AsSpan(0, count))) return true;
            }
        }
        return false;
    }

    internal static bool TryKeys(string secrets, [NotNullWhen(true)] out IReadOnlyList<byte[]>? keys)
    {
        var read = new List<byte[]>();
        keys = null;
        foreach (var secret in secrets.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var bytes = new byte[MostBytes];
            if (!secret.StartsWith(Prefix, StringComparison.Ordinal)
                || !Convert.TryFromBase64String(secret[Prefix.Length..], bytes, out var count) || count < LeastBytes) return false;
            read.Add(bytes[..count]);
        }
        keys = read;
        return read.Count > 0;
    }

    private static byte[] Mac(string id, long timestamp, ReadOnlySpan<byte> body, byte[] key)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        mac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        mac.AppendData(body);
        return mac.GetHashAndReset();
    }
}
