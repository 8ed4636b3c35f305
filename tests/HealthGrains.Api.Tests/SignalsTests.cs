using System.IO.Compression;
using System.Text;
using HealthGrains.Hosting;

namespace HealthGrains.Api.Tests;

public sealed class SignalsTests
{
    private const string Login =
        """{"id":"evt-1","account":"acme","source":"usage","kind":"login","at":"2026-11-21T09:15:30Z","subject":"u-17"}""";

    private static string At(int n, string at = "2026-11-21T09:15:30Z") =>
        Login.Replace("evt-1", "evt-" + n).Replace("2026-11-21T09:15:30Z", at);

    [Theory]
    [InlineData("application/json", "[1,2]")]
    [InlineData("application/json", "1")]
    [InlineData("application/x-ndjson", "1\n2\n")]
    [InlineData("application/x-ndjson", "1\n2\n\n3")]
    [InlineData(null, "[1,2]")]
    [InlineData(null, "1\n2")]
    [InlineData("application/x-www-form-urlencoded", "1")]
    [InlineData("application/x-www-form-urlencoded", "1\n2")]
    [InlineData("text/plain; charset=utf-8", "[1]")]
    public async Task An_array_an_object_and_lines_are_all_taken(string? type, string pattern)
    {
        await using var api = await TestApi.StartAsync();
        var body = string.Concat(pattern.Select(c => char.IsDigit(c) ? At(c - '0') : c.ToString()));
        var receipt = await (await api.SendAsync(HttpMethod.Post, "/v1/signals", TestApi.Content(body, type))).JsonAsync();
        Assert.Equal(pattern.Count(char.IsDigit), receipt.Int("accepted"));
        Assert.True(api.Host.Accounts.ContainsKey("acme"));
    }

    [Fact]
    public async Task The_receipt_has_exactly_the_named_fields_and_counts_everything()
    {
        await using var api = await TestApi.StartAsync();
        var body = $"[{At(1)},{At(2, "2026-09-01T00:00:00Z")},{At(1)},{At(3, "12/31/26")}]";
        var receipt = await (await api.PostAsync("/v1/signals", body)).JsonAsync();
        Assert.Equal(["accepted", "late", "duplicates", "held", "rejected", "errors"], receipt.EnumerateObject().Select(p => p.Name));
        Assert.Equal((2, 1, 1, 0, 1),
            (receipt.Int("accepted"), receipt.Int("late"), receipt.Int("duplicates"), receipt.Int("held"), receipt.Int("rejected")));
        var error = Assert.Single(receipt.GetProperty("errors").EnumerateArray());
        Assert.Equal(["index", "field", "reason"], error.EnumerateObject().Select(p => p.Name));
        Assert.Equal((3, "at"), (error.Int("index"), error.Str("field")));
        Assert.Contains("12/31/26", error.Str("reason"));
    }

    [Fact]
    public async Task Errors_of_lines_name_the_line_from_one()
    {
        await using var api = await TestApi.StartAsync();
        var receipt = await (await api.SendAsync(HttpMethod.Post, "/v1/signals",
            TestApi.Content($"{At(1)}\nnot json\n{At(2)}\n", "application/x-ndjson"))).JsonAsync();
        Assert.Equal((2, 1), (receipt.Int("accepted"), receipt.Int("rejected")));
        var error = Assert.Single(receipt.GetProperty("errors").EnumerateArray());
        Assert.Equal(["line", "field", "reason"], error.EnumerateObject().Select(p => p.Name));
        Assert.Equal(2, error.Int("line"));
    }

    [Fact]
    public async Task At_most_a_hundred_errors_are_spelled_out()
    {
        await using var api = await TestApi.StartAsync();
        var receipt = await (await api.PostAsync("/v1/signals", "[" + string.Join(',', Enumerable.Repeat("{}", 250)) + "]")).JsonAsync();
        Assert.Equal((250, 100), (receipt.Int("rejected"), receipt.GetProperty("errors").GetArrayLength()));
    }

