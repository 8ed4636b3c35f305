using System.Text;
using HealthGrains.Hosting;

namespace HealthGrains.Intake.Tests;

public class MessageReaderTests
{
    private const string Login = """{"id":"1","account":"acme","source":"usage","kind":"login"}""";

    private readonly Fixture _intake = new() { Accounts = { "acme" } };
    private readonly IntakeBatch _batch = new();

    [Fact]
    public void Messages_of_all_shapes_and_formats_come_into_one_batch()
    {
        var reader = new MessageReader(_intake.Context, _batch);
        Read(reader, WireFormat.Native, Login);
        Read(reader, WireFormat.Native, $"[{Login},{Login}]");
        Read(reader, WireFormat.Native, $"{Login}\n{Login}\n");
        Read(reader, WireFormat.Native, Login, BodyShape.Lines);
        Read(reader, WireFormat.Segment, """{"type":"group","messageId":"2","userId":"u","groupId":"acme"}""");
        Read(reader, WireFormat.Segment, """[{"type":"page","messageId":"3","userId":"u","name":"Home"}]""");
        Assert.Equal((7, 0), (_batch.Count, _batch.Rejected));
        Assert.Equal(1, _batch.TakenWithoutSignal);
    }

    [Fact]
    public void What_is_wrong_with_one_message_leaves_the_others_alone()
    {
        var reader = new MessageReader(_intake.Context, _batch);
        Read(reader, WireFormat.Native, Login);
        Assert.Throws<IntakeFormatException>(() => Read(reader, WireFormat.Native, "{broken"));
        Assert.Throws<IntakeFormatException>(() => Read(reader, WireFormat.Native, $"[{Login},{Login}"));
        Assert.Throws<IntakeFormatException>(() => Read(reader, WireFormat.Native, " "));
        Read(reader, WireFormat.Native, $"{Login}\n{{\"id\":\"2\"}}");
        Read(reader, WireFormat.Native, Login);
        Assert.Equal((3, 1), (_batch.Count, _batch.Rejected));
        Assert.Equal((2, "account"), (_batch.Errors[0].Position, _batch.Errors[0].Field));
    }

    [Fact]
    public void A_new_name_is_in_the_batch_once_however_many_messages_have_it()
    {
        var reader = new MessageReader(_intake.Context, _batch);
        string Used(string name) => $$"""{"id":"1","account":"acme","source":"usage","kind":"featureUsed","subject":"u","name":"{{name}}"}""";
        for (var i = 0; i < 60; i++)
        {
            Read(reader, WireFormat.Native, Used($"feature-{i % 20}"));
            Read(reader, WireFormat.Native, $"[{Used($"feature-{i % 25}")}]");
        }

        Assert.Equal(25, _batch.Names.Count);
        Assert.Equal(25, _batch.Names.Select(name => name.Id).Distinct().Count());
    }

    [Fact]
    public void The_account_and_the_time_of_the_message_stand_in_for_absent_ones()
    {
        var reader = new MessageReader(_intake.Context, _batch);
        const string bare = """{"id":"1","source":"usage","kind":"login"}""";
        var at = Fixture.Now.AddHours(-6);
        Read(reader, WireFormat.Native, bare, account: "globex", at: at);
        Read(reader, WireFormat.Native, $"[{bare}]", account: "initech", at: at);
        Read(reader, WireFormat.Native, Login, account: "globex", at: DateTimeOffset.UnixEpoch);
        Read(reader, WireFormat.Native, bare);
        Assert.Equal(["globex", "initech", "acme"], _batch.Signals.ToArray().Select(one => one.Account));
        Assert.Equal([at, at, Fixture.Now], _batch.Signals.ToArray().Select(one => DateTimeOffset.FromUnixTimeMilliseconds(one.Signal.At)));
        Assert.Equal(("account", "required: the id of the account"), (_batch.Errors[0].Field, _batch.Errors[0].Reason));
    }

    private static void Read(
        MessageReader reader, WireFormat format, string body, BodyShape shape = BodyShape.Detect, string? account = null,
        DateTimeOffset? at = null) => reader.Read(format, Encoding.UTF8.GetBytes(body), shape, account, at);
}
