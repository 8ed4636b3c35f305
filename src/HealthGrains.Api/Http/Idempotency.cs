using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace HealthGrains.Api.Http;

/// <summary>
/// Answers of writes by Idempotency-Key, so that a caller who lost an answer may ask again. Bounded and in memory: after a
/// restart a repeated write runs again, which the writes here survive (a profile is replaced, a state machine refuses).
/// Signals do not need it: their ids are their keys.
/// </summary>
internal sealed class IdempotencyStore(TimeProvider time)
{
    public const int Capacity = 4096;
    public const int MaxKept = 64 * 1024;
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly Queue<(string Key, Entry Entry)> _byAge = new();

    /// <summary>Begins a write: the answer given before, or null after which <see cref="Finish"/> must follow.</summary>
    public Answer? Begin(string key, byte[] fingerprint)
    {
        lock (_lock)
        {
            DropOld();
            if (_entries.TryGetValue(key, out var entry))
            {
                if (!entry.Fingerprint.AsSpan().SequenceEqual(fingerprint))
                    throw new Refusal(ProblemKind.KeyReused,
                        $"idempotency-key: '{key}' was used for another request; use a new key for a new request");
                return entry.Answer ?? throw new Refusal(ProblemKind.KeyInUse,
                    $"idempotency-key: '{key}' belongs to a request that has not finished");
            }
            entry = new Entry(fingerprint, time.GetUtcNow());
            _entries.Add(key, entry);
            _byAge.Enqueue((key, entry));
            return null;
        }
    }

    /// <summary>Ends a write: keeps its answer, or forgets the key when there is none worth keeping.</summary>
    public void Finish(string key, Answer? answer)
    {
        lock (_lock)
        {
            if (answer is { Body.Length: <= MaxKept })
            {
                if (_entries.TryGetValue(key, out var entry)) entry.Answer = answer;
            }
            else
            {
                _entries.Remove(key);
            }
        }
    }

    private void DropOld()
    {
        var oldest = time.GetUtcNow() - Lifetime;
        while (_byAge.TryPeek(out var head) && (_byAge.Count >= Capacity || head.Entry.At < oldest))
        {
            _byAge.Dequeue();
            // The key may have been forgotten and used again since: then it is the younger entry's.
            if (_entries.TryGetValue(head.Key, out var entry) && ReferenceEquals(entry, head.Entry)) _entries.Remove(head.Key);
        }
    }

    private sealed class Entry(byte[] fingerprint, DateTimeOffset at)
    {
        public byte[] Fingerprint { get; } = fingerprint;
        public DateTimeOffset At { get; } = at;
        public Answer? Answer { get; set; }
    }
}

/// <summary>Applies <see cref="IdempotencyStore"/> to a write whose caller sent the header.</summary>
internal sealed class IdempotencyFilter(IdempotencyStore store) : IEndpointFilter
{
    public const string Header = "Idempotency-Key";
    private const int MaxKey = 255;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var key = http.Request.Headers[Header].ToString();
        if (key.Length == 0) return await next(context);
        if (key.Length > MaxKey) throw Refusal.Of(ProblemKind.InvalidHeader, "idempotency-key", $"longer than {MaxKey} characters");

        var fingerprint = await FingerprintAsync(http);
        if (store.Begin(key, fingerprint) is { } before)
        {
            http.Response.Headers["Idempotency-Replayed"] = "true";
            return before;
        }
        Answer? answer = null;
        try
        {
            var result = await next(context);
            answer = result as Answer;
            return result;
        }
        finally
        {
            store.Finish(key, answer);
        }
    }

    private static async Task<byte[]> FingerprintAsync(HttpContext http)
    {
        var request = http.Request;
        using var body = await Body.ReadAsync(http, Body.DocumentLimit);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        hash.AppendData(body.Memory.Span);
        // The endpoint reads the body after us: give it a copy, already unpacked.
        request.Body = new MemoryStream(body.Memory.ToArray());
        request.Headers.ContentEncoding = default;
        request.ContentLength = body.Length;
        return hash.GetHashAndReset();
    }
}