    [Fact]
    public async Task A_repeated_request_is_all_duplicates()
    {
        await using var api = await TestApi.StartAsync();
        await api.PostAsync("/v1/signals", Login);
        var receipt = await (await api.PostAsync("/v1/signals", Login)).JsonAsync();
        Assert.Equal((0, 1), (receipt.Int("accepted"), receipt.Int("duplicates")));
    }

    [Fact]
    public async Task An_empty_array_is_a_receipt_of_zeros()
    {
        await using var api = await TestApi.StartAsync();
        var receipt = await (await api.PostAsync("/v1/signals", "[]")).JsonAsync();
        Assert.Equal(0, receipt.Int("accepted") + receipt.Int("rejected"));
    }

    [Theory]
    [InlineData("gzip", 1)]
    [InlineData("x-gzip", 1)]
    [InlineData("gzip", 3)]
    public async Task A_packed_body_is_unpacked_also_when_it_was_joined_from_several(string encoding, int members)
    {
        await using var api = await TestApi.StartAsync();
        var body = Enumerable.Range(0, members)
            .SelectMany(m => Pack(string.Concat(Enumerable.Range(0, 1000 + m).Select(n => At(m * 5000 + n) + "\n"))));
        var receipt = await (await api.SendAsync(HttpMethod.Post, "/v1/signals",
            TestApi.Content([.. body], "application/x-ndjson", encoding))).JsonAsync();
        Assert.Equal(members * 1000 + members * (members - 1) / 2, receipt.Int("accepted"));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public async Task A_packed_body_that_was_cut_off_is_refused_as_a_whole(double part)
    {
        await using var api = await TestApi.StartAsync();
        var packed = Pack(string.Join('\n', Enumerable.Range(0, 500).Select(n => At(n * 7919))));
        var response = await api.SendAsync(HttpMethod.Post, "/v1/signals",
            TestApi.Content(packed[..(int)(packed.Length * part)], "application/x-ndjson", "gzip"));
        await response.ProblemAsync(400, "unreadable-body");
        Assert.Empty(api.Host.LastBatch);
    }

    [Fact]
    public async Task A_body_that_says_gzip_and_is_not_is_refused()
    {
        await using var api = await TestApi.StartAsync();
        var body = TestApi.Content(Encoding.UTF8.GetBytes(Login), encoding: "gzip");
        var response = await api.SendAsync(HttpMethod.Post, "/v1/signals", body);
        await response.ProblemAsync(400, "unreadable-body");
    }

    [Fact]
    public async Task An_unknown_encoding_is_refused_with_the_known_ones()
    {
        await using var api = await TestApi.StartAsync();
        var body = TestApi.Content(Encoding.UTF8.GetBytes(Login), encoding: "zstd");
        var response = await api.SendAsync(HttpMethod.Post, "/v1/signals", body);
        Assert.Contains("gzip", (await response.ProblemAsync(415, "unsupported-media-type", "content-encoding")).Detail());
    }

    [Fact]
    public async Task Another_kind_of_body_is_refused()
    {
        await using var api = await TestApi.StartAsync();
        var response = await api.SendAsync(HttpMethod.Post, "/v1/signals", TestApi.Content("<a/>", "text/xml"));
        await response.ProblemAsync(415, "unsupported-media-type", "content-type");
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \n ")]
    [InlineData("[")]
    [InlineData("[{]")]
    [InlineData("hello")]
    [InlineData("42")]
    [InlineData("[]]")]
    public async Task A_body_that_cannot_be_read_is_refused_as_a_whole(string body)
    {
        await using var api = await TestApi.StartAsync();
        await (await api.PostAsync("/v1/signals", body)).ProblemAsync(400, "unreadable-body", "");
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_packed_or_not()
    {
        await using var api = await TestApi.StartAsync();
        var large = new byte[32 * 1024 * 1024 + 1];
        large.AsSpan().Fill((byte)' ');
        var plain = await api.SendAsync(HttpMethod.Post, "/v1/signals", TestApi.Content(large));
        Assert.Contains("32 MiB", (await plain.ProblemAsync(413, "too-large")).Detail());
        var packed = await api.SendAsync(HttpMethod.Post, "/v1/signals", TestApi.Content(Pack(large), encoding: "gzip"));
        await packed.ProblemAsync(413, "too-large");
        // Without a length the excess shows only while reading.
        var chunked = new StreamContent(new MemoryStream(large));
        chunked.Headers.ContentType = new("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/signals") { Content = chunked };
        request.Headers.TransferEncodingChunked = true;
        await (await api.Client.SendAsync(request)).ProblemAsync(413, "too-large");
    }

    [Fact]
    public async Task A_saturated_host_says_when_to_come_back()
    {
        await using var api = await TestApi.StartAsync();
        api.Host.Fault = new IntakeSaturatedException(TimeSpan.FromMilliseconds(1200));
        var response = await api.PostAsync("/v1/signals", Login);
        await response.ProblemAsync(429, "intake-saturated");
        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter?.Delta);
        Assert.Equal(1, (await (await api.PostAsync("/v1/signals", Login)).JsonAsync()).Int("accepted"));
    }

    [Fact]
    public async Task Waiting_for_the_accounts_may_be_asked_for_and_nothing_else()
    {
        await using var api = await TestApi.StartAsync();
        await (await api.PostAsync("/v1/signals?wait=applied", Login)).JsonAsync();
        Assert.True(api.Host.LastWaited);
        await (await api.PostAsync("/v1/signals", Login)).JsonAsync();
        Assert.False(api.Host.LastWaited);
        await (await api.PostAsync("/v1/signals?wait=applied&wait=applied", Login)).ProblemAsync(400, "invalid-query", "wait");
        await (await api.PostAsync("/v1/signals?wait=long", Login)).ProblemAsync(400, "invalid-query", "wait");
        await (await api.PostAsync("/v1/signals?dryRun=true", Login)).ProblemAsync(400, "invalid-query", "dryRun");
        await (await api.PutAsync("/v1/accounts/acme?at=1d", "{}")).ProblemAsync(400, "invalid-query", "at");
    }

    [Theory]
    [InlineData("/v1/track")]
    [InlineData("/v1/batch")]
    public async Task Calls_of_other_systems_may_wait_too_and_may_say_other_things_in_their_query(string path)
    {
        await using var api = await TestApi.StartAsync();
        await (await api.PostAsync(path + "?wait=applied&sdk=7", "{}")).JsonAsync();
        Assert.True(api.Host.LastWaited);
        await (await api.PostAsync(path + "?wait=long", "{}")).ProblemAsync(400, "invalid-query", "wait");
    }

    [Fact]
    public async Task Where_the_accounts_did_not_take_all_of_it_in_time_the_answer_says_how_much_is_pending()
    {
        await using var api = await TestApi.StartAsync();
        api.Host.Pending = 1;
        var response = await api.PostAsync("/v1/signals?wait=applied", $"[{At(1)},{At(2)}]");
        Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
        var receipt = await response.JsonAsync(202);
        Assert.Equal((2, 1), (receipt.Int("accepted"), receipt.Int("pending")));
    }

    [Fact]
    public async Task A_host_that_is_stopping_is_unavailable()
    {
        await using var api = await TestApi.StartAsync();
        api.Host.Fault = new HostUnavailableException("the disk is full");
        var problem = await (await api.PostAsync("/v1/signals", Login)).ProblemAsync(503, "unavailable");
        Assert.Contains("the disk is full", problem.Detail());
    }

    [Fact]
    public async Task Many_requests_at_once_share_buffers_without_mixing()
    {
        await using var api = await TestApi.StartAsync();
        var receipts = await Task.WhenAll(Enumerable.Range(0, 64).Select(async n =>
        {
            var lines = string.Join('\n', Enumerable.Range(0, 50 + n).Select(i => At(n * 1000 + i)));
            var body = TestApi.Content(Pack(lines), "application/x-ndjson", "gzip");
            var response = await api.SendAsync(HttpMethod.Post, "/v1/signals", body);
            return ((await response.JsonAsync()).Int("accepted"), 50 + n);
        }));
        Assert.All(receipts, pair => Assert.Equal(pair.Item2, pair.Item1));
    }

    private static byte[] Pack(string text) => Pack(Encoding.UTF8.GetBytes(text));

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var packer = new GZipStream(packed, CompressionLevel.Fastest)) packer.Write(bytes);
        return packed.ToArray();
    }
}
