using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HealthGrains.Delivery.Tests;

/// <summary>A letter as a mail server got it.</summary>
internal sealed record MailCame(string From, string To, string Text)
{
    public string Header(string name)
    {
        var head = Text[..Text.IndexOf("\n\n", StringComparison.Ordinal)].Replace("\n ", " ", StringComparison.Ordinal).Replace("\n\t", " ", StringComparison.Ordinal);
        return head.Split('\n').FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim() ?? "";
    }
}

/// <summary>
/// A mail server on this machine, which answers as a test tells it to. It takes letters, drops none, and keeps who signed in.
/// </summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<MailCame> _came = [];
    private readonly ConcurrentQueue<string> _signedIn = [];
    private readonly Task _accepting;
    private int _connections;

    public MailServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public IReadOnlyList<MailCame> Came => [.. _came];

    public IReadOnlyList<string> SignedIn => [.. _signedIn];

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>What it answers to a command, instead of what it should; null for what it should, "hang up" to hang up.</summary>
    public Func<string, string?> Answer { get; set; } = _ => null;

    public async ValueTask DisposeAsync()
    {
        if (_accepting.IsCompleted) return;
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var talks = new List<Task>();
        try
        {
            while (true) talks.Add(TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
        await Task.WhenAll(talks);
    }

    private async Task TalkAsync(TcpClient client)
    {
        Interlocked.Increment(ref _connections);
        using var _ = client;
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        try
        {
            await SayAsync("220 test ready");
            var (from, to) = ("", "");
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                var answer = Answer(line);
                if (answer == "hang up") return;
                var verb = line.Split(' ')[0].ToUpperInvariant();
                if (answer is null && verb == "MAIL") from = line;
                if (answer is null && verb == "RCPT") to = line;
                if (answer is null && verb == "AUTH")
                    _signedIn.Enqueue(Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[2])).Replace('\0', ' ').Trim());
                await SayAsync(answer ?? verb switch
                {
                    "EHLO" => "250-test\r\n250-AUTH PLAIN\r\n250-8BITMIME\r\n250 SIZE 1000000",
                    "AUTH" => "235 2.7.0 signed in",
                    "DATA" => "354 go on",
                    "QUIT" => "221 bye",
                    _ => "250 2.1.0 ok",
                });
                if (verb == "QUIT") return;
                if (verb != "DATA" || answer is not null) continue;
                var text = await ReadLetterAsync(reader);
                // Once the whole letter is there: what the server says of it.
                var verdict = Answer(".");
                if (verdict is null or "hang up") _came.Enqueue(new MailCame(from, to, text));
                if (verdict == "hang up") return;
                await SayAsync(verdict ?? "250 2.0.0 queued as 4Bf");
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException)
        {
            // The other side hung up, or the test is over.
        }

        Task SayAsync(string words) => stream.WriteAsync(Encoding.ASCII.GetBytes(words + "\r\n"), _stop.Token).AsTask();
    }

    private async Task<string> ReadLetterAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
            text.Append(line.StartsWith('.') ? line[1..] : line).Append('\n');
        return text.ToString();
    }
}
