using MimeKit;

namespace HealthGrains.Delivery;

/// <summary>
/// What the settings of each kind of receiver must be. Throws <see cref="DeliverySetupException"/>: a sentence that says what to do.
/// </summary>
internal static class ReceiverRules
{
    public const string Smtp = "smtp";
    public const string Chat = "chat";
    public const string Webhook = "webhook";
    public const string HubSpot = "hubspot";
    public const string Salesforce = "salesforce";
    public const string Local = "local";

    private static readonly string[] Everywhere = [nameof(ReceiverSettings.Kind), nameof(ReceiverSettings.Concurrency)];

    private static readonly string[] OfCrm =
    [
        nameof(ReceiverSettings.Url), nameof(ReceiverSettings.AllowPlain), nameof(ReceiverSettings.Token),
        nameof(ReceiverSettings.ClientId), nameof(ReceiverSettings.ClientSecret), nameof(ReceiverSettings.RefreshToken),
        nameof(ReceiverSettings.TokenUrl),
        nameof(ReceiverSettings.ExternalIdSource), nameof(ReceiverSettings.AccountIdField), nameof(ReceiverSettings.ReferenceField),
        nameof(ReceiverSettings.AccountFields), nameof(ReceiverSettings.TaskFields), nameof(ReceiverSettings.OutcomeFields),
        nameof(ReceiverSettings.Values), nameof(ReceiverSettings.Owners),
    ];

    private static readonly Dictionary<string, string[]> OfKind = new(StringComparer.Ordinal)
    {
        [Smtp] =
        [
            nameof(ReceiverSettings.Host), nameof(ReceiverSettings.Port), nameof(ReceiverSettings.Security), nameof(ReceiverSettings.User),
            nameof(ReceiverSettings.Password), nameof(ReceiverSettings.From), nameof(ReceiverSettings.FromName),
            nameof(ReceiverSettings.AllowPlain),
        ],
        [Chat] = [nameof(ReceiverSettings.Url), nameof(ReceiverSettings.AllowPlain)],
        [Webhook] = [nameof(ReceiverSettings.Url), nameof(ReceiverSettings.AllowPlain), nameof(ReceiverSettings.Secret)],
        [HubSpot] = OfCrm,
        [Salesforce] = [.. OfCrm, nameof(ReceiverSettings.Version)],
        [Local] = [],
    };

