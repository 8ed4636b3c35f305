using System.Buffers;
using System.Text;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Intake.Tests;

public class NativeReaderTests
{
    private readonly Fixture _intake = new();

    [Fact]
    public void A_signal_with_all_properties_is_read()
    {
        var batch = _intake.Native(
            """{ "id": "evt-1", "account": "acme", "source": "usage", "kind": "featureUsed", "at": "2026-11-21T10:15:30Z", "subject": "u-17", "name": "reports", "value": 1 }""");
        var (account, signal) = Assert.Single(batch.Signals.ToArray());
        Assert.Equal("acme", account);
        Assert.Equal(SignalKind.FeatureUsed, signal.Kind);
        Assert.Equal(Fixture.Ms("2026-11-21T10:15:30Z"), signal.At);
        Assert.Equal(Pseudonyms.OfSignal(TenantKeys.Repeatable, SignalSource.Usage, "evt-1"u8), signal.Id);
        Assert.Equal(Pseudonyms.OfSubject(TenantKeys.Repeatable, "u-17"u8), signal.Subject);
        Assert.Equal(NameId.Of("reports"), signal.Name);
        Assert.Equal(1f, signal.Value);
        Assert.Equal(Signal.NoSentiment, signal.Sentiment);
        Assert.Equal(new NewName(NameId.Of("reports"), "reports"), Assert.Single(batch.Names));
        Assert.False(batch.CountsLines);
    }

    [Fact]
    public void Every_kind_is_read_by_its_names_on_the_wire()
    {
        foreach (var rule in SignalKinds.All)
        {
            var value = rule.Unit is null ? "null" : rule.Max < 1 ? "0" : "1";
            var signal = One($$"""{"id":"1","account":"a","source":"{{rule.Kind.Source().WireName()}}","kind":"{{rule.WireName}}","subject":"s","name":"n","value":{{value}}}""");
            Assert.Equal(rule.Kind, signal.Kind);
            Assert.Equal(rule.Unit is not null, signal.HasValue);
        }
    }

    [Fact]
    public void Without_a_time_it_happened_now() => Assert.Equal(Fixture.Now.ToUnixTimeMilliseconds(), One(Login()).At);

    [Fact]
    public void Nulls_are_absent()
    {
        var signal = One(Login(""","at":null,"subject":null,"name":null,"value":null,"text":null"""));
        Assert.Equal((0UL, 0u, false, false), (signal.Subject, signal.Name, signal.HasValue, signal.HasSentiment));
    }

