using System.Text.Json.Nodes;
using HealthGrains.Delivery;
using HealthGrains.Hosting;

namespace HealthGrains.HostContract;

/// <summary>
/// What every host's store of dispatches does. A test project inherits it with a store that is empty at the start of each test.
/// </summary>
public abstract class DeliveryStoreContract
{
    private const long Start = 1_790_000_000_000;
    private const long Minute = 60_000;

    /// <summary>The store.</summary>
    protected abstract IDeliveryStore Store { get; }

    /// <summary>Writes dispatches as the host does with the state that decided them; a repeated id is dropped.</summary>
    protected abstract Task WriteAsync(params Dispatch[] dispatches);

    [Fact]
    public async Task What_is_due_is_claimed_once_oldest_first()
    {
        await WriteAsync(Chat("b:1", "b", Start + 2), Chat("a:1", "a", Start + 1), Chat("c:1", "c", Start + 3), Chat("d:1", "d", Start + Minute));
        Assert.Equal(["a:1", "b:1"], await ClaimAsync(Start + 10, most: 2));
        Assert.Equal(["c:1"], await ClaimAsync(Start + 10));
        Assert.Empty(await ClaimAsync(Start + 10));
    }

    [Fact]
    public async Task A_receiver_gets_only_what_is_for_it()
    {
        await WriteAsync(Chat("a:1", "a", Start), Chat("a:2", "a", Start) with { Receiver = "pager" });
        Assert.Equal(["a:2"], await ClaimAsync(Start, "pager"));
        Assert.Equal(["a:1"], await ClaimAsync(Start));
    }

    [Fact]
    public async Task An_id_that_is_known_is_not_written_again_even_when_it_is_delivered()
    {
        await WriteAsync(Chat("a:1", "a", Start));
        await WriteAsync(Chat("a:1", "a", Start));
        Assert.Equal(["a:1"], await ClaimAsync(Start));
        Assert.True(await SettleAsync("a:1", 1, Settlement.Delivered(Start, "chat")));
        await WriteAsync(Chat("a:1", "a", Start));
        Assert.Empty(await ClaimAsync(Start + Minute));
        Assert.Equal(1, (await ListAsync(new DeliveryQuery())).Total);
    }

    [Fact]
    public async Task Of_one_account_the_second_waits_for_the_first_however_long_that_takes()
    {
        await WriteAsync(Chat("a:1", "a", Start), Chat("a:2", "a", Start), Chat("b:1", "b", Start));
        Assert.Equal(["a:1", "b:1"], await ClaimAsync(Start));
        Assert.True(await SettleAsync("b:1", 1, Settlement.Delivered(Start, null)));
        Assert.True(await SettleAsync("a:1", 1, Settlement.Again(Start, Start + 10 * Minute, "the chat is away")));
        Assert.Empty(await ClaimAsync(Start + 5 * Minute));
        Assert.Equal(["a:1"], await ClaimAsync(Start + 10 * Minute));
        Assert.True(await SettleAsync("a:1", 2, Settlement.Delivered(Start + 10 * Minute, null)));
        Assert.Equal(["a:2"], await ClaimAsync(Start + 10 * Minute));
    }

    [Fact]
    public async Task What_is_held_back_until_morning_holds_up_nothing_that_is_due_before()
    {
        await WriteAsync(Chat("a:1", "a", Start + 60 * Minute), Chat("a:2", "a", Start));
        Assert.Equal(["a:2"], await ClaimAsync(Start));
        Assert.True(await SettleAsync("a:2", 1, Settlement.Delivered(Start, null)));
        Assert.Equal(["a:1"], await ClaimAsync(Start + 60 * Minute));
    }

    [Fact]
    public async Task A_letter_waits_only_for_those_to_the_same_person()
    {
        await WriteAsync(Mail("a:1", "jo@customer.example"), Mail("a:2", "csm@us.example"), Mail("a:3", "Jo@Customer.example"));
        Assert.Equal(["a:1", "a:2"], await ClaimAsync(Start, ReceiverKeys.Email));
    }