    public static void Check(string key, ReceiverSettings receiver)
    {
        var rules = new Rules(key, receiver);
        if (key.Length is 0 or > 64 || !key.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            throw rules.Wrong("", "is no key of a receiver; one is 1 to 64 characters of a-z 0-9 -");
        if (!OfKind.TryGetValue(receiver.Kind, out var names))
            throw rules.Wrong(nameof(receiver.Kind), $"is '{receiver.Kind}'; a receiver's kind is one of {string.Join(", ", OfKind.Keys)}");
        rules.NothingBut(names);
        if (receiver.Concurrency is < 1 or > 64)
            throw rules.Wrong(nameof(receiver.Concurrency), $"is {receiver.Concurrency}; it must be between 1 and 64");
        switch (receiver.Kind)
        {
            case Smtp: CheckSmtp(rules, receiver); break;
            case Chat: rules.Address("the address that the chat gave you for an incoming webhook"); break;
            case Webhook: CheckWebhook(rules, receiver); break;
            case HubSpot: CheckCrm(rules, receiver, "https://api.hubapi.com"); break;
            case Salesforce: CheckCrm(rules, receiver, "https://yourname.my.salesforce.com"); break;
            default: break;
        }
    }

    private static void CheckSmtp(Rules rules, ReceiverSettings receiver)
    {
        rules.Given(nameof(receiver.Host), receiver.Host, "name the mail server");
        if (receiver.Port is < 1 or > 65_535) throw rules.Wrong(nameof(receiver.Port), $"is {receiver.Port}; 587 is usual, 465 with tls");
        if (receiver.Security is not (null or "starttls" or "tls" or "none"))
            throw rules.Wrong(nameof(receiver.Security), $"is '{receiver.Security}'; it is starttls, tls or none");
        if (receiver.Security == "none" && !receiver.AllowPlain && !IsHere(receiver.Host!))
            throw rules.Wrong(nameof(receiver.Security),
                "is none, so letters would cross the network unencrypted: use starttls or tls, or set AllowPlain to true");
        rules.Given(nameof(receiver.From), receiver.From, "give the sender's address");
        if (!MailboxAddress.TryParse(receiver.From, out var from) || !from.Address.Contains('@', StringComparison.Ordinal))
            throw rules.Wrong(nameof(receiver.From), $"is '{receiver.From}', which is no e-mail address");
        if (receiver.User is null != receiver.Password is null)
            throw rules.Wrong(receiver.User is null ? nameof(receiver.User) : nameof(receiver.Password),
                "is missing: a user and a password go together; a server that asks for neither needs neither");
    }

    private static void CheckWebhook(Rules rules, ReceiverSettings receiver)
    {
        rules.Address("the address to post to");
        rules.Given(nameof(receiver.Secret), receiver.Secret, WebhookSignature.HowToMake);
        if (!WebhookSignature.TryKeys(receiver.Secret!, out _))
            throw rules.Wrong(nameof(receiver.Secret), $"is no secret to sign with: {WebhookSignature.HowToMake}");
    }

    private static void CheckCrm(Rules rules, ReceiverSettings receiver, string example)
    {
        rules.Address($"where its API is, such as {example}");
        CheckAccess(rules, receiver);
        if (receiver.AccountFields.Count == 0)
            throw rules.Wrong(nameof(receiver.AccountFields),
                "names no field: say what is written and what it is called there, such as AccountFields:score = health_score");
    }

    private static void CheckAccess(Rules rules, ReceiverSettings receiver)
    {
        var isApp = new[] { receiver.ClientId, receiver.ClientSecret, receiver.RefreshToken, receiver.TokenUrl }
            .Any(value => !string.IsNullOrEmpty(value));
        if (!isApp)
        {
            rules.Given(nameof(receiver.Token), receiver.Token,
                "give the bearer token of an integration that may write companies and tasks, or the ClientId and ClientSecret of an app");
            return;
        }
        if (!string.IsNullOrEmpty(receiver.Token))
            throw rules.Wrong(nameof(receiver.Token), "and ClientId do not go together: a token that ends is asked for; take one of them out");
        rules.Given(nameof(receiver.ClientId), receiver.ClientId, "give the client id (consumer key) of the app");
        rules.Given(nameof(receiver.ClientSecret), receiver.ClientSecret, "give the client secret (consumer secret) of the app");
        if (receiver.Kind == HubSpot)
            rules.Given(nameof(receiver.RefreshToken), receiver.RefreshToken, "HubSpot gives tokens to an app for a refresh token alone: give that");
        if (receiver.TokenUrl is not null)
            rules.Address(nameof(receiver.TokenUrl), receiver.TokenUrl, "the address where tokens are asked for");
    }

    private static bool IsHere(string host) =>
        host is "localhost" || (System.Net.IPAddress.TryParse(host, out var address) && System.Net.IPAddress.IsLoopback(address));

    private sealed class Rules(string key, ReceiverSettings receiver)
    {
        public void Given(string name, string? value, string whatToDo)
        {
            if (string.IsNullOrWhiteSpace(value)) throw Wrong(name, $"is empty: {whatToDo}");
        }

        // The address itself may be a secret: it is not in the sentence.
        public void Address(string what) => Address(nameof(receiver.Url), receiver.Url, what);

        public void Address(string name, string? address, string what)
        {
            Given(name, address, $"give {what}");
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http"))
                throw Wrong(name, $"is no http address: give {what}");
            if (uri.UserInfo.Length > 0) throw Wrong(name, "has a user or a password in it: take them out");
            if (uri.Scheme == "http" && !uri.IsLoopback && !receiver.AllowPlain)
                throw Wrong(name,
                    "begins with http, so what is sent would cross the network unencrypted: use https, or set AllowPlain to true");
        }

        public void NothingBut(string[] names)
        {
            var unused = new ReceiverSettings();
            foreach (var property in typeof(ReceiverSettings).GetProperties())
            {
                if (Everywhere.Contains(property.Name) || names.Contains(property.Name)) continue;
                var value = property.GetValue(receiver);
                var isSet = value is System.Collections.ICollection some ? some.Count > 0 : !Equals(value, property.GetValue(unused));
                if (isSet) throw Wrong(property.Name, $"is not a setting of {receiver.Kind}: take it out");
            }
        }

        public DeliverySetupException Wrong(string name, string reason) =>
            new($"{DeliverySettings.Section}:{nameof(DeliverySettings.Receivers)}:{key}{(name.Length > 0 ? ":" : "")}{name} {reason}");
    }
}
