using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Intake.Tests;

/// <summary>Whatever comes, intake neither fails nor loses count.</summary>
public class FuzzTests
{
    private static readonly string[] Samples =
    [
        """{"id":"evt-1","account":"acme","source":"usage","kind":"featureUsed","at":"2026-11-21T10:15:30Z","subject":"u-17","name":"reports","value":1}""",
        """{"id":"t\u00e9","account":"acme","source":"ticket","kind":"opened","subject":"7","text":"cannot log in \ud83d\ude21"}""",
        """{"type":"track","messageId":"m1","userId":"u1","event":"Session Ended","properties":{"minutes":"12"},"context":{"groupId":"acme"},"timestamp":"2026-11-21T10:15:30Z"}""",
        """{"batch":[{"type":"group","messageId":"m2","userId":"u2","groupId":"acme"},{"type":"page","messageId":"m3","userId":"u2","name":"Home"}],"sentAt":"2026-11-21T10:15:30Z"}""",
        """{"id":"evt_1","object":"event","type":"customer.subscription.updated","created":1795255530,"data":{"object":{"customer":"cus_1","quantity":5},"previous_attributes":{"quantity":3}}}""",
        """{"id":"evt_2","object":"event","type":"invoice.payment_failed","created":1795255530,"data":{"object":{"id":"in_1","customer":"cus_1","amount_due":1200,"currency":"usd"}}}""",
    ];

    private static readonly string[] Splinters =
    [
        "null", "NaN", "1e308", "-1e999", "-0", "\"\"", "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59Z\"", "{", "}", "[", "]", ",",
        ":", "\"", "\\",
        "\\u0000", "\\ud800", "true", "[[[[", "{\"a\":", "\n", "\r\n", "\u0000", "\uFEFF", "99999999999999999999",
    ];

