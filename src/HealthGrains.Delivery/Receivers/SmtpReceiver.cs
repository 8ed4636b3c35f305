using System.Collections.Concurrent;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace HealthGrains.Delivery;

/// <summary>
/// Hands letters to a mail server. A repeat is the same letter to the byte, with the same Message-ID, by which mail servers and mailboxes
/// drop
/// it. Connections are kept for a moment, so that many letters do not sign in one by one.
/// </summary>
internal sealed class SmtpReceiver : IReceiver, IAsyncDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);

    private readonly ConcurrentBag<(SmtpClient Client, DateTimeOffset Since)> _idle = [];
    private readonly ReceiverSettings _settings;
    private readonly Func<string> _password;
    private readonly Letter _letter;
    private readonly TimeProvider _clock;

    public SmtpReceiver(ReceiverSettings settings, Func<string> password, TimeProvider clock)
    {
        _settings = settings;
        _password = password;
        _clock = clock;
        _letter = new Letter(settings.From!, settings.FromName);
    }

    /// <inheritdoc/>
    public string Name => $"smtp {_settings.Host}";

    /// <inheritdoc/>
    public int Concurrency => _settings.Concurrency ?? 4;

    private int Port => _settings.Port ?? (_settings.Security == "tls" ? 465 : 587);

    private SecureSocketOptions Security => _settings.Security switch
    {
        "tls" => SecureSocketOptions.SslOnConnect,
        "none" => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };

    /// <inheritdoc/>
    public async Task<DeliveryOutcome> SendAsync(Dispatch dispatch, CancellationToken cancellationToken)
    {
        if (dispatch.Body is not EmailBody mail)
            return new DeliveryOutcome.Refused($"a mail server takes letters, and this is {Wire.Kind(dispatch.Body)}; send it to another receiver");
        if (!_letter.TryWrite(dispatch, mail, out var message, out var wrong)) return new DeliveryOutcome.Refused(wrong);
        SmtpClient? client = null;
        var isGood = false;
        try
        {
            client = await ConnectAsync(cancellationToken);
            var answer = await client.SendAsync(message, cancellationToken);
            isGood = true;
            return new DeliveryOutcome.Delivered($"{Name}: {answer}");
        }
        catch (SmtpCommandException fault)
        {
            isGood = client is { IsConnected: true };
            return Outcome(fault);
        }
        catch (AuthenticationException fault)
        {
            return new DeliveryOutcome.Away($"{Name} does not let us in: {fault.Message}; correct User and Password");
        }
        catch (SslHandshakeException)
        {
            return new DeliveryOutcome.Away(
                $"{Name}: no encrypted connection on port {Port}; is the certificate valid for that name, and Security ({_settings.Security ?? "starttls"}) right?");
        }
        catch (NotSupportedException fault)
        {
            // Not of this letter: the server offers no STARTTLS or no way to sign in.
            return client is null
                ? new DeliveryOutcome.Away($"{Name}: {fault.Message}; correct Security, User and Password")
                : new DeliveryOutcome.Refused($"{Name} takes no letter to {mail.To}: {fault.Message}");
        }
        catch (Exception fault) when (fault is IOException or SocketException or ProtocolException or ServiceNotConnectedException
            or ServiceNotAuthenticatedException)
        {
            return new DeliveryOutcome.Away($"{Name}, port {Port}, cannot be reached or hung up: {fault.Message}");
        }
        finally
        {
            if (client is not null) await KeepAsync(client, isGood);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_idle.TryTake(out var kept)) await KeepAsync(kept.Client, keep: false);
    }

    private DeliveryOutcome Outcome(SmtpCommandException fault)
    {
        var said = $"{Name} answered {(int)fault.StatusCode} {fault.Message}";
        // 421: it is about to go. A sender that is not taken, and anything outside a letter, is so for every letter: a setting is wrong.
        if (fault.StatusCode == SmtpStatusCode.ServiceNotAvailable) return new DeliveryOutcome.Away(said);
        if (fault.ErrorCode == SmtpErrorCode.SenderNotAccepted)
            return new DeliveryOutcome.Away($"{said}; it does not take letters from {_settings.From}: correct From, or what that server allows");
        if (fault.ErrorCode == SmtpErrorCode.UnexpectedStatusCode && (int)fault.StatusCode >= 500)
            return new DeliveryOutcome.Away($"{said}; correct Host, Port, Security, User and Password");
        return (int)fault.StatusCode >= 500 ? new DeliveryOutcome.Refused(said) : new DeliveryOutcome.Later(said);
    }

    private async Task<SmtpClient> ConnectAsync(CancellationToken cancellationToken)
    {
        while (_idle.TryTake(out var kept))
        {
            if (kept.Client.IsConnected && _clock.GetUtcNow() - kept.Since < Idle) return kept.Client;
            await KeepAsync(kept.Client, keep: false);
        }
        // No protocol log: it would hold the password.
        var client = new SmtpClient { LocalDomain = _letter.Domain };
        try
        {
            await client.ConnectAsync(_settings.Host!, Port, Security, cancellationToken);
            if (_settings.User is not null) await client.AuthenticateAsync(_settings.User, _password(), cancellationToken);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private async Task KeepAsync(SmtpClient client, bool keep)
    {
        if (keep)
        {
            _idle.Add((client, _clock.GetUtcNow()));
            return;
        }
        try
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
            await client.DisconnectAsync(quit: client.IsConnected, soon.Token);
        }
        catch (Exception fault) when (fault is IOException or SocketException or ProtocolException or CommandException
            or OperationCanceledException)
        {
            // It is let go of anyway.
        }
        client.Dispose();
    }
}
