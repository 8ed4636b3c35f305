using System.IO.Compression;
using System.Text;

namespace HealthGrains.Intake.Tests;

public class ReplayTests
{
    private const string Mixed =
        """
        {"id":"1","account":"acme","source":"usage","kind":"login"}
        {"type":"group","messageId":"2","userId":"u","groupId":"acme"}

        {"type":"track","messageId":"3","userId":"u","event":"Logged In"}
        {"id":"evt_4","object":"event","type":"invoice.paid","created":1795255530,"data":{"object":{"id":"in_1","customer":"cus_1"}}}
        {"id":"evt_5","type":"invoice.paid","created":1795255530,"data":{"object":{"id":"in_2","customer":"cus_2"}}}
        {"batch":[{"type":"page","messageId":"6","userId":"u"},{"type":"page","messageId":"7"}]}
        {"what":"is this"}
        {"id":"8","kind":"login"}
        """;

    private readonly Fixture _intake = new() { Accounts = { "acme" }, Links = { [("stripe", "cus_1")] = "acme" } };

    [Fact]
    public void Lines_of_all_formats_are_told_apart()
    {
        var batch = _intake.Read(WireFormat.Any, Mixed, BodyShape.Lines);
        Assert.Equal((4, 1, 3, 1, 9), (batch.Count, batch.Held.Count, batch.Rejected, batch.TakenWithoutSignal, batch.Sent));
        Assert.Equal([(7, "userId"), (8, ""), (9, "account")], batch.Errors.Select(error => (error.Position, error.Field)));
        Assert.StartsWith("not recognised", batch.Errors[1].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_gives_the_same_plain_and_packed_in_parts_with_its_line_numbers(bool packed)
    {
        var text = new StringBuilder();
        for (var i = 1; i <= 20_000; i++)
            text.Append(i % 1_000 == 0 ? "{broken\n" : $$"""{"id":"{{i}}","account":"a{{i % 100}}","source":"usage","kind":"login"}""" + "\n");
        var file = await WriteAsync(text.ToString(), packed);
        try
        {
            int signals = 0, lastLine = 0, parts = 0;
            long read = 0;
            var wrong = new List<int>();
            await foreach (var part in NdjsonFile.ReadAsync(file, WireFormat.Any, _intake.Context, eventsPerPart: 1_500))
            {
                parts++;
                signals += part.Batch.Count;
                wrong.AddRange(part.Batch.Errors.Select(error => error.Position));
                Assert.InRange(part.Batch.Sent, 1, 1_500);
                Assert.True(part.LastLine > lastLine && part.BytesRead >= read && part.BytesRead <= part.BytesTotal);
                (lastLine, read) = (part.LastLine, part.BytesRead);
            }
            Assert.Equal((19_980, 20_000, 14), (signals, lastLine, parts));
            Assert.Equal(Enumerable.Range(1, 20).Select(i => i * 1_000), wrong);
            Assert.Equal(new FileInfo(file).Length, read);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_line_over_1_MiB_is_refused_and_the_rest_is_read()
    {
        var huge = new string('x', 3 * NdjsonFile.MaxLineBytes);
        var good = """{"id":"1","account":"a","source":"crm","kind":"noteAdded","text":"%"}""";
        var fits = good.Replace("%", new string('x', NdjsonFile.MaxLineBytes - good.Length + 1), StringComparison.Ordinal);
        var over = good.Replace("%", new string('x', NdjsonFile.MaxLineBytes - good.Length + 2), StringComparison.Ordinal);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes($"\uFEFF{good}\n{huge}\n{fits}\n{over}\n{good}\n{huge}"));
        var errors = new List<int>();
        var signals = 0;
        await foreach (var part in NdjsonFile.ReadAsync(stream, WireFormat.Native, _intake.Context, 2))
        {
            signals += part.Batch.Count;
            errors.AddRange(part.Batch.Errors.Select(error => error.Position));
            Assert.All(part.Batch.Errors, error => Assert.Equal("the line is longer than 1048576 bytes", error.Reason));
        }
        Assert.Equal(3, signals);
        Assert.Equal([2, 4, 6], errors);
    }

    [Fact]
    public async Task Groups_learned_in_one_part_serve_the_next()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Mixed));
        var accounts = new List<string>();
        await foreach (var part in NdjsonFile.ReadAsync(stream, WireFormat.Any, _intake.Context, 1))
            accounts.AddRange(part.Batch.Signals.ToArray().Select(signal => signal.Account));
        Assert.Equal(["acme", "acme", "acme", "acme"], accounts);
    }

    [Fact]
    public async Task A_reader_that_stops_early_or_is_cancelled_leaves_nothing_behind()
    {
        var many = string.Concat(Enumerable.Repeat("""{"id":"1","account":"a","source":"usage","kind":"login"}""" + "\n", 100_000));
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(many));
        await foreach (var part in NdjsonFile.ReadAsync(stream, WireFormat.Native, _intake.Context, 10))
        {
            Assert.Equal(10, part.Batch.Count);
            break;
        }
        stream.Position = 0;
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var part in NdjsonFile.ReadAsync(stream, WireFormat.Native, _intake.Context, 10,
                cancel.Token)) await cancel.CancelAsync();
        });
    }

    [Fact]
    public async Task Damaged_gzip_is_told_after_the_parts_that_are_good()
    {
        var random = new Random(3);
        var text = string.Concat(Enumerable.Range(0, 50_000).Select(i => $$"""{"id":"{{random.NextInt64()}}","account":"a","source":"usage","kind":"login"}""" + "\n"));
        var file = await WriteAsync(text, packed: true);
        try
        {
            var bytes = await File.ReadAllBytesAsync(file);
            Array.Fill(bytes, (byte)0xAA, bytes.Length / 2, 1_000);
            await File.WriteAllBytesAsync(file, bytes);
            var signals = 0;
            await Assert.ThrowsAsync<IntakeFormatException>(async () =>
            {
                await foreach (var part in NdjsonFile.ReadAsync(file, WireFormat.Native, _intake.Context, 100)) signals += part.Batch.Count;
            });
            Assert.InRange(signals, 1_000, 49_000);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> WriteAsync(string text, bool packed)
    {
        var path = Path.GetTempFileName();
        await using var file = File.Create(path);
        await using Stream stream = packed ? new GZipStream(file, CompressionLevel.Fastest) : file;
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
        return path;
    }
}
