namespace HealthGrains.Delivery.Tests;

/// <summary>Letters over real connections to a mail server of the test.</summary>
public sealed class SmtpTests : IAsyncLifetime
{
    private readonly TestClock _clock = new();
    private readonly MailServer _server = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_letter_arrives_with_all_that_it_has()
    {
        var done = Assert.IsType<DeliveryOutcome.Delivered>(await Receiver().SendAsync(
            Made.Mail("acme.com:7", _clock.Now, text: "Dear Pat,\n\n.hidden dot\nZoë\n"), default));
        Assert.Equal("smtp 127.0.0.1: 2.0.0 queued as 4Bf", done.Receipt);
        var came = Assert.Single(_server.Came);
        Assert.Contains("<hello@us.example>", came.From, StringComparison.Ordinal);
        Assert.Contains("<pat@customer.example>", came.To, StringComparison.Ordinal);
        Assert.Equal("Pat Doe <pat@customer.example>", came.Header("To").Replace("\"", "", StringComparison.Ordinal));
        Assert.Equal("jo@us.example", came.Header("Reply-To"));
        Assert.Equal("Hello", came.Header("Subject"));
        Assert.Equal("<hg-acme=2Ecom=3A7@us.example>", came.Header("Message-Id"));
        Assert.Equal("acme.com:7", came.Header("X-HealthGrains-Delivery"));
        using var text = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(came.Text));
        Assert.Equal("Dear Pat,\n\n.hidden dot\nZoë\n", (await MimeKit.MimeMessage.LoadAsync(text)).TextBody!.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_repeat_is_the_same_letter_to_the_byte_so_that_it_can_be_dropped()
    {
        var once = true;
        // It took the letter, and the line broke before it could say so.
        _server.Answer = line => line == "." && once ? "hang up" : null;
        var letter = Made.Mail("acme:7", _clock.Now);
        Assert.IsType<DeliveryOutcome.Away>(await Receiver().SendAsync(letter, default));
        once = false;
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.IsType<DeliveryOutcome.Delivered>(await Receiver().SendAsync(letter, default));
        Assert.Equal(2, _server.Came.Count);
        Assert.Equal(_server.Came[0], _server.Came[1]);
        Assert.Single(_server.Came.Select(came => came.Header("Message-Id")).Distinct());
    }

    [Theory]
    // The recipient, then what is said of the letter: for this one alone.
    [InlineData("RCPT", "550 5.1.1 no such user", typeof(DeliveryOutcome.Refused))]
    [InlineData("RCPT", "450 4.2.0 greylisted", typeof(DeliveryOutcome.Later))]
    [InlineData("RCPT", "452 4.2.2 mailbox full", typeof(DeliveryOutcome.Later))]
    [InlineData(".", "554 5.7.1 looks like spam", typeof(DeliveryOutcome.Refused))]
    [InlineData(".", "451 4.3.0 try later", typeof(DeliveryOutcome.Later))]
    // The same for every letter: nothing is lost until a person has mended it.
    [InlineData("MAIL", "550 5.7.1 not your domain", typeof(DeliveryOutcome.Away))]
    [InlineData("MAIL", "421 4.3.2 shutting down", typeof(DeliveryOutcome.Away))]
    [InlineData("AUTH", "535 5.7.8 wrong password", typeof(DeliveryOutcome.Away))]
    [InlineData("EHLO", "hang up", typeof(DeliveryOutcome.Away))]
    [InlineData("DATA", "hang up", typeof(DeliveryOutcome.Away))]
    public async Task Each_answer_means_what_it_should(string verb, string answer, Type outcome)
    {
        _server.Answer = line => line.StartsWith(verb, StringComparison.OrdinalIgnoreCase) ? answer : null;
        var came = await Receiver(("User", "jo"), ("Password", "open-sesame-1")).SendAsync(Made.Mail("acme:7", _clock.Now), default);
        Assert.IsType(outcome, came);
        Assert.Empty(_server.Came);
        Assert.DoesNotContain("open-sesame-1", came.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_there_is_away()
    {
        var port = _server.Port;
        await _server.DisposeAsync();
        var away = Assert.IsType<DeliveryOutcome.Away>(await Receiver(("Port", $"{port}")).SendAsync(Made.Mail("acme:7", _clock.Now), default));
        Assert.StartsWith($"smtp 127.0.0.1, port {port}, cannot be reached or hung up:", away.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_the_encryption_that_the_settings_ask_for_gets_nothing()
    {
        var away = Assert.IsType<DeliveryOutcome.Away>(
            await Receiver(("Security", "starttls"), ("User", "jo"), ("Password", "open-sesame-1")).SendAsync(Made.Mail("acme:7", _clock.Now), default));
        Assert.Contains("correct Security", away.Error, StringComparison.Ordinal);
        Assert.Empty(_server.SignedIn);
    }

    [Fact]
    public async Task Letters_share_a_connection_and_one_that_is_refused_does_not_end_it()
    {
        _server.Answer = line => line.Contains("nobody@", StringComparison.Ordinal) && line.StartsWith("RCPT", StringComparison.Ordinal) ? "550 no such user" : null;
        var receiver = Receiver(("User", "jo"), ("Password", "open-sesame-1"));
        for (var i = 0; i < 6; i++)
            await receiver.SendAsync(Made.Mail($"acme:{i}", _clock.Now, i == 3 ? "nobody@customer.example" : "pat@customer.example"), default);
        Assert.Equal(5, _server.Came.Count);
        Assert.Equal((1, "jo open-sesame-1"), (_server.Connections, Assert.Single(_server.SignedIn)));
        // After a pause servers have hung up: a new one.
        _clock.Advance(TimeSpan.FromMinutes(1));
        await receiver.SendAsync(Made.Mail("acme:9", _clock.Now), default);
        Assert.Equal(2, _server.Connections);
    }

    [Theory]
    [InlineData("not an address")]
    [InlineData("pat@customer.example\r\nBcc: all@customer.example")]
    [InlineData("pat@customer.example, all@customer.example")]
    [InlineData("friends: pat@customer.example, all@customer.example;")]
    [InlineData("")]
    public async Task What_is_not_one_address_is_refused_with_what_to_do(string to)
    {
        var refused = Assert.IsType<DeliveryOutcome.Refused>(await Receiver().SendAsync(Made.Mail("acme:7", _clock.Now, to), default));
        Assert.Contains("is no e-mail address; correct the contact", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, _server.Connections);
    }

    [Fact]
    public async Task A_line_break_in_a_subject_or_a_name_makes_no_header()
    {
        var letter = Made.Mail("acme:7", _clock.Now, subject: "Hello\r\nBcc: all@customer.example\r\n\r\nBody");
        letter = letter with { Body = (EmailBody)letter.Body with { ToName = "Pat\r\nCc: all@customer.example" } };
        Assert.IsType<DeliveryOutcome.Delivered>(await Receiver().SendAsync(letter, default));
        var came = Assert.Single(_server.Came);
        Assert.Equal(("", ""), (came.Header("Bcc"), came.Header("Cc")));
        Assert.Equal("Hello Bcc: all@customer.example Body", came.Header("Subject"));
    }

    [Fact]
    public async Task A_notice_is_nothing_for_a_mail_server() =>
        Assert.IsType<DeliveryOutcome.Refused>(await Receiver().SendAsync(Made.Notice("acme:7", _clock.Now), default));

    private IReceiver Receiver(params (string Name, string? Value)[] settings) => Settings.Receiver(_clock,
    [
        .. new (string Name, string? Value)[]
        {
            ("Kind", "smtp"), ("Host", "127.0.0.1"), ("Port", $"{_server.Port}"), ("Security", "none"), ("From", "hello@us.example"), ("FromName", "Us"),
        }.ExceptBy(settings.Select(one => one.Name), one => one.Name),
        .. settings,
    ]);
}
