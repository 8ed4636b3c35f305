using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using HealthGrains.Intake;
using HealthGrains.Signals;

namespace HealthGrains.Kafka.Tests;

public sealed class RejectedTests
{
    private static readonly Signal Login = new(7, KafkaFixture.Now.ToUnixTimeMilliseconds(), SignalKind.Login, 3);

    [KafkaFact]
    public async Task A_message_that_cannot_be_read_goes_to_the_rejected_topic_with_its_reason_and_its_own_headers()
    {
        await using var kafka = new KafkaFixture();
        var sink = new RecordingSink();
        await kafka.StartAsync(sink);
        await kafka.SendLoginsAsync(0, 3);
        await kafka.SendAsync(SignalSource.Usage, KafkaFixture.Message("acme", "{broken", ("trace", "t-1"), ("trace", "t-2")));
        await kafka.SendLoginsAsync(3, 1);
        await kafka.UntilHandedAsync(sink, 4);

        var rejected = Assert.Single(kafka.Kafka.Read(kafka.Kafka.Options().Rejected, 1)).Message;
        Assert.Equal(("acme", "{broken"), (rejected.Key, Encoding.UTF8.GetString(rejected.Value!)));
        Assert.StartsWith("line 1, byte 2: ", Header(rejected, RejectedTopic.ReasonHeader), StringComparison.Ordinal);
        Assert.Equal("", Header(rejected, RejectedTopic.FieldHeader));
        Assert.Equal((kafka.Usage, "0", "3"),
            (Header(rejected, RejectedTopic.TopicHeader), Header(rejected, RejectedTopic.PartitionHeader),
                Header(rejected, RejectedTopic.OffsetHeader)));
        Assert.Equal(
            ["t-1", "t-2"], rejected.Headers.Where(header => header.Key == "trace").Select(header => Encoding.UTF8.GetString(header.GetValueBytes())));
        await kafka.UntilCommittedAsync(kafka.First, 5);
    }

    [KafkaFact]
    public async Task The_good_part_of_a_message_is_taken_and_the_message_rejected_with_each_reason()
    {
        await using var kafka = new KafkaFixture();
        var sink = new RecordingSink();
        await kafka.StartAsync(sink);
        var lines = string.Join('\n', KafkaFixture.Login(1, "acme"), """{"id":"2","account":"acme","source":"usage","kind":"logon"}""",
            KafkaFixture.Login(3, "acme"), """{"account":"acme","source":"usage","kind":"login"}""");
        await kafka.SendAsync(SignalSource.Usage, KafkaFixture.Message("acme", lines, ("content-type", "application/x-ndjson")));
        await kafka.UntilHandedAsync(sink, 2);
        Assert.Equal([KafkaFixture.IdOf(1), KafkaFixture.IdOf(3)], sink.All.Select(one => one.Signal.Id));

        var rejected = Assert.Single(kafka.Kafka.Read(kafka.Kafka.Options().Rejected, 1)).Message;
        Assert.Equal(("kind", "2"), (Header(rejected, RejectedTopic.FieldHeader), Header(rejected, RejectedTopic.CountHeader)));
        var errors = JsonDocument.Parse(Header(rejected, RejectedTopic.ErrorsHeader)!).RootElement;
        Assert.Equal([(2, "kind"), (4, "id")],
            errors.EnumerateArray().Select(error => (error.GetProperty("position").GetInt32(), error.GetProperty("field").GetString()!)));
    }

    [KafkaFact]
    public async Task What_is_wrong_with_keys_formats_and_profiles_is_said()
    {
        await using var kafka = new KafkaFixture();
        var sink = new RecordingSink
        {
            BeforeProfile = account =>
            {
                if (account == "bad") throw new IntakeFormatException("a profile has a name");
            },
        };
        await kafka.StartAsync(sink);
        var packed = new byte[PackedSignals.SizeOf(1)];
        PackedSignals.Write([Login], packed);
        await kafka.SendAsync(SignalSource.Crm,
            KafkaFixture.Message(null, packed, ("format", "packed")),
            KafkaFixture.Message("not an account", packed, ("format", "packed")),
            KafkaFixture.Message("acme", packed[..^1], ("format", "packed")),
            KafkaFixture.Message("acme", "<xml/>", ("format", "xml")),
            KafkaFixture.Message("bad", "{}", ("format", "profile")),
            KafkaFixture.Message(null, "{}", ("format", "profile")),
            KafkaFixture.Message(null, """{"id":"1","source":"usage","kind":"login"}"""),
            KafkaFixture.Message("good", "{}", ("format", "PROFILE"), ("actor", "ann")));
        await Wait.Until(() => !sink.Profiles.IsEmpty, () => $"the good profile\n{kafka.Logger}");

        var reasons = kafka.Kafka.Read(kafka.Kafka.Options().Rejected, 7)
            .Select(one => (Header(one.Message, RejectedTopic.FieldHeader), Header(one.Message, RejectedTopic.ReasonHeader)!)).ToList();
        Assert.Equal(["key", "key", "", "format", "", "key", "account"], reasons.Select(reason => reason.Item1));
        Assert.Contains("a header and 1 records take 43", reasons[2].Item2, StringComparison.Ordinal);
        Assert.Equal("no such format 'xml'; known: native, segment, stripe, any, packed, profile", reasons[3].Item2);
        Assert.Equal("a profile has a name", reasons[4].Item2);
        Assert.Equal((7L, "good", "ann"), sink.Profiles.Select(profile => (profile.Offset, profile.Account, profile.Actor)).Single());
        Assert.Empty(sink.All);
    }

