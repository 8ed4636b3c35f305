using System.Text;
using System.Text.Json;

namespace HealthGrains.Intake.Tests;

/// <summary>Our cursor against the platform's reader: they must agree on what is JSON.</summary>
public class JsonTests
{
    private const string Sample =
        """{"id":"e\u00e9\ud83d\ude00\n","n":[-0.5e+10,0,12,1E3,{}],"t":true,"f":false,"z":null,"o":{"a":{"b":[[],[1,"x"]]}}}""";

    [Theory]
    [InlineData("{}")]
    [InlineData(" [ 1 , 2 ] ")]
    [InlineData(Sample)]
    [InlineData("01")]
    [InlineData("-")]
    [InlineData("1.")]
    [InlineData("1e")]
    [InlineData(".5")]
    [InlineData("+1")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("tru")]
    [InlineData("True")]
    [InlineData("'a'")]
    [InlineData("[1,]")]
    [InlineData("[,1]")]
    [InlineData("[1 2]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{a:1}")]
    [InlineData("\"\\x\"")]
    [InlineData("\"\\u12g4\"")]
    [InlineData("\"\\u12")]
    [InlineData("\"a\tb\"")]
    [InlineData("\"open")]
    [InlineData("{\"a\":[}")]
    [InlineData("[1]]")]
    [InlineData("/* c */ 1")]
    [InlineData("")]
    [InlineData("  ")]
    public void Both_agree(string json) => Assert.Equal(Platform(Encoding.UTF8.GetBytes(json)), Ours(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Both_agree_on_mutated_json()
    {
        var random = new Random(17);
        var good = Encoding.UTF8.GetBytes(Sample);
        var symbols = "{}[]\",:\\eE+-.0129tfnu \n\t\u0001"u8.ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new List<byte>(good);
            for (var change = 0; change < 1 + i % 3; change++)
            {
                var at = random.Next(bytes.Count);
                if (random.Next(3) == 0) bytes.RemoveAt(at);
                else if (random.Next(2) == 0) bytes[at] = symbols[random.Next(symbols.Length)];
                else bytes.Insert(at, symbols[random.Next(symbols.Length)]);
            }
            var json = bytes.ToArray();
            Assert.True(Platform(json) == Ours(json), Encoding.UTF8.GetString(json));
        }
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(1000, false)]
    [InlineData(1_000_000, false)]
    public void Nesting_ends_at_64(int depth, bool accepted)
    {
        var json = Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));
        Assert.Equal(accepted, Ours(json));
        if (depth <= 1000) Assert.Equal(accepted, Platform(json));
    }

    [Fact]
    public void Escapes_are_read_as_the_platform_reads_them()
    {
        const string Escaped = """a\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC\uD83D\uDE00z""";
        var expected = JsonDocument.Parse($"\"{Escaped}\"").RootElement.GetString();
        Span<byte> plain = stackalloc byte[100];
        Assert.Equal(JsonText.Outcome.Whole, JsonText.Unescape(Encoding.UTF8.GetBytes(Escaped), plain, out var length));
        Assert.Equal(expected, Encoding.UTF8.GetString(plain[..length]));
        Assert.Equal(JsonText.Outcome.Cut, JsonText.Unescape(Encoding.UTF8.GetBytes(Escaped), plain[..5], out length));
        Assert.Equal("a\"\\/\b", Encoding.UTF8.GetString(plain[..length]));
        Assert.Equal(JsonText.Outcome.HalfSurrogate, JsonText.Unescape("""\ud83dx"""u8, plain, out length));
        Assert.Equal("\uFFFDx", Encoding.UTF8.GetString(plain[..length]));
    }

    [Fact]
    public void An_echo_is_short_and_shows_control_characters()
    {
        Assert.Equal("'a\\u0000b\\u000a'", JsonText.Echo("a\0b\n"u8));
        Assert.Equal($"'{new string('x', 40)}...'", JsonText.Echo(Encoding.UTF8.GetBytes(new string('x', 10_000))));
        Assert.Equal("'\uFFFDa'", JsonText.Echo([0xFF, (byte)'a']));
    }

    private static bool Ours(byte[] json)
    {
        var cursor = new JsonCursor(json);
        var good = cursor.ReadValue(out _, 0) && cursor.TakeEnd();
        Assert.Equal(good, cursor.Fault is null);
        return good;
    }

    private static bool Platform(byte[] json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
