namespace HealthGrains.Delivery.Tests;

/// <summary>Settings that cannot be are told in a sentence that says what to do.</summary>
public sealed class SettingsTests
{
    private static readonly (string, string?)[] Smtp =
        [("Receivers:email:Kind", "smtp"), ("Receivers:email:Host", "mail.us.example"), ("Receivers:email:From", "hello@us.example")];

    private static readonly (string, string?)[] Hook =
        [("Receivers:hook:Kind", "webhook"), ("Receivers:hook:Url", "https://app.us.example/in"), ("Receivers:hook:Secret", Settings.Secret)];

    private static readonly (string, string?)[] Crm =
    [
        ("Receivers:crm:Kind", "hubspot"), ("Receivers:crm:Url", "https://api.hubapi.com"), ("Receivers:crm:Token", "pat-secret-token"),
        ("Receivers:crm:AccountFields:score", "health_score"),
    ];

    private static readonly (string, string?)[] App =
    [
        ("Receivers:app:Kind", "salesforce"), ("Receivers:app:Url", "https://us.my.salesforce.com"), ("Receivers:app:ClientId", "our-app"),
        ("Receivers:app:ClientSecret", "app-secret-word"), ("Receivers:app:AccountFields:score", "health_score"),
    ];

    [Fact]
    public void Settings_that_can_be_are_read()
    {
        var settings = DeliverySettings.Bind(Settings.Of([.. Smtp, .. Hook, .. Crm, .. App, ("Receivers:chat:Kind", "local"), ("GiveUpAfter", "2.00:00:00")]));
        Assert.Equal(["app", "chat", "crm", "email", "hook"], settings.Receivers.Keys.Order());
        Assert.Equal(TimeSpan.FromDays(2), settings.GiveUpAfter);
        Assert.Equal("health_score", settings.Receivers["crm"].AccountFields["Score"]);
    }

    [Fact]
    public void No_settings_are_settings_too() => Assert.Empty(DeliverySettings.Bind(Settings.Of()).Receivers);

    [Theory]
    [InlineData("Receivers:email:Pasword", "x", "HealthGrains:Delivery:Receivers:email:Pasword is read by nothing; known here: Kind,")]
    [InlineData("Receiver:email:Kind", "smtp", "HealthGrains:Delivery:Receiver is read by nothing; known here: Receivers,")]
    [InlineData("Receivers:email:Kind", "mail", "Receivers:email:Kind is 'mail'; a receiver's kind is one of smtp, chat, webhook, hubspot, salesforce, local")]
    [InlineData("Receivers:e mail:Kind", "local", "Receivers:e mail is no key of a receiver; one is 1 to 64 characters of a-z 0-9 -")]
    [InlineData("Receivers:email:Host", "", "Receivers:email:Host is empty: name the mail server")]
    [InlineData("Receivers:email:Port", "70000", "Receivers:email:Port is 70000; 587 is usual, 465 with tls")]
    [InlineData("Receivers:email:Port", "many", "HealthGrains:Delivery cannot be read: Failed to convert configuration value 'many' at 'HealthGrains:Delivery:Receivers:email:Port'")]
    [InlineData("Receivers:email:Security", "ssl", "Receivers:email:Security is 'ssl'; it is starttls, tls or none")]
    [InlineData("Receivers:email:Security", "none", "so letters would cross the network unencrypted: use starttls or tls, or set AllowPlain to true")]
    [InlineData("Receivers:email:From", "us", "Receivers:email:From is 'us', which is no e-mail address")]
    [InlineData("Receivers:email:User", "jo", "Receivers:email:Password is missing: a user and a password go together")]
    [InlineData("Receivers:email:Token", "t", "Receivers:email:Token is not a setting of smtp: take it out")]
    [InlineData("Receivers:email:Values:status:done", "t", "Receivers:email:Values is not a setting of smtp: take it out")]
    [InlineData("Receivers:email:Concurrency", "0", "Receivers:email:Concurrency is 0; it must be between 1 and 64")]
    [InlineData("Receivers:hook:Url", "ftp://x", "Receivers:hook:Url is no http address: give the address to post to")]
    [InlineData("Receivers:hook:Url", "http://app.us.example/in", "use https, or set AllowPlain to true")]
    [InlineData("Receivers:hook:Url", "https://jo:pw@app.us.example/in", "Receivers:hook:Url has a user or a password in it: take them out")]
    [InlineData("Receivers:hook:Secret", "", "Receivers:hook:Secret is empty: make one with")]
    [InlineData("Receivers:hook:Secret", "my own secret", "Receivers:hook:Secret is no secret to sign with: make one with 'echo whsec_$(openssl rand -base64 32)'")]
    [InlineData("Receivers:hook:Secret", "whsec_c2hvcnQ=", "Receivers:hook:Secret is no secret to sign with")]
    [InlineData("Receivers:crm:Token", "", "Receivers:crm:Token is empty: give the bearer token")]
    [InlineData("Receivers:crm:Token", "", "or the ClientId and ClientSecret of an app")]
    [InlineData("Receivers:crm:ClientId", "app", "Receivers:crm:Token and ClientId do not go together")]
    [InlineData("Receivers:app:ClientId", "", "Receivers:app:ClientId is empty: give the client id (consumer key) of the app")]
    [InlineData("Receivers:app:ClientSecret", "", "Receivers:app:ClientSecret is empty: give the client secret")]
    [InlineData("Receivers:app:TokenUrl", "http://login.us.example/token", "Receivers:app:TokenUrl begins with http")]
    [InlineData("Receivers:app:TokenUrl", "token", "Receivers:app:TokenUrl is no http address: give the address where tokens are asked for")]
    [InlineData("Receivers:app:Kind", "hubspot", "Receivers:app:RefreshToken is empty: HubSpot gives tokens to an app for a refresh token alone")]
    [InlineData("Receivers:hook:ClientId", "app", "Receivers:hook:ClientId is not a setting of webhook: take it out")]
    [InlineData("Receivers:crm:AccountFields:score", null, "Receivers:crm:AccountFields names no field: say what is written")]
    [InlineData("Receivers:crm:Version", "61.0", "Receivers:crm:Version is not a setting of hubspot: take it out")]
    [InlineData("PollEvery", "00:00:00", "HealthGrains:Delivery:PollEvery is 00:00:00; it must be between")]
    [InlineData("FirstRetry", "02:00:00", "HealthGrains:Delivery:FirstRetry is 02:00:00; it must be between")]
    [InlineData("GiveUpAfter", "40.00:00:00", "HealthGrains:Delivery:GiveUpAfter is 40.00:00:00; it must be between")]
    public void What_cannot_be_is_told(string name, string? value, string sentence)
    {
        var settings = new List<(string, string?)>([.. Smtp, .. Hook, .. Crm, .. App]);
        settings.RemoveAll(one => one.Item1 == name);
        if (value is not null) settings.Add((name, value));
        var wrong = Assert.Throws<DeliverySetupException>(() => DeliverySettings.Bind(Settings.Of([.. settings])));
        Assert.Contains(sentence, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pat-secret-token", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("app-secret-word", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("my own secret", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_on_this_machine_needs_no_encryption() => DeliverySettings.Bind(Settings.Of(
        ("Receivers:email:Kind", "smtp"), ("Receivers:email:Host", "localhost"), ("Receivers:email:Security", "none"),
        ("Receivers:email:From", "hello@us.example"), ("Receivers:chat:Kind", "chat"), ("Receivers:chat:Url", "http://127.0.0.1:9/x")));
}