    [KafkaFact]
    public async Task Empty_messages_are_passed_over()
    {
        await using var kafka = new KafkaFixture();
        var sink = new RecordingSink();
        await kafka.StartAsync(sink);
        await kafka.SendAsync(SignalSource.Usage, KafkaFixture.Message("acme", (byte[]?)null), KafkaFixture.Message("acme", ""));
        await kafka.SendLoginsAsync(0, 1);
        await kafka.UntilCommittedAsync(kafka.First, 3);
        Assert.Single(sink.All);
        Assert.DoesNotContain(kafka.Logger.ToString(), "rejected topic", StringComparison.Ordinal);
    }

    [KafkaFact]
    public async Task The_account_of_a_native_signal_is_its_own_and_else_the_key()
    {
        await using var kafka = new KafkaFixture();
        var sink = new RecordingSink();
        await kafka.StartAsync(sink);
        await kafka.SendAsync(SignalSource.Usage,
            KafkaFixture.Message("other", KafkaFixture.Login(1, "acme")),
            KafkaFixture.Message("globex", """{"id":"2","source":"usage","kind":"login"}"""),
            KafkaFixture.Message(null, KafkaFixture.Login(3, "initech")));
        await kafka.UntilHandedAsync(sink, 3);
        Assert.Equal(["acme", "globex", "initech"], sink.All.Select(one => one.Account));
    }

    [KafkaFact]
    public async Task While_the_rejected_topic_cannot_be_written_nothing_advances_and_afterwards_nothing_is_missing()
    {
        await using var kafka = new KafkaFixture();
        var rejected = kafka.Kafka.Options().Rejected;
        var sink = new RecordingSink();
        await kafka.StartAsync(sink, options => options.AppendTimeout = TimeSpan.FromMilliseconds(300));
        await kafka.SendLoginsAsync(0, 2);
        await kafka.UntilCommittedAsync(kafka.First, 2);
        kafka.Kafka.Break(rejected, ErrorCode.TopicAuthorizationFailed);
        await kafka.SendAsync(SignalSource.Usage, KafkaFixture.Message("acme", "{broken"));
        await kafka.SendLoginsAsync(2, 2);
        await Wait.Until(
            () => kafka.Logger.At(Microsoft.Extensions.Logging.LogLevel.Warning).Count(line => line.Contains("reject failed", StringComparison.Ordinal)) >= 2,
            () => $"two failures to reject\n{kafka.Logger}");
        Assert.Equal((2, 2L), (sink.Count, kafka.Committed(kafka.First)));

        kafka.Kafka.Mend(rejected);
        await kafka.UntilHandedAsync(sink, 4);
        Assert.Equal("2", Header(kafka.Kafka.Read(rejected, 1)[0].Message, RejectedTopic.OffsetHeader));
        await kafka.UntilCommittedAsync(kafka.First, 5);
    }

    [KafkaFact]
    public async Task A_topic_may_have_a_format_of_its_own()
    {
        await using var kafka = new KafkaFixture();
        var sink = new RecordingSink();
        await kafka.StartAsync(sink, options => options.Formats[SignalSource.Usage] = "segment");
        const string track = """{"type":"track","messageId":"m1","userId":"u1","event":"Session Ended","properties":{"minutes":"12"},"context":{"groupId":"acme"}}""";
        await kafka.SendAsync(SignalSource.Usage,
            KafkaFixture.Message("u1", track),
            KafkaFixture.Message("acme", KafkaFixture.Login(1, "acme"), ("format", "native")));
        await kafka.UntilHandedAsync(sink, 2);
        Assert.Equal([SignalKind.SessionEnded, SignalKind.Login], sink.All.Select(one => one.Signal.Kind));
    }

    private static string? Header(Message<string?, byte[]?> message, string name) =>
        message.Headers.TryGetLastBytes(name, out var value) ? Encoding.UTF8.GetString(value) : null;
}
