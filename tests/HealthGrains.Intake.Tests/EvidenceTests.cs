using System.Text;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Intake.Tests;

/// <summary>What a signal says beside what happened: where to see it, and of a ticket how urgent it is.</summary>
public sealed class EvidenceTests
{
    private readonly Fixture _intake = new();

    [Fact]
    public void The_address_of_a_ticket_is_kept_beside_the_signal()
    {
        var batch = _intake.Native(Opened(""","url":"https://desk.example.com:8443/tickets/17?view=all#last" """));
        Assert.Equal(
            new EvidenceLink("acme", SignalKind.TicketOpened, Fixture.Ms("2026-11-21T10:00:00Z"), "https://desk.example.com:8443/tickets/17?view=all#last"),
            Assert.Single(batch.Evidence));
        Assert.Equal(1, batch.Count);
        batch.Clear();
        Assert.Empty(batch.Evidence);
    }

    [Fact]
    public void Of_a_login_nobody_wants_to_see_it_so_its_address_is_not_kept()
    {
        var batch = _intake.Native("""{"id":"1","account":"acme","source":"usage","kind":"login","url":"https://app.example.com/x"}""");
        Assert.Equal((1, 0), (batch.Count, batch.Evidence.Count));
    }

    [Theory]
    [InlineData("http://desk.example.com/1", "only https:// is taken")]
    [InlineData("javascript://alert(1)", "only https:// is taken")]
    [InlineData("javascript:alert(1)", "not a whole address")]
    [InlineData("/tickets/17", "not a whole address")]
    [InlineData("https://", "it names no host")]
    [InlineData("https:///path", "it names no host")]
    [InlineData("https://:443/path", "it names no host")]
    [InlineData("https://kim:secret@desk.example.com/1", "it names a user")]
    [InlineData("https://desk.example.com/a b", "percent-encode it")]
    [InlineData("https://desk.example.com/<script>", "percent-encode it")]
    [InlineData("https://desk.example.com/ü", "percent-encode it")]
    public void Any_other_address_is_refused_by_what_is_wrong_with_it(string url, string reason)
    {
        var error = _intake.ErrorOf(WireFormat.Native, Opened($",\"url\":\"{url}\""));
        Assert.Equal("url", error.Field);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
        Assert.Empty(_intake.Batch.Evidence);
    }

    [Fact]
    public void It_is_a_text_of_a_kilobyte_at_most()
    {
        Assert.Contains("not a string", _intake.ErrorOf(WireFormat.Native, Opened(""","url":17""")).Reason, StringComparison.Ordinal);
        var longest = "https://desk.example.com/" + new string('x', 1024 - 25);
        Assert.Single(_intake.Native(Opened($",\"url\":\"{longest}\"")).Evidence);
        Assert.StartsWith("1025 bytes", _intake.ErrorOf(WireFormat.Native, Opened($",\"url\":\"{longest}x\"")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Slashes_may_be_escaped_and_so_may_the_name_beside_it()
    {
        var link = Assert.Single(_intake.Native(
            Opened(""","name":"b\u0075g","url":"https:\/\/desk.example.com\/17" """)).Evidence);
        Assert.Equal("https://desk.example.com/17", link.Url);
        Assert.Equal(NameId.Of("bug"), _intake.Batch.Signals[0].Signal.Name);
    }

    [Fact]
    public void A_signal_that_is_refused_leaves_no_address() =>
        Assert.Empty(_intake.Native(
            """{"id":"1","account":"acme","source":"ticket","kind":"opened","url":"https://desk.example.com/1"}""").Evidence);

    [Theory]
    [InlineData("low", 1)]
    [InlineData("Normal", 2)]
    [InlineData("HIGH", 3)]
    [InlineData("urgent", 4)]
    public void A_ticket_may_say_its_priority(string word, float expected) =>
        Assert.Equal(expected, _intake.Native(Opened($",\"priority\":\"{word}\"")).Signals[0].Signal.Value);

    [Fact]
    public void An_unknown_priority_is_refused_with_the_known_ones_and_of_other_kinds_it_is_passed_over()
    {
        var error = _intake.ErrorOf(WireFormat.Native, Opened(""","priority":"blocker" """));
        Assert.Equal(("priority", "'blocker' is not one of low, normal, high, urgent"), (error.Field, error.Reason));
        Assert.Equal(1, _intake.Native("""{"id":"1","account":"acme","source":"usage","kind":"login","priority":"blocker"}""").Count);
    }

    [Theory]
    [InlineData("17", float.NaN)]
    [InlineData("0", float.NaN)]
    [InlineData("4", 4)]
    public void A_number_that_is_no_priority_is_dropped_as_it_was_before_tickets_had_any(string value, float expected) =>
        Assert.Equal(expected, _intake.Native(Opened($",\"value\":{value}")).Signals[0].Signal.Value);

    [Fact]
    public void A_message_of_a_log_that_holds_several_signals_keeps_the_addresses_of_all()
    {
        var batch = new IntakeBatch();
        var reader = new MessageReader(_intake.Context, batch);
        var body = Opened(""","url":"https://desk.example.com/1" """) + "\n" + Opened(""","url":"https://desk.example.com/2" """, "2");
        reader.Read(WireFormat.Native, Encoding.UTF8.GetBytes(body), BodyShape.Lines);
        Assert.Equal(["https://desk.example.com/1", "https://desk.example.com/2"], batch.Evidence.Select(link => link.Url));
    }

    private static string Opened(string more, string id = "1") =>
        $$"""{"id":"{{id}}","account":"acme","source":"ticket","kind":"opened","at":"2026-11-21T10:00:00Z","subject":"t-17"{{more}}}""";
}
