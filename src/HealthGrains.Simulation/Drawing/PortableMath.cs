namespace HealthGrains.Simulation;

/// <summary>
/// Exponential, logarithm and the normal quantile from the four operations and the square root alone. The platform's own
/// <c>Math.Exp</c> may differ in the last bit from one machine to the next, and one bit is another company.
/// </summary>
internal static class PortableMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>1/k! for k = 0..13: enough for |r| up to ln(2)/2 in double precision.</summary>
    private static readonly double[] InverseFactorials = Inverses();

    /// <summary>e to the x, within a few units of the last place. 0 below -700.</summary>
    public static double Exp(double x)
    {
        if (x < -700) return 0;
        if (x > 700) throw new ArgumentOutOfRangeException(nameof(x), x, "too large for a draw");
        var k = Math.Floor(x * 1.44269504088896338700 + 0.5);
        var r = x - k * Ln2High - k * Ln2Low;
        var sum = InverseFactorials[13];
        for (var i = 12; i >= 0; i--) sum = sum * r + InverseFactorials[i];
        return sum * BitConverter.Int64BitsToDouble(((long)k + 1023) << 52);
    }

    /// <summary>Natural logarithm of a positive normal number, by the series of the inverse hyperbolic tangent.</summary>
    public static double Log(double x)
    {
        if (x is not (>= 2.2250738585072014e-308 and <= double.MaxValue))
        {
            throw new ArgumentOutOfRangeException(nameof(x), x, "not a positive normal number");
        }
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFFL) | 0x3FF0000000000000L);
        if (mantissa > 1.41421356237309505)
        {
            mantissa *= 0.5;
            exponent++;
        }
        var s = (mantissa - 1) / (mantissa + 1);
        var z = s * s;
        var sum = 0.0;
        for (var odd = 21; odd >= 1; odd -= 2) sum = sum * z + 1.0 / odd;
        return exponent * Ln2High + (exponent * Ln2Low + 2 * s * sum);
    }

    /// <summary>The standard normal quantile of p in (0, 1): Acklam's rational approximation, relative error below 1.2e-9.</summary>
    public static double NormalQuantile(double p)
    {
        if (p is <= 0 or >= 1) throw new ArgumentOutOfRangeException(nameof(p), p, "a probability strictly between 0 and 1");
        const double low = 0.02425;
        if (p > 1 - low) return -NormalQuantile(1 - p);
        if (p < low)
        {
            var t = Math.Sqrt(-2 * Log(p));
            return (((((-7.784894002430293e-03 * t - 3.223964580411365e-01) * t - 2.400758277161838) * t - 2.549732539343734) * t
                + 4.374664141464968) * t + 2.938163982698783)
                / ((((7.784695709041462e-03 * t + 3.224671290700398e-01) * t + 2.445134137142996) * t + 3.754408661907416) * t + 1);
        }
        var q = p - 0.5;
        var r = q * q;
        return (((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r + 1.383577518672690e+02) * r
            - 3.066479806614716e+01) * r + 2.506628277459239) * q
            / (((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r + 6.680131188771972e+01) * r
            - 1.328068155288572e+01) * r + 1);
    }

    private static double[] Inverses()
    {
        var inverses = new double[14];
        inverses[0] = 1;
        for (var k = 1; k < inverses.Length; k++) inverses[k] = inverses[k - 1] / k;
        return inverses;
    }
}