    [Theory]
    [InlineData("\"12\"", 12)]
    [InlineData("\"1.5e1\"", 15)]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("1440", 1440)]
    [InlineData("17.25", 17.25)]
    [InlineData("\"00012\"", 12)]
    public void Numbers_may_be_strings(string written, float expected) =>
        Assert.Equal(expected, One(Event("usage", "sessionEnded", $",\"value\":{written}")).Value);

    [Theory]
    [InlineData("engagement", "npsAnswered", "11", "11 is outside 0..10 points")]
    [InlineData("engagement", "npsAnswered", "-1", "-1 is outside 0..10 points")]
    [InlineData("engagement", "npsAnswered", "1e308", "1e308 is outside 0..10 points")]
    [InlineData("engagement", "npsAnswered", "1e999", "1e999 is outside 0..10 points")]
    [InlineData("engagement", "npsAnswered", "\"11\"", "11 is outside 0..10 points")]
    [InlineData("engagement", "npsAnswered", "\"NaN\"", "not a number: 'NaN'")]
    [InlineData("engagement", "npsAnswered", "\"Infinity\"", "not a number: 'Infinity'")]
    [InlineData("engagement", "npsAnswered", "\"\"", "not a number: ''")]
    [InlineData("engagement", "npsAnswered", "\"7 points\"", "not a number: '7 points'")]
    [InlineData("engagement", "npsAnswered", "true", "not a number: 'true'")]
    [InlineData("engagement", "npsAnswered", "{\"a\":1}", "not a number: '{\"a\":1}'")]
    [InlineData("engagement", "npsAnswered", "null", "required: npsAnswered carries 0..10 points")]
    [InlineData("billing", "invoicePaid", "-20", "-20 is outside 0..1e12 amount")]
    [InlineData("usage", "sessionEnded", "1441", "1441 is outside 0..1440 minutes")]
    [InlineData("ticket", "csat", "0", "0 is outside 1..5 stars")]
    [InlineData("usage", "login", "1e308", "1e308 is too large for a number")]
    public void A_bad_value_is_refused_with_its_range_and_unit(string source, string kind, string value, string reason) =>
        Assert.Equal(new IntakeError(0, "value", reason), _intake.ErrorOf(WireFormat.Native, Event(source, kind, $",\"subject\":\"s\",\"value\":{value}")));

    [Fact]
    public void A_kind_that_carries_no_number_drops_one() => Assert.False(One(Login(",\"value\":3")).HasValue);

    [Fact]
    public void A_smaller_plan_has_a_negative_value() =>
        Assert.Equal(-99.5f, One(Event("billing", "planChanged", ",\"value\":-99.5")).Value);

    [Theory]
    [InlineData("""{"account":"a","source":"usage","kind":"login"}""", "id", "required: 1 to 128 bytes by which a repeated delivery is recognised")]
    [InlineData("""{"id":"","account":"a","source":"usage","kind":"login"}""", "id", "required: 1 to 128 bytes by which a repeated delivery is recognised")]
    [InlineData("""{"id":{},"account":"a","source":"usage","kind":"login"}""", "id", "not a string: '{}'")]
    [InlineData("""{"id":"\ud800","account":"a","source":"usage","kind":"login"}""", "id", "holds half of a surrogate pair, which is no character")]
    [InlineData("""{"id":"1","source":"usage","kind":"login"}""", "account", "required: the id of the account")]
    [InlineData("""{"id":"1","account":"a b","source":"usage","kind":"login"}""", "account", "'a b': an account id is 1 to 128 characters of A-Z a-z 0-9 . _ : -")]
    [InlineData("""{"id":"1","account":"","source":"usage","kind":"login"}""", "account", "'': an account id is 1 to 128 characters of A-Z a-z 0-9 . _ : -")]
    [InlineData("""{"id":"1","account":"a","kind":"login"}""", "source", "required: usage, ticket, billing, engagement or crm")]
    [InlineData("""{"id":"1","account":"a","source":"Usage","kind":"login"}""", "source", "unknown source 'Usage'; known: usage, ticket, billing, engagement, crm")]
    [InlineData("""{"id":"1","account":"a","source":"ticket"}""", "kind", "required: opened, replied, solved, reopened, csat")]
    [InlineData("""{"id":"1","account":"a","source":"ticket","kind":"closed"}""", "kind", "unknown kind 'closed' of ticket; known: opened, replied, solved, reopened, csat")]
    [InlineData("""{"id":"1","account":"a","source":"ticket","kind":"login"}""", "kind", "unknown kind 'login' of ticket; known: opened, replied, solved, reopened, csat ('login' is a kind of usage)")]
    [InlineData("""{"id":"1","account":"a","source":"ticket","kind":"opened"}""", "subject", "required: opened is about a ticket")]
    [InlineData("""{"id":"1","account":"a","source":"usage","kind":"featureUsed"}""", "name", "required for featureUsed")]
    [InlineData("""{"id":"1","account":"a","source":"crm","kind":"noteAdded","text":5}""", "text", "not a string: '5'")]
    public void What_is_missing_or_wrong_is_refused_by_field(string body, string field, string reason) =>
        Assert.Equal(new IntakeError(0, field, reason), _intake.ErrorOf(WireFormat.Native, body));

    [Theory]
    [InlineData("\"12/31/26\"", "not an RFC 3339 time: '12/31/26'")]
    [InlineData("1795255530", "not an RFC 3339 time: '1795255530'")]
    [InlineData("\"2026-11-22T12:00:01Z\"", "too far ahead: '2026-11-22T12:00:01Z' is more than 24 h after now (2026-11-21T12:00:00Z)")]
    [InlineData("\"9999-12-31T23:59:59Z\"", "too far ahead: '9999-12-31T23:59:59Z' is more than 24 h after now (2026-11-21T12:00:00Z)")]
    [InlineData("\"0001-01-01T00:00:00Z\"", "too long ago: '0001-01-01T00:00:00Z' is before the year 2000")]
    [InlineData("\"a\\u0000\\n\"", "not an RFC 3339 time: 'a\\u0000\\u000a'")]
    public void A_bad_time_is_refused(string at, string reason) =>
        Assert.Equal(new IntakeError(0, "at", reason), _intake.ErrorOf(WireFormat.Native, Login($",\"at\":{at}")));

    [Fact]
    public void A_time_up_to_24_hours_ahead_or_years_ago_is_taken()
    {
        Assert.Equal(Fixture.Ms("2026-11-22T12:00:00Z"), One(Login(",\"at\":\"2026-11-22T12:00:00Z\"")).At);
        Assert.Equal(Fixture.Ms("2009-01-01T00:00:00Z"), One(Login(",\"at\":\"2009-01-01T00:00:00Z\"")).At);
    }

    [Fact]
    public void Limits_are_in_bytes()
    {
        Assert.Equal(0, _intake.Native(Login().Replace("\"1\"", $"\"{new string('é', 64)}\"", StringComparison.Ordinal)).Rejected);
        Assert.Equal("id", _intake.ErrorOf(WireFormat.Native, Login().Replace("\"1\"", $"\"{new string('é', 65)}\"", StringComparison.Ordinal)).Field);
        Assert.Equal(0, _intake.Native(Event("usage", "featureUsed", $",\"name\":\"{new string('n', 128)}\"")).Rejected);
        var error = _intake.ErrorOf(WireFormat.Native, Event("usage", "featureUsed", $",\"name\":\"{new string('n', 129)}\""));
        Assert.Equal(new IntakeError(0, "name", $"longer than 128 bytes: '{new string('n', 40)}...'"), error);
    }

    [Fact]
    public void The_last_of_a_property_given_twice_counts_and_unknown_ones_do_not_matter() =>
        Assert.Equal(
            5f, One("""{"x":[{"id":9}],"id":"0","id":"1","account":"a","source":"usage","kind":"login","kind":"seatsInUse","value":7,"value":"5","more":{}}""").Value);

    [Fact]
    public void Escaped_names_and_values_are_the_same_as_plain_ones()
    {
        var plain = One(Event("usage", "featureUsed", ",\"subject\":\"zoë\",\"name\":\"a/b\",\"at\":\"2026-11-21T10:00:00Z\""));
        var escaped = One("""{"\u0069d":"\u0031","account":"\u0061","source":"\u0075sage","kind":"feature\u0055sed","subject":"zo\u00eb","name":"a\/b","at":"2026-11-21T10\u003a00:00Z"}""");
        Assert.Equal(plain, escaped);
    }

    [Fact]
    public void Numbers_serve_as_ids()
    {
        var signal = One("""{"id":1,"account":42,"source":"ticket","kind":"solved","subject":7}""");
        Assert.Equal(One("""{"id":"1","account":"42","source":"ticket","kind":"solved","subject":"7"}"""), signal);
        Assert.Equal("42", _intake.Batch.Signals[0].Account);
    }

    [Fact]
    public void Text_leaves_its_tone_and_empty_text_none()
    {
        Assert.True(One(Event("ticket", "opened", ",\"subject\":\"t\",\"text\":\"cannot log in, this is the third time, we are losing money\"")).Sentiment < -30);
        Assert.True(One(Event("ticket", "opened", ",\"subject\":\"t\",\"text\":\"thanks, works\\ngreat now \\ud83d\"")).Sentiment > 30);
        Assert.Equal(0, One(Event("ticket", "opened", ",\"subject\":\"t\",\"text\":\"How do I export a report?\"")).Sentiment);
        Assert.False(One(Event("ticket", "opened", ",\"subject\":\"t\",\"text\":\" \\n\"")).HasSentiment);
    }

    [Fact]
    public void A_name_goes_into_the_batch_once_and_not_when_the_host_knows_it()
    {
        _intake.Known[NameId.Of("known")] = "known";
        var lines = Enumerable.Range(0, 200).Select(i => Event("usage", "featureUsed", $",\"name\":\"f{i % 50}\""))
            .Append(Event("usage", "featureUsed", ",\"name\":\"known\""));
        var batch = _intake.Native(string.Join('\n', lines));
        Assert.Equal(201, batch.Count);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"f{i}"), batch.Names.Select(name => name.Text));
    }

    [Fact]
    public void A_rejected_signal_leaves_no_name() =>
        Assert.Empty(_intake.Native(Event("usage", "featureUsed", ",\"name\":\"f\",\"value\":-1")).Names);

    [Fact]
    public void Bad_elements_of_an_array_are_refused_one_by_one()
    {
        var batch = _intake.Native($"[{Login()}, 5, null, \"x\", [], {{}}, {Login()}]");
        Assert.Equal((2, 5, 7), (batch.Count, batch.Rejected, batch.Sent));
        Assert.Equal([1, 2, 3, 4, 5], batch.Errors.Select(error => error.Position));
        Assert.Equal("not an object: '5'", batch.Errors[0].Reason);
        Assert.Equal("id", batch.Errors[4].Field);
        Assert.False(batch.CountsLines);
    }

    [Fact]
    public void A_broken_line_is_one_rejection_and_blank_lines_only_count()
    {
        var batch = _intake.Native($"{Login()}\n\n  \r\n{{\"id\":\n{Login()}\r\n[1]\n{Login()} x\n{Login()}", BodyShape.Lines);
        Assert.Equal((3, 3), (batch.Count, batch.Rejected));
        Assert.True(batch.CountsLines);
        Assert.Equal(
            [
                new IntakeError(4, "", "not JSON: expected a value, found the end at byte 7"),
                new IntakeError(6, "", "expected one JSON object a line, found '[1]'"),
                new IntakeError(7, "", "not JSON: expected the end after the value at byte 58"),
            ],
            batch.Errors);
    }

    [Fact]
    public void Invalid_utf_8_refuses_its_line_alone()
    {
        byte[] body = [.. Encoding.UTF8.GetBytes(Login() + "\n{\"id\":\""), 0xC3, 0x28, .. Encoding.UTF8.GetBytes("\"}\n" + Login())];
        var batch = _intake.Read(WireFormat.Native, body);
        Assert.Equal((2, 1), (batch.Count, batch.Rejected));
        Assert.Equal(new IntakeError(2, "", "not UTF-8 at byte 8"), batch.Errors[0]);
    }

    [Theory]
    [InlineData("", "the body is empty; send at least one event, such as { \"id\"", 0, 0)]
    [InlineData(" \n ", "the body is empty", 0, 0)]
    [InlineData("hello", "expected a JSON array, object, or NDJSON, such as {", 1, 1)]
    [InlineData("[{\"id\":\"1\"},\n{\"id\" 1}]", "expected ':' after a property name", 2, 7)]
    [InlineData("[{\"id\":NaN}]", "expected a value", 1, 8)]
    [InlineData("[{}] x", "expected the end after the value", 1, 6)]
    [InlineData("[{}", "expected ',' or ']'", 1, 4)]
    [InlineData("[", "expected ',' or ']'", 1, 2)]
    [InlineData("{\n\"id\": \"1\",\n\"account\"\n}", "expected ':' after a property name", 4, 1)]
    public void A_body_that_is_no_JSON_is_refused_whole_with_the_place(string body, string reason, long line, long column)
    {
        var failure = Assert.Throws<IntakeFormatException>(() => _intake.Native(body));
        Assert.StartsWith(reason, failure.Reason, StringComparison.Ordinal);
        Assert.Equal((line, column), (failure.Line, failure.Column));
        Assert.Equal(0, _intake.Batch.Sent);
    }

    [Fact]
    public void Nothing_is_half_taken_of_a_body_that_breaks_later()
    {
        Assert.Throws<IntakeFormatException>(() => _intake.Native($"[{Event("usage", "featureUsed", ",\"name\":\"f\"")},{Login()},{{]"));
        Assert.Equal((0, 0, 0), (_intake.Batch.Count, _intake.Batch.Sent, _intake.Batch.Names.Count));
    }

    [Fact]
    public void The_shape_is_told_by_the_body_unless_the_content_type_promises_one()
    {
        Assert.Equal(1, _intake.Native("{\n \"id\":\"1\",\n \"account\":\"a\",\n \"source\":\"usage\",\n \"kind\":\"login\"\n}\n").Count);
        Assert.Equal(2, _intake.Native($"{Login()}\n{Login()}").Count);
        Assert.Equal((1, 1), (_intake.Native($"{{broken\n{Login()}").Count, _intake.Batch.Rejected));
        Assert.Equal(1, _intake.Native("\uFEFF" + Login()).Count);
        Assert.Equal(0, _intake.Native("[]").Sent);
        var failure = Assert.Throws<IntakeFormatException>(() => _intake.Native($"{Login()}\n{Login()}", BodyShape.Json));
        Assert.Contains("application/x-ndjson", failure.Reason, StringComparison.Ordinal);
        Assert.Equal(BodyShape.Lines, WireFormats.ShapeOf("application/x-ndjson; charset=utf-8"));
        Assert.Equal(BodyShape.Json, WireFormats.ShapeOf("Application/JSON"));
        Assert.Equal(BodyShape.Detect, WireFormats.ShapeOf("application/x-www-form-urlencoded"));
        Assert.Equal(BodyShape.Detect, WireFormats.ShapeOf(null));
    }

    [Fact]
    public void A_body_in_pieces_is_read_as_one()
    {
        var body = Encoding.UTF8.GetBytes($"[{Login()},{Event("usage", "featureUsed", ",\"name\":\"f\"")}]");
        var first = new Piece(body.AsMemory(0, 20), null);
        var last = new Piece(body.AsMemory(20), first);
        NativeReader.Read(new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length), _intake.Context, _intake.Batch);
        Assert.Equal(2, _intake.Batch.Count);
    }

    private Signal One(string body)
    {
        var batch = _intake.Native(body);
        Assert.Empty(batch.Errors);
        return Assert.Single(batch.Signals.ToArray()).Signal;
    }

    private static string Login(string more = "") => Event("usage", "login", more);

    private static string Event(string source, string kind, string more) =>
        $$"""{"id":"1","account":"a","source":"{{source}}","kind":"{{kind}}"{{more}}}""";

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            RunningIndex = before is null ? 0 : before.RunningIndex + before.Memory.Length;
            before?.Next = this;
        }
    }
}
