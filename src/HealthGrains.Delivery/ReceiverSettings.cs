namespace HealthGrains.Delivery;

/// <summary>
/// Settings of one receiver. Which of them it has depends on its <see cref="Kind"/>; docs/delivery.md describes each. Where one says
/// "secret", it is read anew for every attempt and never logged.
/// </summary>
public sealed class ReceiverSettings
{
    /// <summary>What it is: smtp, chat, webhook, hubspot, salesforce or local.</summary>
    public string Kind { get; set; } = "";

    /// <summary>How many dispatches it gets at once; null for four, of a chat one.</summary>
    public int? Concurrency { get; set; }

    /// <summary>smtp: the mail server.</summary>
    public string? Host { get; set; }

    /// <summary>smtp: its port; null for 587, or 465 with <see cref="Security"/> tls.</summary>
    public int? Port { get; set; }

    /// <summary>
    /// smtp: starttls (the default), tls from the first byte, or none, on this machine alone or with <see cref="AllowPlain"/>.
    /// </summary>
    public string? Security { get; set; }

    /// <summary>smtp: the user to sign in as; null for not signing in.</summary>
    public string? User { get; set; }

    /// <summary>smtp: the user's password. Secret.</summary>
    public string? Password { get; set; }

    /// <summary>smtp: the sender's address.</summary>
    public string? From { get; set; }

    /// <summary>smtp: the sender's name; null for none.</summary>
    public string? FromName { get; set; }

    /// <summary>
    /// chat and webhook: the address to post to. hubspot, salesforce: where its API is, such as https://api.hubapi.com. A chat's is secret.
    /// </summary>
    public string? Url { get; set; }

    /// <summary>Whether what is sent may go over the network unencrypted. Off, unless the other side is on this machine.</summary>
    public bool AllowPlain { get; set; }

    /// <summary>webhook: what it is signed with, whsec_ and base64; several with spaces, while one is being replaced. Secret.</summary>
    public string? Secret { get; set; }

    /// <summary>hubspot, salesforce: a bearer token that does not end; null with <see cref="ClientId"/>. Secret.</summary>
    public string? Token { get; set; }

    /// <summary>hubspot, salesforce: the client id of an app, with which tokens are asked for as they end.</summary>
    public string? ClientId { get; set; }

    /// <summary>hubspot, salesforce: the app's client secret. Secret.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>
    /// hubspot, salesforce: the refresh token that somebody's sign-in gave; null, with salesforce alone, for client credentials. Secret.
    /// </summary>
    public string? RefreshToken { get; set; }

    /// <summary>
    /// hubspot, salesforce: where tokens are asked for; null for <see cref="Url"/> and the kind's own path, /oauth/v1/token and
    /// /services/oauth2/token.
    /// </summary>
    public string? TokenUrl { get; set; }

    /// <summary>salesforce: the version of its API; null for 62.0.</summary>
    public string? Version { get; set; }

    /// <summary>hubspot, salesforce: the source in an account's externalIds; null for the kind's own name.</summary>
    public string? ExternalIdSource { get; set; }

    /// <summary>
    /// hubspot, salesforce: the unique field that holds our account id, for accounts without an external id; null for none.
    /// </summary>
    public string? AccountIdField { get; set; }

    /// <summary>
    /// hubspot, salesforce: the unique field of a task or note that holds our reference, so that a repeat changes nothing.
    /// </summary>
    public string? ReferenceField { get; set; }

    /// <summary>hubspot, salesforce: what our fields of an account are called there.</summary>
    public Dictionary<string, string> AccountFields { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>hubspot, salesforce: what our fields of a task are called there, where it is not the usual.</summary>
    public Dictionary<string, string> TaskFields { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>hubspot, salesforce: what our fields of an outcome are called there, where it is not the usual.</summary>
    public Dictionary<string, string> OutcomeFields { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>hubspot, salesforce: of our fields, what their values are called there: Values:status:done = Completed.</summary>
    public Dictionary<string, Dictionary<string, string>> Values { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>hubspot, salesforce: what our owners' ids are there.</summary>
    public Dictionary<string, string> Owners { get; set; } = new(StringComparer.OrdinalIgnoreCase);
}
