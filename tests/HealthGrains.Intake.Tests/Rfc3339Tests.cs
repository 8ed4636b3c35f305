using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace HealthGrains.Intake.Tests;

public class Rfc3339Tests
{
    [Theory]
    [InlineData("2026-11-21T10:15:30Z", "2026-11-21T10:15:30Z")]
    [InlineData("2026-11-21t10:15:30z", "2026-11-21T10:15:30Z")]
    [InlineData("2026-11-21 10:15:30Z", "2026-11-21T10:15:30Z")]
    [InlineData("2026-11-21T10:15:30.5Z", "2026-11-21T10:15:30.500Z")]
    [InlineData("2026-11-21T10:15:30.123456789Z", "2026-11-21T10:15:30.123Z")]
    [InlineData("2026-11-21T10:15:30+02:00", "2026-11-21T08:15:30Z")]
    [InlineData("2026-11-21T10:15:30-05:30", "2026-11-21T15:45:30Z")]
    [InlineData("2026-11-21T10:15:30-00:00", "2026-11-21T10:15:30Z")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z")]
    [InlineData("1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z")]
    public void A_time_is_read(string written, string expected)
    {
        Assert.True(Rfc3339.TryParse(Encoding.UTF8.GetBytes(written), out var at));
        Assert.Equal(Fixture.Ms(expected), at);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12/31/26")]
    [InlineData("2026-11-21")]
    [InlineData("2026-11-21T10:15:30")]
    [InlineData("2026-11-21T10:15Z")]
    [InlineData("2026-13-21T10:15:30Z")]
    [InlineData("2026-00-21T10:15:30Z")]
    [InlineData("2026-11-31T10:15:30Z")]
    [InlineData("2025-02-29T10:15:30Z")]
    [InlineData("2026-11-21T24:00:00Z")]
    [InlineData("2026-11-21T10:60:00Z")]
    [InlineData("2026-11-21T10:15:61Z")]
    [InlineData("2026-11-21T10:15:60Z")]
    [InlineData("2026-11-21T10:15:30.Z")]
    [InlineData("2026-11-21T10:15:30.123")]
    [InlineData("2026-11-21T10:15:30+0200")]
    [InlineData("2026-11-21T10:15:30+25:00")]
    [InlineData("2026-11-21T10:15:30Zx")]
    [InlineData("2026-1a-21T10:15:30Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("Sat, 21 Nov 2026 10:15:30 GMT")]
    [InlineData("٢٠٢٦-11-21T10:15:30Z")]
    public void Anything_else_is_refused(string written) => Assert.False(Rfc3339.TryParse(Encoding.UTF8.GetBytes(written), out _));

    [Fact]
    public void Every_time_of_the_platform_comes_back_as_it_was() =>
        Prop.ForAll(ArbMap.Default.ArbFor<DateTime>(), time =>
        {
            var utc = DateTime.SpecifyKind(time, DateTimeKind.Utc);
            var written = utc.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
            return Rfc3339.TryParse(Encoding.UTF8.GetBytes(written), out var at) && at == new DateTimeOffset(utc).ToUnixTimeMilliseconds();
        }).Check(Config.QuickThrowOnFailure.WithReplay(20261121, 7));

    [Fact]
    public void No_bytes_make_it_fail()
    {
        var random = new Random(11);
        var good = "2026-11-21T10:15:30.123+02:00"u8.ToArray();
        for (var i = 0; i < 100_000; i++)
        {
            var bytes = (byte[])good.Clone();
            for (var change = 0; change < 1 + i % 4; change++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            _ = Rfc3339.TryParse(bytes.AsSpan(0, random.Next(bytes.Length + 1)), out _);
        }
    }
}
