using System.Buffers;
using HealthGrains.Simulation;

namespace HealthGrains.Cli.Bench;

/// <summary>Signals of a made-up company, ready to replay: the same in every run.</summary>
internal sealed class Workload
{
    private readonly List<ReadOnlyMemory<byte>> _lines = [];

    private Workload(Company company, DateTimeOffset end)
    {
        Company = company;
        End = end;
    }

    public Company Company { get; }

    /// <summary>A moment after all of them, less than the calendar's length after the first.</summary>
    public DateTimeOffset End { get; }

    public int Count => _lines.Count;

    public static Workload Make(int accounts, int days)
    {
        var company = Company.Create(new CompanySettings { Seed = 42, Accounts = accounts, Days = days });
        var work = new Workload(company, company.Settings.Start.AddDays(days));
        using var wire = new WireWriter(nativeOnly: true);
        foreach (var day in company.Simulate().Advance(days))
        {
            var lines = new ArrayBufferWriter<byte>(1 << 20);
            var ends = new List<int>(day.Events.Count);
            foreach (var happened in day.Events)
                if (wire.Write(happened, lines)) ends.Add(lines.WrittenCount);
            var start = 0;
            foreach (var end in ends)
            {
                work._lines.Add(lines.WrittenMemory[start..end]);
                start = end;
            }
        }
        return work;
    }

    public byte[] Lines(int from, int count)
    {
        var bytes = new MemoryStream();
        for (var i = from; i < from + count; i++) bytes.Write(_lines[i].Span);
        return bytes.ToArray();
    }
}
