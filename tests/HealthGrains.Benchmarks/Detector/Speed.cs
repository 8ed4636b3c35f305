using System.Diagnostics;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using HealthGrains.Decline;

namespace HealthGrains.Benchmarks.Detector;

/// <summary>One assessment of a full calendar, with and without a weekday pattern.</summary>
[MemoryDiagnoser]
public class Speed
{
    readonly double[] closes = new double[DeclineDetector.CalendarDays];
    readonly double[] weeks = new double[12];
    readonly DeclineSettings settings = DeclineSettings.Default;

    /// <summary>Points by which weekends are lower.</summary>
    [Params(0, 12)]
    public int Weekends { get; set; }

    [GlobalSetup]
    public void Draw()
    {
        var random = new Xoshiro(1, 0, 0);
        for (var week = 0; week < weeks.Length; week++)
            weeks[week] = 70 + 2 * random.Normal();
        for (var day = 0; day < closes.Length; day++)
            closes[day] = 70 + 4 * random.Normal() - (day % 7 > 4 ? Weekends : 0);
    }

    [Benchmark]
    public Trend Assess() => DeclineDetector.Assess(closes, weeks, 68, 0.4, settings);

    /// <summary>A quick reading without the ceremony: the best of twenty rounds.</summary>
    public static string Measure()
    {
        const int rounds = 20, calls = 50_000;
        var speed = new Speed();
        speed.Draw();
        var best = double.PositiveInfinity;
        var allocated = 0L;
        var sum = 0.0;
        for (var round = 0; round < rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            for (var call = 0; call < calls; call++)
                sum += speed.Assess().Z;
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / calls);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        return string.Create(CultureInfo.InvariantCulture,
            $"one assessment: {best:F0} ns, {allocated / (double)calls:F2} bytes (checksum {sum / rounds / calls:F3})");
    }
}
