using System.Buffers;
using System.IO.Compression;
using System.Text;

namespace HealthGrains.Simulation;

/// <summary>Into which files signals go, by their shape.</summary>
public enum SignalFiles
{
    /// <summary>All signals in HealthGrains' own shape in signals.ndjson. Calls that are no signals are left out.</summary>
    Native,
    /// <summary>All events in signals.ndjson, each in the shape in which it leaves its system.</summary>
    Mixed,
    /// <summary>Native signals in signals.ndjson, Segment's calls in segment.ndjson, Stripe's events in stripe.ndjson.</summary>
    Split,
}

/// <summary>How to write a company's files.</summary>
/// <param name="Signals">Into which files signals go.</param>
/// <param name="Gzip">Whether to compress the files of signals; their names then end in .gz.</param>
public sealed record CompanyFileOptions(SignalFiles Signals = SignalFiles.Native, bool Gzip = false);

/// <summary>What was written.</summary>
/// <param name="Accounts">Accounts written.</param>
/// <param name="Days">Days written.</param>
/// <param name="Events">Lines of signals and calls written.</param>
public sealed record CompanyFilesWritten(int Accounts, int Days, long Events);

/// <summary>A company as files: signals, accounts and the truth.</summary>
public static class CompanyFiles
{
    private const int FlushAt = 1 << 20;

    /// <summary>
    /// Writes signals.ndjson, accounts.ndjson (a profile a line), truth.csv and truth.json into a directory, which is made if
    /// missing; files of these names are replaced. <paramref name="days"/> absent means the days of the settings; progress is told
    /// the number of days written.
    /// </summary>
    public static CompanyFilesWritten Write(
        string directory, CompanySettings settings, int? days = null, IProgress<int>? progress = null, CompanyFileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        options ??= new CompanyFileOptions();
        var company = Company.Create(settings);
        var length = days ?? settings.Days;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length, nameof(days));
        Directory.CreateDirectory(directory);
        WriteAccounts(directory, company);
        WriteTruth(directory, company, length);

        using var wire = new WireWriter(nativeOnly: options.Signals == SignalFiles.Native);
        using var native = new SignalFile(directory, "signals", options.Gzip);
        using var segment = options.Signals == SignalFiles.Split ? new SignalFile(directory, "segment", options.Gzip) : null;
        using var stripe = options.Signals == SignalFiles.Split ? new SignalFile(directory, "stripe", options.Gzip) : null;
        var events = 0L;
        foreach (var day in company.Simulate().Advance(length))
        {
            foreach (var happened in day.Events)
            {
                var file = happened.Format switch { WireFormat.Native => null, WireFormat.Stripe => stripe, _ => segment } ?? native;
                if (wire.Write(happened, file.Buffer)) events++;
                file.FlushIfLarge();
            }
            progress?.Report(day.Day + 1);
        }
        return new CompanyFilesWritten(company.Accounts.Count, length, events);
    }

    private static void WriteAccounts(string directory, Company company)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var profile in company.Profiles) ProfileWriter.Write(profile, buffer);
        File.WriteAllBytes(Path.Combine(directory, "accounts.ndjson"), buffer.WrittenSpan);
    }

    private static void WriteTruth(string directory, Company company, int days)
    {
        var truth = company.Truth(days);
        using var csv = new StreamWriter(Path.Combine(directory, "truth.csv"), append: false, new UTF8Encoding(false));
        TruthWriter.WriteCsv(truth, csv);
        var json = new ArrayBufferWriter<byte>();
        TruthWriter.WriteJson(truth, json);
        File.WriteAllBytes(Path.Combine(directory, "truth.json"), json.WrittenSpan);
    }

    /// <summary>A file of lines, written a megabyte at a time.</summary>
    private sealed class SignalFile : IDisposable
    {
        private readonly Stream _stream;

        public SignalFile(string directory, string name, bool gzip)
        {
            var file = File.Create(Path.Combine(directory, name + (gzip ? ".ndjson.gz" : ".ndjson")));
            _stream = gzip ? new GZipStream(file, CompressionLevel.Optimal) : file;
        }

        public ArrayBufferWriter<byte> Buffer { get; } = new(FlushAt + 4096);

        public void FlushIfLarge()
        {
            if (Buffer.WrittenCount >= FlushAt) Flush();
        }

        public void Dispose()
        {
            Flush();
            _stream.Dispose();
        }

        private void Flush()
        {
            _stream.Write(Buffer.WrittenSpan);
            Buffer.ResetWrittenCount();
        }
    }
}
