using System.Numerics;

namespace HealthGrains.Simulation;

/// <summary>
/// What a draw is for. Every account draws each of these from a sequence of its own, restarted every day, so that one more
/// ticket does not change who logs in.
/// </summary>
internal enum Draw
{
    Facts, Churn, Week, Mood, People, Usage, Tickets, Billing, Engagement, Crm, Snapshot, Ids, Dirt,
}

/// <summary>
/// The generator of all chance: xoshiro256** of Blackman and Vigna (prng.di.unimi.it, public domain), its state filled by
/// SplitMix64 (Steele, Lea and Flood, 2014) from (seed, account, purpose, day). Integer arithmetic only: the same on any machine.
/// </summary>
internal sealed class Rng
{
    private ulong _a, _b, _c, _d;
    private double _spare;
    private bool _hasSpare;

    /// <summary>A generator at the beginning of the sequence for this account, purpose and day.</summary>
    public Rng(ulong seed, int account, Draw purpose, int day = 0) => Restart(seed, account, purpose, day);

    /// <summary>Goes to the beginning of the sequence for this account, purpose and day.</summary>
    public Rng Restart(ulong seed, int account, Draw purpose, int day)
    {
        var state = Mix(seed + 0x9E3779B97F4A7C15);
        state = Mix(state ^ ((ulong)(uint)account * 0xD1342543DE82EF95 + 1));
        state = Mix(state ^ (((ulong)(uint)purpose << 32) | (uint)day));
        _a = Mix(state += 0x9E3779B97F4A7C15);
        _b = Mix(state += 0x9E3779B97F4A7C15);
        _c = Mix(state += 0x9E3779B97F4A7C15);
        _d = Mix(state + 0x9E3779B97F4A7C15);
        _hasSpare = false;
        return this;
    }

    /// <summary>64 random bits.</summary>
    public ulong Bits()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Unit() => (Bits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double Between(double low, double high) => low + (high - low) * Unit();

    /// <summary>Uniform whole number in [0, count).</summary>
    public int Below(int count) => (int)(((Bits() >> 32) * (ulong)count) >> 32);

    /// <summary>Uniform whole number in [low, high].</summary>
    public int Whole(int low, int high) => low + Below(high - low + 1);

    /// <summary>True with this probability.</summary>
    public bool Chance(double probability) => Unit() < probability;

    /// <summary>One of the choices, all as likely.</summary>
    public T Pick<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>Standard normal, by Marsaglia's polar method.</summary>
    public double Normal()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spare;
        }
        double u, v, s;
        do
        {
            u = 2 * Unit() - 1;
            v = 2 * Unit() - 1;
            s = u * u + v * v;
        }
        while (s >= 1 || s < 1e-300);
        var scale = Math.Sqrt(-2 * PortableMath.Log(s) / s);
        _spare = v * scale;
        _hasSpare = true;
        return u * scale;
    }

    /// <summary>Log-normal with this median; sigma is the standard deviation of the logarithm.</summary>
    public double LogNormal(double median, double sigma) => median * PortableMath.Exp(sigma * Normal());

    /// <summary>Exponential with this mean.</summary>
    public double Exponential(double mean) => -mean * PortableMath.Log(1 - Unit());

    /// <summary>Gamma with mean 1 and this shape (variance 1/shape), by Marsaglia and Tsang (2000).</summary>
    public double Gamma(double shape)
    {
        if (shape < 1) return Gamma(shape + 1) * (shape + 1) / shape * PortableMath.Exp(PortableMath.Log(1 - Unit()) / shape);
        var d = shape - 1.0 / 3;
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal();
            var v = 1 + c * x;
            if (v <= 0) continue;
            v = v * v * v;
            var u = 1 - Unit();
            var xx = x * x;
            if (u < 1 - 0.0331 * xx * xx || PortableMath.Log(u) < 0.5 * xx + d * (1 - v + PortableMath.Log(v))) return d * v / shape;
        }
    }

    /// <summary>Poisson, by Knuth's product; a large mean is the sum of smaller ones, so that the product does not underflow.</summary>
    public int Poisson(double mean)
    {
        var count = 0;
        for (; mean > 16; mean -= 16) count += Knuth(16);
        return count + Knuth(mean);
    }

    private int Knuth(double mean)
    {
        if (mean <= 0) return 0;
        var limit = PortableMath.Exp(-mean);
        var count = 0;
        for (var product = Unit(); product > limit; product *= Unit()) count++;
        return count;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
