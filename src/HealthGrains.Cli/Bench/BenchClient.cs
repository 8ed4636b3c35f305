using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace HealthGrains.Cli.Bench;

/// <summary>Asks the server and sends to it, over connections of its own.</summary>
internal sealed class BenchClient : IDisposable
{
    private readonly HttpClient _http;

    public BenchClient(string address) => _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
    {
        BaseAddress = new Uri(address + "/"),
        Timeout = TimeSpan.FromMinutes(2),
    };

    /// <summary>An answer's body; any answer but 200 is a failure.</summary>
    public async Task<byte[]> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!answer.IsSuccessStatusCode) throw new Refusal($"GET {path} answered {(int)answer.StatusCode}");
        return body;
    }

    public Task<Stream> StreamAsync(string path, CancellationToken cancellationToken) =>
        _http.GetStreamAsync(new Uri(path, UriKind.Relative), cancellationToken);

    /// <summary>The version of an account as it is now.</summary>
    public async Task<long> VersionAsync(int account, CancellationToken cancellationToken) =>
        VersionIn(await GetAsync($"v1/accounts/{Book.Id(account)}", cancellationToken));

    /// <summary>The number after "version": in an account or in its row.</summary>
    public static long VersionIn(ReadOnlySpan<byte> json)
    {
        var at = json.LastIndexOf("\"version\":"u8);
        return at >= 0 && Utf8Parser.TryParse(json[(at + 10)..], out long version, out _) ? version : -1;
    }

    /// <summary>Sends signals; returns how many were accepted and how many known. Tries again where the intake is saturated.</summary>
    public async Task<(int Accepted, int Duplicates)> PostAsync(byte[] body, bool packed, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
            if (packed) content.Headers.ContentEncoding.Add("gzip");
            using var answer = await _http.PostAsync(new Uri("v1/signals", UriKind.Relative), content, cancellationToken);
            var bytes = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            if (answer.StatusCode == HttpStatusCode.OK) return Receipt(bytes);
            if (answer.StatusCode != HttpStatusCode.TooManyRequests)
                throw new Refusal($"the server answered {(int)answer.StatusCode} to signals");
            await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
    }

    public async Task PutAsync(string path, byte[] body, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await _http.PutAsync(new Uri(path, UriKind.Relative), content, cancellationToken);
        if (!answer.IsSuccessStatusCode) throw new Refusal($"PUT {path} answered {(int)answer.StatusCode}");
    }

    public void Dispose() => _http.Dispose();

    private static (int Accepted, int Duplicates) Receipt(byte[] bytes)
    {
        using var receipt = JsonDocument.Parse(bytes);
        return (receipt.RootElement.GetProperty("accepted").GetInt32(), receipt.RootElement.GetProperty("duplicates").GetInt32());
    }
}