    [Fact]
    public async Task A_claim_that_nobody_settled_can_be_claimed_again_and_then_is_no_longer_the_firsts()
    {
        await WriteAsync(Chat("a:1", "a", Start));
        Assert.Equal(["a:1"], await ClaimAsync(Start));
        Assert.Empty(await ClaimAsync(Start + Minute - 1));
        var again = Assert.Single(await Store.ClaimAsync(Claim(ReceiverKeys.Chat, Start + Minute, 10), default));
        Assert.Equal(2, again.Attempt);
        Assert.False(await SettleAsync("a:1", 1, Settlement.Delivered(Start + Minute, "too late")));
        Assert.True(await SettleAsync("a:1", 2, Settlement.Delivered(Start + Minute, "in time")));
        Assert.False(await SettleAsync("a:1", 2, Settlement.Dead(Start + Minute, "it was settled already")));
        var row = Assert.Single((await ListAsync(new DeliveryQuery())).Items);
        Assert.Equal((DeliveryState.Delivered, "in time", 2, Start + Minute), (row.State, row.DeliveredTo, row.Attempts, row.SettledAt));
    }

    [Fact]
    public async Task What_is_claimed_is_what_was_written_whatever_kind_it_is()
    {
        Dispatch[] written =
        [
            Mail("a:1", "jo@customer.example"),
            Chat("a:2", "a", Start),
            Chat("a:3", "a", Start) with
            {
                Receiver = "app", Owner = null,
                Body = new NoticeBody("play.started", new JsonObject { ["name"] = "Zoë \"quoted\"", ["deep"] = new JsonObject { ["n"] = 1.5 } }),
            },
            Chat("a:4", "a", Start) with
            {
                Receiver = ReceiverKeys.Crm,
                Body = new CrmBody(CrmKind.Task, "a", new Dictionary<string, string> { ["hubspot"] = "77" },
                    new JsonObject { ["subject"] = "Call", ["done"] = false, ["score"] = 41.5 }, "task:a:1"),
            },
        ];
        await WriteAsync(written);
        foreach (var dispatch in written)
        {
            var claimed = Assert.Single(await Store.ClaimAsync(Claim(dispatch.Receiver, Start, 10), default));
            Assert.Equal(dispatch with { Body = claimed.Dispatch.Body }, claimed.Dispatch);
            Assert.True(JsonNode.DeepEquals(Parse(dispatch.Body), Parse(claimed.Dispatch.Body)), dispatch.Id);
            Assert.Equal((1, Start), (claimed.Attempt, claimed.DueSince));
        }
    }

    [Fact]
    public async Task What_is_too_old_is_given_up_with_the_last_error_and_what_is_being_sent_is_not()
    {
        await WriteAsync(Chat("a:1", "a", Start), Chat("b:1", "b", Start), Chat("c:1", "c", Start), Chat("d:1", "d", Start + Minute));
        Assert.Equal(["a:1", "b:1"], await ClaimAsync(Start, most: 2));
        Assert.True(await SettleAsync("a:1", 1, Settlement.Again(Start, Start + Minute, "the chat is away")));
        Assert.Equal(2, await Store.ExpireAsync(ReceiverKeys.Chat, Start + 1, Start + 10, "too late", default));
        Assert.Equal(["c:1: too late", "a:1: the chat is away"], (await ListAsync(new DeliveryQuery(DeliveryState.Dead))).Items
            .Select(row => $"{row.Dispatch.Id}: {row.Error}"));
        Assert.Equal(["d:1", "b:1"], (await ListAsync(new DeliveryQuery(DeliveryState.Pending))).Items.Select(row => row.Dispatch.Id));
    }

    [Fact]
    public async Task A_person_has_a_dead_one_tried_again_with_as_much_time_as_a_new_one()
    {
        await WriteAsync(Chat("a:1", "a", Start));
        await ClaimAsync(Start);
        Assert.True(await SettleAsync("a:1", 1, Settlement.Dead(Start, "no such channel")));
        Assert.Empty(await ClaimAsync(Start + Minute));
        var row = await Store.RetryAsync("a:1", "jo", Start + 5 * Minute, default);
        Assert.Equal((DeliveryState.Pending, Start + 5 * Minute, null), (row!.State, row.NextAttempt, row.SettledAt));
        var claimed = Assert.Single(await Store.ClaimAsync(Claim(ReceiverKeys.Chat, Start + 5 * Minute, 10), default));
        Assert.Equal((2, Start + 5 * Minute), (claimed.Attempt, claimed.DueSince));
        await Assert.ThrowsAsync<InvalidTransitionException>(async () => await Store.RetryAsync("a:1", "jo", Start + 6 * Minute, default));
        Assert.Null(await Store.RetryAsync("a:9", "jo", Start, default));
    }

