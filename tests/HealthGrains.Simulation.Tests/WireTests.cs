using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using HealthGrains.Signals;

namespace HealthGrains.Simulation.Tests;

public sealed class WireTests
{
    private static readonly Company Small = Company.Create(new CompanySettings { Accounts = 24, AnnualChurn = 0.97, ForeignShare = 0.5 });

    private static readonly SimulatedEvent[] Events = [.. Small.Simulate().Advance(75).SelectMany(day => day.Events)];

    [Fact]
    public void Native_lines_carry_what_intake_requires()
    {
        foreach (var (happened, line) in Lines(nativeOnly: true))
        {
            Assert.Equal(happened.Id, line.GetProperty("id").GetString());
            Assert.Equal(happened.Account, line.GetProperty("account").GetString());
            var source = SignalKinds.FindSource(line.GetProperty("source").GetString()!);
            Assert.Equal(happened.Kind, SignalKinds.Find(source!.Value, line.GetProperty("kind").GetString()!));
            Assert.Equal(happened.Time, line.GetProperty("at").GetDateTimeOffset());
            Assert.EndsWith("Z", line.GetProperty("at").GetString(), StringComparison.Ordinal);
            if (happened.Kind.Rule().ValueRequired) Assert.Equal(happened.Value, line.GetProperty("value").GetDouble());
        }
    }

    [Fact]
    public void Segment_calls_carry_user_message_time_and_group()
    {
        var groups = Small.Accounts.Select(account => account.SegmentId).ToHashSet();
        HashSet<string> types = [];
        foreach (var (happened, line) in Lines().Where(pair => pair.Happened.Format is not (WireFormat.Native or WireFormat.Stripe)))
        {
            types.Add(line.GetProperty("type").GetString()!);
            Assert.Equal(happened.Subject, line.GetProperty("userId").GetString());
            Assert.Equal(happened.Id, line.GetProperty("messageId").GetString());
            Assert.Equal(happened.Time, line.GetProperty("timestamp").GetDateTimeOffset());
            Assert.Contains(line.GetProperty("context").GetProperty("groupId").GetString(), groups);
            if (!happened.IsSignal) continue;
            var properties = line.GetProperty("properties");
            if (happened.Is(SignalKind.FeatureUsed)) Assert.Equal(happened.Name, properties.GetProperty("feature").GetString());
            if (happened.Is(SignalKind.SessionEnded)) Assert.Equal(happened.Value, properties.GetProperty("minutes").GetDouble());
        }
        Assert.Equal(["group", "identify", "page", "track"], types.Order());
    }

    [Fact]
    public void Stripe_events_carry_customer_amounts_in_cents_and_seconds_since_the_epoch()
    {
        HashSet<string> types = [];
        HashSet<string> versions = [];
        foreach (var (happened, line) in Lines().Where(pair => pair.Happened.Format == WireFormat.Stripe))
        {
            types.Add(line.GetProperty("type").GetString()!);
            versions.Add(line.GetProperty("api_version").GetString()!);
            Assert.Equal(happened.At / 1000, line.GetProperty("created").GetInt64());
            var about = line.GetProperty("data").GetProperty("object");
            Assert.Equal(happened.Of.StripeId, about.GetProperty("customer").GetString());
            if (happened.Is(SignalKind.PaymentFailed)) Assert.InRange(about.GetProperty("attempt_count").GetInt32(), 1, 4);
            if (!happened.Is(SignalKind.InvoicePaid)) continue;
            Assert.Equal(Math.Round(happened.Value * 100), about.GetProperty("amount_paid").GetInt64());
        }
        Assert.Equal(
            ["customer.subscription.deleted", "customer.subscription.updated", "invoice.paid", "invoice.payment_failed"], types.Order());
        Assert.Equal(2, versions.Count);
    }