    private static readonly byte[][] Huge =
    [
        [.. Enumerable.Repeat((byte)'1', 10_000_000)],
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("\\u0041é", 1_250_000))),
    ];

    // Far more than it takes, far less than anything that grows with the square of the length: machines may be busy.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Fixture _intake = new() { Accounts = { "acme" } };

    [Theory]
    [InlineData(WireFormat.Native)]
    [InlineData(WireFormat.Segment)]
    [InlineData(WireFormat.Stripe)]
    [InlineData(WireFormat.Any)]
    public void Mutated_bodies_are_read_or_refused_and_every_element_is_counted(WireFormat format)
    {
        var random = new Random(23 + (int)format);
        for (var round = 0; round < 5_000; round++)
        {
            var lines = Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Samples[random.Next(Samples.Length)]).ToArray();
            var asLines = random.Next(2) == 0;
            var body = Mutate(Encoding.UTF8.GetBytes(asLines ? string.Join('\n', lines) : $"[{string.Join(',', lines)}]"), random);
            try
            {
                var batch = _intake.Read(format, body, asLines ? BodyShape.Lines : BodyShape.Detect);
                if (!batch.CountsLines) continue;
                // A batch on a line counts its events; any other line that is not blank counts one.
                var sent = Encoding.UTF8.GetString(body).TrimStart('\uFEFF').Split('\n').Count(line =>
                    line.Trim(' ', '\t', '\r').Length > 0);
                if (format is WireFormat.Native or WireFormat.Stripe) Assert.Equal(sent, batch.Sent);
                else Assert.InRange(batch.Sent, 0, sent * 4);
            }
            catch (IntakeFormatException failure)
            {
                Assert.NotEmpty(failure.Reason);
                Assert.Equal(0, _intake.Batch.Sent);
            }
        }
    }

    [Fact]
    public void An_array_and_lines_of_the_same_events_give_the_same()
    {
        var known = SignalKinds.All.ToArray();
        Prop.ForAll(ArbMap.Default.ArbFor<(int Kind, int Account, int Minute, double Value, string? Name)[]>(), events =>
        {
            var json = events.Select((e, i) =>
            {
                var rule = known[(int)((uint)e.Kind % known.Length)];
                var name = System.Text.Json.JsonSerializer.Serialize(e.Name);
                var at = Fixture.Now.AddMinutes(e.Minute)
                    .ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
                var value = double.IsFinite(e.Value) ? System.Text.Json.JsonSerializer.Serialize(e.Value) : "\"NaN\"";
                return $$"""{"id":"{{i}}","account":"a{{e.Account % 5}}","source":"{{rule.Kind.Source().WireName()}}","kind":"{{rule.WireName}}","at":"{{at}}","subject":"s","name":{{name}},"value":{{value}}}""";
            }).ToArray();
            if (json.Length == 0) return true;

            var array = new Fixture().Native($"[{string.Join(",\n", json)}]");
            var lines = new Fixture().Native(string.Join('\n', json), BodyShape.Lines);
            return array.Sent == json.Length && lines.Sent == json.Length
                && array.Signals.SequenceEqual(lines.Signals) && array.Names.SequenceEqual(lines.Names)
                && array.Errors.Select(e => (e.Position + 1, e.Field, e.Reason))
                    .SequenceEqual(lines.Errors.Select(e => (e.Position, e.Field, e.Reason)));
        }).Check(Config.QuickThrowOnFailure.WithReplay(20261121, 7));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    [InlineData("{\"id\":\"1\",\"x\":[")]
    public void Deep_nesting_refuses_the_line_alone(string opening)
    {
        var deep = "{\"id\":\"1\",\"deep\":" + string.Concat(Enumerable.Repeat(opening, 1_000));
        var batch = _intake.Native($"{deep}\n{Samples[0]}", BodyShape.Lines);
        Assert.Equal((1, 1), (batch.Count, batch.Rejected));
        Assert.StartsWith("not JSON: nested deeper than 64", batch.Errors[0].Reason, StringComparison.Ordinal);
        Assert.Throws<IntakeFormatException>(() => _intake.Native($"[{deep}]"));
    }

    [Theory]
    [InlineData("id", 1)]
    [InlineData("account", 1)]
    [InlineData("subject", 1)]
    [InlineData("name", 1)]
    [InlineData("kind", 1)]
    [InlineData("at", 1)]
    [InlineData("value", 1)]
    [InlineData("text", 0)]
    [InlineData("other", 0)]
    public void Strings_of_10_MB_are_refused_or_passed_over_in_no_time(string property, int rejected)
    {
        foreach (var huge in Huge)
        {
            byte[] body = [.. Encoding.UTF8.GetBytes(Samples[0][..^1] + $",\"{property}\":\""), .. huge, .. "\"}"u8];
            var watch = Stopwatch.StartNew();
            Assert.Equal(rejected, _intake.Read(WireFormat.Native, body).Rejected);
            Assert.True(watch.Elapsed < Patience, $"{property} took {watch.Elapsed}");
            if (rejected == 1) Assert.InRange(_intake.Batch.Errors[0].Reason.Length, 10, 200);
        }
    }

    [Fact]
    public void A_flood_of_broken_lines_costs_no_more_than_good_ones()
    {
        var body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\n", 200_000)));
        var watch = Stopwatch.StartNew();
        var batch = _intake.Read(WireFormat.Native, body, BodyShape.Lines);
        Assert.Equal((200_000, IntakeBatch.MaxErrors), (batch.Rejected, batch.Errors.Count));
        Assert.True(watch.Elapsed < Patience, $"{watch.Elapsed}");
    }

    [Fact]
    public void Good_lines_are_read_without_allocating()
    {
        var features = Enumerable.Range(0, 8).Select(i => $"feature-{i}").ToArray();
        foreach (var feature in features) _intake.Known[NameId.Of(feature)] = feature;
        var body = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 1_000).Select(i =>
            $$"""{"id":"evt-{{i}}","account":"account-{{i % 300}}","source":"usage","kind":"featureUsed","at":"2026-11-21T10:15:30.123+01:00","subject":"u-{{i}}","name":"{{features[i % 8]}}","value":"{{i}}","text":"quite \"good\", thanks"}""")));
        for (var warm = 0; warm < 3; warm++) _intake.Read(WireFormat.Native, body, BodyShape.Lines);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var batch = _intake.Read(WireFormat.Native, body, BodyShape.Lines);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(1_000, batch.Count);
        Assert.InRange(allocated, 0, 40_000); // the writer of the request, and its room to unescape text: nothing a line
    }

    private static byte[] Mutate(byte[] body, Random random)
    {
        var bytes = new List<byte>(body);
        for (var change = random.Next(4); change > 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(12), bytes.Count - at - 1));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Splinters[random.Next(Splinters.Length)]));
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    // A value in place of another: the JSON stays whole more often.
                    var colon = bytes.IndexOf((byte)':', at);
                    if (colon < 0) break;
                    var end = bytes.FindIndex(colon, b => b is (byte)',' or (byte)'}');
                    if (end < 0) break;
                    bytes.RemoveRange(colon + 1, end - colon - 1);
                    bytes.InsertRange(colon + 1, Encoding.UTF8.GetBytes(Splinters[random.Next(Splinters.Length)]));
                    break;
            }
            if (bytes.Count == 0) bytes.Add((byte)' ');
        }
        return [.. bytes];
    }
}
