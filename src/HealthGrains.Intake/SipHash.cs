using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using HealthGrains.Hosting;

namespace HealthGrains.Intake;

/// <summary>
/// SipHash-2-4, a keyed hash of 64 bits: without the key nobody can find two ids with one hash, nor guess who is behind a
/// pseudonym. Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (INDOCRYPT 2012), whose test vectors the
/// tests repeat.
/// </summary>
public static class SipHash
{
    /// <summary>The hash of some bytes under a tenant's key.</summary>
    public static ulong Hash(in TenantKeys key, ReadOnlySpan<byte> data)
    {
        var v0 = key.Low ^ 0x736f6d6570736575;
        var v1 = key.High ^ 0x646f72616e646f6d;
        var v2 = key.Low ^ 0x6c7967656e657261;
        var v3 = key.High ^ 0x7465646279746573;

        var last = (ulong)data.Length << 56;
        while (data.Length >= 8)
        {
            Compress(BinaryPrimitives.ReadUInt64LittleEndian(data), ref v0, ref v1, ref v2, ref v3);
            data = data[8..];
        }
        for (var i = 0; i < data.Length; i++) last |= (ulong)data[i] << (8 * i);
        Compress(last, ref v0, ref v1, ref v2, ref v3);

        v2 ^= 0xff;
        for (var i = 0; i < 4; i++) Round(ref v0, ref v1, ref v2, ref v3);
        return v0 ^ v1 ^ v2 ^ v3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Compress(ulong word, ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v3 ^= word;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v2 += v3;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
