using HealthGrains.Hosting;

namespace HealthGrains.Api.Tests;

public sealed class IdempotencyTests
{
    private static readonly (string, string) Key = ("Idempotency-Key", "k-1");

    [Fact]
    public async Task A_write_repeated_with_its_key_is_answered_as_before_and_not_run_again()
    {
        await using var api = await TestApi.StartAsync();
        var first = await api.PutAsync("/v1/accounts/acme", """{"name":"Acme"}""", Key);
        var again = await api.PutAsync("/v1/accounts/acme", """{"name":"Acme"}""", Key);
        Assert.Equal((201, 201, 1), ((int)first.StatusCode, (int)again.StatusCode, api.Host.Puts));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
    }

    [Fact]
    public async Task A_key_belongs_to_one_request()
    {
        await using var api = await TestApi.StartAsync();
        await api.PutAsync("/v1/accounts/acme", """{"name":"Acme"}""", Key);
        await (await api.PutAsync("/v1/accounts/acme", """{"name":"Other"}""", Key)).ProblemAsync(422, "idempotency-key-reused");
        await (await api.PutAsync("/v1/accounts/other", """{"name":"Acme"}""", Key)).ProblemAsync(422, "idempotency-key-reused");
        Assert.Equal(1, api.Host.Puts);
    }

    [Fact]
    public async Task A_write_that_failed_may_be_tried_again_with_its_key()
    {
        await using var api = await TestApi.StartAsync();
        api.Host.Fault = new HostUnavailableException("restarting");
        await (await api.PutAsync("/v1/accounts/acme", "{}", Key)).ProblemAsync(503, "unavailable");
        await (await api.PutAsync("/v1/accounts/acme", "{}", Key)).JsonAsync(201);
        var other = ("Idempotency-Key", "k-2");
        await (await api.PutAsync("/v1/accounts/acme", """{"tier":"gold"}""", other)).ProblemAsync(400, "invalid-body");
        await (await api.PutAsync("/v1/accounts/acme", """{"tier":"smb"}""", other)).JsonAsync(200);
    }

    [Fact]
    public async Task An_answer_is_kept_for_a_day()
    {
        await using var api = await TestApi.StartAsync();
        await api.PutAsync("/v1/accounts/acme", "{}", Key);
        api.Time.Advance(TimeSpan.FromHours(23.9));
        await (await api.PutAsync("/v1/accounts/acme", "{}", Key)).JsonAsync(201);
        api.Time.Advance(TimeSpan.FromHours(0.2));
        await (await api.PutAsync("/v1/accounts/acme", "{}", Key)).JsonAsync(200);
        Assert.Equal(2, api.Host.Puts);
    }

    [Fact]
    public async Task Only_so_many_answers_are_kept()
    {
        await using var api = await TestApi.StartAsync();
        await api.PutAsync("/v1/accounts/acme", "{}", Key);
        for (var i = 0; i < 4096; i++) await api.PostAsync("/v1/models/prior-1/activate", null, ("Idempotency-Key", "m-" + i));
        await (await api.PutAsync("/v1/accounts/acme", "{}", Key)).JsonAsync(200);
        Assert.Equal(2, api.Host.Puts);
    }

    [Fact]
    public async Task A_key_has_a_bearable_length()
    {
        await using var api = await TestApi.StartAsync();
        var response = await api.PutAsync("/v1/accounts/acme", "{}", ("Idempotency-Key", new string('k', 256)));
        await response.ProblemAsync(400, "invalid-header");
    }
}