    [Fact]
    public void Changes_of_plan_and_seats_tell_stripe_what_was_before()
    {
        var changes = Lines().Where(pair =>
            pair.Happened is { Format: WireFormat.Stripe, Kind: SignalKind.PlanChanged or SignalKind.SeatsChanged });
        var count = 0;
        foreach (var (happened, line) in changes)
        {
            count++;
            var now = First(line.GetProperty("data").GetProperty("object"));
            var before = First(line.GetProperty("data").GetProperty("previous_attributes"));
            static (long Quantity, string Price, long Amount) First(JsonElement about)
            {
                var item = about.GetProperty("items").GetProperty("data")[0];
                var price = item.GetProperty("price");
                var (quantity, amount) = (item.GetProperty("quantity").GetInt64(), price.GetProperty("unit_amount").GetInt64());
                return (quantity, price.GetProperty("id").GetString()!, amount);
            }
            if (happened.Is(SignalKind.SeatsChanged))
            {
                Assert.Equal((happened.Value, happened.Before), (now.Quantity, before.Quantity));
                Assert.Equal((now.Price, now.Amount), (before.Price, before.Amount));
            }
            else
            {
                Assert.NotEqual(now.Price, before.Price);
                Assert.Equal(now.Quantity, before.Quantity);
                // Cents a seat are rounded.
                Assert.Equal(happened.Value, (now.Amount - before.Amount) * now.Quantity / 100.0, 0.011 * now.Quantity);
            }
        }
        Assert.True(count > 0);
    }

    [Theory]
    [InlineData(SignalFiles.Native, false)]
    [InlineData(SignalFiles.Mixed, true)]
    [InlineData(SignalFiles.Split, true)]
    public void A_company_is_written_as_files(SignalFiles signals, bool gzip)
    {
        var directory = Directory.CreateTempSubdirectory("company");
        try
        {
            var settings = new CompanySettings { Accounts = 15, Days = 10 };
            var progress = new Counter();
            var options = new CompanyFileOptions(signals, gzip);
            var written = CompanyFiles.Write(directory.FullName, settings, progress: progress, options: options);
            var files = directory.GetFiles("s*.ndjson*");
            Assert.Equal(written.Events, files.Sum(Count));
            Assert.Equal(10, progress.Last);
            Assert.Equal(signals == SignalFiles.Split ? 3 : 1, files.Length);
            Assert.All(files, file => Assert.Equal(gzip ? ".gz" : ".ndjson", file.Extension));
            var accounts = File.ReadAllLines(Path.Combine(directory.FullName, "accounts.ndjson"));
            Assert.Equal(15, accounts.Length);
            using var first = JsonDocument.Parse(accounts[0]);
            Assert.Contains(first.RootElement.GetProperty("tier").GetString(), new[] { "enterprise", "standard", "smb" });
            Assert.True(first.RootElement.GetProperty("contacts").GetArrayLength() > 1);
            Assert.Equal(16, File.ReadAllLines(Path.Combine(directory.FullName, "truth.csv")).Length);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static int Count(FileInfo file)
    {
        using var stream = file.OpenRead();
        using Stream unpacked = file.Extension == ".gz" ? new GZipStream(stream, CompressionMode.Decompress) : stream;
        using var reader = new StreamReader(unpacked);
        var lines = 0;
        while (reader.ReadLine() is { } line)
        {
            using var parsed = JsonDocument.Parse(line);
            lines++;
        }
        return lines;
    }

    private static IEnumerable<(SimulatedEvent Happened, JsonElement Line)> Lines(bool nativeOnly = false)
    {
        using var wire = new WireWriter(nativeOnly);
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var happened in Events)
        {
            buffer.ResetWrittenCount();
            if (!wire.Write(happened, buffer)) continue;
            Assert.Equal((byte)'\n', buffer.WrittenSpan[^1]);
            Assert.Equal(1, buffer.WrittenSpan.Count((byte)'\n'));
            using var line = JsonDocument.Parse(buffer.WrittenMemory);
            yield return (happened, line.RootElement);
        }
    }

    private sealed class Counter : IProgress<int>
    {
        public int Last { get; private set; }

        public void Report(int value) => Last = value;
    }
}
