using System.Diagnostics.CodeAnalysis;
using MimeKit;
using MimeKit.Text;

namespace HealthGrains.Delivery;

/// <summary>Writes a dispatch as a letter. The same dispatch gives the same letter, to the byte.</summary>
internal sealed class Letter
{
    private readonly MailboxAddress _from;

    public Letter(string from, string? name)
    {
        _from = MailboxAddress.Parse(from);
        if (name is not null) _from.Name = OneLine(name);
    }

    /// <summary>The domain of the sender, by which Message-IDs are told from those of others.</summary>
    public string Domain => _from.Domain is { Length: > 0 } domain ? domain : "localhost";

    /// <summary>The letter, or what is wrong with it.</summary>
    public bool TryWrite(
        Dispatch dispatch, EmailBody mail, [NotNullWhen(true)] out MimeMessage? message, [NotNullWhen(false)] out string? wrong)
    {
        message = null;
        if (!TryAddress(mail.To, mail.ToName, out var to))
        {
            wrong = $"'{mail.To}' is no e-mail address; correct the contact and send it again";
            return false;
        }
        MailboxAddress? replyTo = null;
        if (mail.ReplyTo is not null && !TryAddress(mail.ReplyTo, null, out replyTo))
        {
            wrong = $"answers cannot go to '{mail.ReplyTo}', which is no e-mail address; correct the owner's and send it again";
            return false;
        }
        wrong = null;
        message = new MimeMessage
        {
            // Not the time of the attempt: a repeat is the same letter.
            Date = DateTimeOffset.FromUnixTimeMilliseconds(dispatch.NotBefore),
            MessageId = $"{LocalPart(dispatch.Id)}@{Domain}",
            Subject = OneLine(mail.Subject),
            Body = new TextPart(TextFormat.Plain) { Text = mail.Text },
        };
        message.From.Add(_from);
        message.To.Add(to);
        if (replyTo is not null) message.ReplyTo.Add(replyTo);
        message.Headers.Add("X-HealthGrains-Delivery", dispatch.Id);
        return true;
    }

    // One address and nothing else: no group, no list, no line break.
    private static bool TryAddress(string text, string? name, [NotNullWhen(true)] out MailboxAddress? address)
    {
        address = null;
        if (text.Any(char.IsControl) || !MailboxAddress.TryParse(text, out var parsed)
            || !parsed.Address.Contains('@', StringComparison.Ordinal))
            return false;
        address = new MailboxAddress(name is null ? parsed.Name : OneLine(name), parsed.Address);
        return true;
    }

    private static string OneLine(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace("\0", "", StringComparison.Ordinal);

    // What may stand before the @ without quotes. '=' is in no id, so two ids never meet.
    private static string LocalPart(string id) =>
        "hg-" + id.Replace(":", "=3A", StringComparison.Ordinal).Replace(".", "=2E", StringComparison.Ordinal);
}
