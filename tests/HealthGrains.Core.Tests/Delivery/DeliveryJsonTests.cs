using System.Text;
using System.Text.Json.Nodes;
using HealthGrains.Delivery;

namespace HealthGrains.Core.Tests.Delivery;

public sealed class DeliveryJsonTests
{
    [Fact]
    public void A_body_says_what_type_it_is()
    {
        Assert.Equal("""{"type":"chat","text":"hi"}""", Text(new ChatBody("hi", null)));
        Assert.Equal(
            """{"type":"email","to":"jo@x.example","replyTo":"csm@us.example","subject":"s","text":"t"}""",
            Text(new EmailBody("jo@x.example", null, "csm@us.example", "s", "t")));
        Assert.Equal("""{"type":"notice","event":"play.started","data":{"n":1}}""", Text(new NoticeBody("play.started", new JsonObject { ["n"] = 1 })));
        Assert.Equal(
            """{"type":"crm","kind":"account","accountId":"a","externalIds":{"hubspot":"7"},"fields":{"score":41.5}}""",
            Text(new CrmBody(CrmKind.Account, "a", new Dictionary<string, string> { ["hubspot"] = "7" }, new JsonObject { ["score"] = 41.5 })));
    }

    [Fact]
    public void Its_properties_may_come_in_any_order() =>
        Assert.Equal(new ChatBody("hi", "https://x.example"), Body("""{"link":"https://x.example","text":"hi","type":"chat"}"""));

    [Fact]
    public void A_dispatch_comes_back_as_it_went()
    {
        var dispatch = new Dispatch("acme:17", "acme", "jo", ReceiverKeys.Chat, 5, 7, new ChatBody("hi", null));
        Assert.Equal(dispatch, DeliveryJson.ReadDispatch(DeliveryJson.Write(dispatch)));
    }

    [Fact]
    public void A_letter_keeps_its_quiet_hours()
    {
        var night = new QuietTime(new TimeOnly(18, 0), new TimeOnly(8, 30), true, "America/New_York");
        var body = Body(Text(new EmailBody("jo@x.example", null, null, "s", "t") { Quiet = [night] }));
        Assert.Equal(night, Assert.Single(((EmailBody)body).Quiet!));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"type":"fax"}""")]
    [InlineData("""{"type":"chat","text":""")]
    public void What_is_no_body_is_told(string json) => Assert.Throws<InvalidDataException>(() => Body(json));

    private static string Text(DeliveryBody body) => Encoding.UTF8.GetString(DeliveryJson.Write(body));

    private static DeliveryBody Body(string json) => DeliveryJson.ReadBody(Encoding.UTF8.GetBytes(json));
}
