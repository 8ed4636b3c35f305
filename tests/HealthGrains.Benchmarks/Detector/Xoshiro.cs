using System.Numerics;

namespace HealthGrains.Benchmarks.Detector;

/// <summary>xoshiro256** (Blackman and Vigna), seeded by splitmix64: the same numbers on every runtime and machine.</summary>
public sealed class Xoshiro
{
    ulong s0, s1, s2, s3;
    double spare;
    bool hasSpare;

    public Xoshiro(ulong seed, ulong scenario, ulong account)
    {
        var state = seed * 0x9E3779B97F4A7C15 + scenario * 0xD1B54A32D192ED03 + account * 0x8CB92BA72F3D8DD7;
        s0 = Mix(ref state);
        s1 = Mix(ref state);
        s2 = Mix(ref state);
        s3 = Mix(ref state);
    }

    static ulong Mix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public ulong Next()
    {
        var result = BitOperations.RotateLeft(s1 * 5, 7) * 9;
        var shifted = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>Uniform in (0, 1).</summary>
    public double Uniform() => ((Next() >> 11) + 0.5) * (1.0 / (1ul << 53));

    /// <summary>Standard normal, by Box and Muller.</summary>
    public double Normal()
    {
        if (hasSpare)
        {
            hasSpare = false;
            return spare;
        }
        var radius = Math.Sqrt(-2 * Math.Log(Uniform()));
        var (sin, cos) = Math.SinCos(2 * Math.PI * Uniform());
        spare = radius * sin;
        hasSpare = true;
        return radius * cos;
    }
}
