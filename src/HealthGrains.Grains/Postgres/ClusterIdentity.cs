using System.Buffers.Binary;
using System.Security.Cryptography;
using HealthGrains.Hosting;

namespace HealthGrains.Grains.Postgres;

/// <summary>Whose database it is.</summary>
/// <param name="Tenant">The company whose accounts these are.</param>
/// <param name="ClusterId">The cluster's id: silos of one find each other by it.</param>
/// <param name="ServiceId">The service's id: what is stored belongs to it.</param>
/// <param name="Keys">The tenant's keys; null while they are not known.</param>
public sealed record ClusterIdentity(string Tenant, string ClusterId, string ServiceId, TenantKeys? Keys = null)
{
    /// <summary>What tells two sets of keys apart and gives none of them away.</summary>
    internal string? Fingerprint()
    {
        if (Keys is not { } keys) return null;
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, keys.Low);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], keys.High);
        return Convert.ToHexStringLower(HMACSHA256.HashData(bytes, "healthgrains.keys"u8).AsSpan(0, 8));
    }
}