    [Fact]
    public async Task What_is_called_back_is_not_sent_and_lets_the_next_one_go()
    {
        await WriteAsync(Chat("a:1", "a", Start), Chat("a:2", "a", Start));
        var row = await Store.CancelAsync("a:1", "the account recovered", Start, default);
        Assert.Equal((DeliveryState.Cancelled, "the account recovered"), (row!.State, row.Error));
        Assert.Equal(["a:2"], await ClaimAsync(Start));
        await Assert.ThrowsAsync<InvalidTransitionException>(async () => await Store.CancelAsync("a:2", "it is on its way", Start, default));
        Assert.True(await SettleAsync("a:2", 1, Settlement.Delivered(Start, null)));
        await Assert.ThrowsAsync<InvalidTransitionException>(async () => await Store.CancelAsync("a:2", "too late", Start, default));
        Assert.Null(await Store.CancelAsync("a:9", "not there", Start, default));
    }

    [Fact]
    public async Task The_list_is_newest_first_in_pages_and_by_state_receiver_account_and_owner()
    {
        for (var i = 0; i < 5; i++) await WriteAsync(Chat($"a:{i}", "a", Start + i));
        await WriteAsync(Chat("b:1", "b", Start) with { Owner = "sam" }, Chat("b:2", "b", Start) with { Receiver = "pager" });
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await ListAsync(new DeliveryQuery(Account: "a", Limit: 2, Cursor: cursor));
            Assert.Equal(5, page.Total);
            seen.AddRange(page.Items.Select(row => row.Dispatch.Id));
            cursor = page.Next;
        }
        while (cursor is not null);
        Assert.Equal(["a:4", "a:3", "a:2", "a:1", "a:0"], seen);
        Assert.Equal("b:2", Assert.Single((await ListAsync(new DeliveryQuery(Receiver: "pager"))).Items).Dispatch.Id);
        Assert.Equal("b:1", Assert.Single((await ListAsync(new DeliveryQuery(Owner: "sam"))).Items).Dispatch.Id);
        Assert.Empty((await ListAsync(new DeliveryQuery(DeliveryState.Dead))).Items);
        await Assert.ThrowsAsync<InvalidQueryException>(() => ListAsync(new DeliveryQuery(Cursor: "made-up")));
        await Assert.ThrowsAsync<InvalidQueryException>(() => ListAsync(new DeliveryQuery(Limit: 501)));
    }

    [Fact]
    public async Task Counts_say_what_waits_since_when_and_what_was_given_up()
    {
        Assert.Empty(await Store.CountAsync(Start, default));
        await WriteAsync(Chat("a:1", "a", Start), Chat("b:1", "b", Start + 1), Chat("c:1", "c", Start + 60 * Minute), Mail("a:2", "jo@customer.example"));
        Assert.Equal(["a:1"], await ClaimAsync(Start));
        Assert.True(await SettleAsync("a:1", 1, Settlement.Dead(Start, "no such channel")));
        Assert.Equal([new DeliveryCount("chat", 2, 1, Start + 1), new DeliveryCount("email", 1, 0, Start)],
            (await Store.CountAsync(Start + Minute, default)).OrderBy(count => count.Receiver, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Many_who_claim_at_once_never_get_the_same_one()
    {
        await WriteAsync([.. Enumerable.Range(0, 200).Select(i => Chat($"x:{i}", $"x{i}", Start))]);
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var got = new List<string>();
            while (await ClaimAsync(Start, most: 7) is { Length: > 0 } some) got.AddRange(some);
            return got;
        })));
        var all = claims.SelectMany(got => got).ToList();
        Assert.Equal(200, all.Count);
        Assert.Equal(200, all.Distinct(StringComparer.Ordinal).Count());
    }

    private static JsonNode? Parse(DeliveryBody body) => JsonNode.Parse(DeliveryJson.Write(body));

    private static DeliveryClaim Claim(string receiver, long now, int most) => new(receiver, most, now, now + Minute);

    private static Dispatch Chat(string id, string account, long notBefore) =>
        new(id, account, "jo", ReceiverKeys.Chat, Start, notBefore, new ChatBody($"text of {id}", null));

    private static Dispatch Mail(string id, string to) =>
        new(id, "a", "jo", ReceiverKeys.Email, Start, Start, new EmailBody(to, "Jo Doe", "csm@us.example", "Hello", "Line one\nLine two"));

    private async Task<string[]> ClaimAsync(long now, string receiver = ReceiverKeys.Chat, int most = 10) =>
        [.. (await Store.ClaimAsync(Claim(receiver, now, most), default)).Select(claimed => claimed.Dispatch.Id)];

    private Task<bool> SettleAsync(string id, int attempt, Settlement settlement) =>
        Store.SettleAsync(id, attempt, settlement, default).AsTask();

    private Task<Page<DeliveryRecord>> ListAsync(DeliveryQuery query) => Store.ListAsync(query, default).AsTask();
}
