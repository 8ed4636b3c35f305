using System.Buffers;
using System.Security.Cryptography;
using HealthGrains.Signals;

namespace HealthGrains.Simulation.Tests;

/// <summary>Companies and windows that several tests look at, lived once.</summary>
internal static class SimulatedCompany
{
    private static readonly Lazy<(Company, SimulatedEvent[])> Window = new(() =>
    {
        var company = Company.Create(new CompanySettings());
        return (company, [.. company.Simulate().Advance(company.Settings.Days).SelectMany(day => day.Events)]);
    });

    private static readonly Lazy<(Company, SimulatedEvent[])> Leaving = new(() =>
    {
        var company = Company.Create(new CompanySettings { Accounts = 120, AnnualChurn = 0.97, Shapes = new(1, 1, 1, 1, 1), Seed = 7 });
        return (company, [.. company.Simulate().Advance(240).SelectMany(day => day.Events)]);
    });

    /// <summary>The company of the default settings and its 120 days.</summary>
    public static (Company Company, SimulatedEvent[] Events) Default => Window.Value;

    /// <summary>A company that nearly everybody leaves, in all shapes alike, and 240 days of it.</summary>
    public static (Company Company, SimulatedEvent[] Events) OfLeavers => Leaving.Value;

    public static int DayOf(this Company company, in SimulatedEvent happened) =>
        (int)((happened.At - company.Settings.Start.ToUnixTimeMilliseconds()) / 86_400_000);

    public static bool Is(this in SimulatedEvent happened, SignalKind kind) => happened.Kind == kind;

    public static string Hash(IEnumerable<SimulatedEvent> events, bool nativeOnly = false)
    {
        using var wire = new WireWriter(nativeOnly);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var happened in events)
        {
            wire.Write(happened, buffer);
            hash.AppendData(buffer.WrittenSpan);
            buffer.ResetWrittenCount();
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    public static double Mean(this IReadOnlyCollection<double> values) => values.Count == 0 ? 0 : values.Sum() / values.Count;

    public static double Variance(this IReadOnlyCollection<double> values)
    {
        var mean = values.Mean();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
    }
}
