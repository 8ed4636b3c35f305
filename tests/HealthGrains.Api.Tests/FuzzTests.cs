using System.IO.Compression;
using System.Text;

namespace HealthGrains.Api.Tests;

/// <summary>Whatever is sent, the answer is a receipt or a refusal, and never a fault of ours.</summary>
public sealed class FuzzTests
{
    private const int Rounds = 120;

    private static readonly string[] Posts =
    [
        "/v1/signals", "/v1/track", "/v1/identify", "/v1/group", "/v1/page", "/v1/screen", "/v1/batch", "/v1/hooks/stripe",
        "/v1/identities",
        "/v1/accounts/acme/what-if", "/v1/alerts/al-1/resolve", "/v1/alerts/al-1/acknowledge", "/v1/models/prior-1/activate",
    ];

    private static readonly string[] Seeds =
    [
        """[{"id":"evt-1","account":"acme","source":"usage","kind":"login","at":"2026-11-21T09:15:30Z","subject":"u-17"}]""",
        """{"batch":[{"type":"track","messageId":"m","userId":"u","event":"e","context":{"groupId":"g"},"timestamp":"2026-11-21"}]}""",
        """{"signals":[{"source":"ticket","kind":"opened","subject":"t","text":"no é 😀"}],"at":"2026-11-21","model":"m"}""",
        """{"source":"segment","externalId":"g","account":"acme","reason":"x","name":"N","tier":"smb","arr":1e5,"contacts":[{"id":1}]}""",
    ];

    private static readonly string[] Splinters = ["\\ud800", "null", "{", "]", "\"", "1e999", ",", "\n", "[[[[", "\\u0000"];

    [Theory]
    [InlineData(1)]
    [InlineData(20261121)]
    public async Task Random_bytes_never_give_a_fault(int seed)
    {
        await using var api = await TestApi.StartAsync();
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var body = Mutate(random);
            var packed = random.Next(4) == 0;
            var sent = packed ? Pack(body, random) : body;
            var type = random.Next(4) switch { 0 => "application/x-ndjson", 1 => null, 2 => "text/plain", _ => "application/json" };
            foreach (var url in Posts)
                await CheckAsync(api, HttpMethod.Post, url, TestApi.Content(sent, type, packed ? "gzip" : null), seed, round);
            await CheckAsync(api, HttpMethod.Put, "/v1/accounts/acme", TestApi.Content(sent, type, packed ? "gzip" : null), seed, round);
        }
    }

    [Fact]
    public async Task Random_queries_never_give_a_fault()
    {
        await using var api = await TestApi.StartAsync();
        await api.PutAsync("/v1/accounts/acme", "{}");
        var random = new Random(7);
        string[] urls =
        [
            "/v1/accounts", "/v1/accounts/acme", "/v1/accounts/acme/ledger", "/v1/accounts/acme/history",
            "/v1/accounts/acme/timeline", "/v1/accounts/acme/signals", "/v1/alerts", "/v1/portfolio", "/v1/portfolio/facets", "/v1/team",
            "/v1/held",
        ];
        string[] names = ["at", "since", "until", "days", "limit", "cursor", "sort", "band", "q", "state", "owner", "%00", "a%ff"];
        string[] values =
        [
            "", "0", "-1", "9999999999999", "99999d", "1d", "%ff%fe", "2026-11-21T25:00:00Z", "9999-12-31", "0001-01-01", "%00",
            "\u2028", "red", "1e9", "0001-01-01T00:00:00%2B14:00",
        ];
        for (var round = 0; round < 1500; round++)
        {
            var query = $"{names[random.Next(names.Length)]}={values[random.Next(values.Length)]}";
            await CheckAsync(api, HttpMethod.Get, $"{urls[random.Next(urls.Length)]}?{query}", null, 7, round);
        }
    }

    private static async Task CheckAsync(TestApi api, HttpMethod method, string url, HttpContent? content, int seed, int round)
    {
        var response = await api.SendAsync(method, url, content);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode < 500, $"{method} {url} in round {round} of seed {seed}: {text}");
        if ((int)response.StatusCode >= 400) Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    private static byte[] Mutate(Random random)
    {
        if (random.Next(5) == 0)
        {
            var noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            return noise;
        }
        var bytes = Encoding.UTF8.GetBytes(Seeds[random.Next(Seeds.Length)]).ToList();
        for (var change = random.Next(6); change > 0 && bytes.Count > 1; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 12), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Splinters[random.Next(Splinters.Length)]));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 30), bytes.Count - at)));
                    break;
            }
        }
        return [.. bytes];
    }

    private static byte[] Pack(byte[] body, Random random)
    {
        using var packed = new MemoryStream();
        using (var packer = new GZipStream(packed, CompressionLevel.Fastest)) packer.Write(body);
        var bytes = packed.ToArray();
        if (random.Next(2) == 0) bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
        return bytes;
    }
}
