using HealthGrains.Hosting;

namespace HealthGrains.Delivery.Tests;

/// <summary>How the pump sends: each receiver for itself, in order, once as a receiver sees it that drops repeats.</summary>
public sealed class PumpTests
{
    private static readonly DeliveryOutcome Gone = new DeliveryOutcome.Away("no route to it");

    private readonly TestClock _clock = new();
    private readonly MemoryDeliveryStore _store = new(100_000);
    private readonly Outside _chat = new();

    [Fact]
    public async Task A_receiver_that_is_down_for_a_day_loses_nothing_keeps_the_order_and_holds_up_no_other()
    {
        var (down, crm) = (true, new Outside());
        crm.Answer = (_, _) => Task.FromResult(down ? Gone : new DeliveryOutcome.Delivered(null));
        await using var pumped = await Pumped.StartAsync(_store, _clock, (ReceiverKeys.Chat, _chat), (ReceiverKeys.Crm, crm));
        var number = 0;
        for (var minute = 0; minute < 24 * 60; minute++)
        {
            if (minute % 5 == 0)
            {
                number++;
                _store.Add(Made.Chat($"a{number % 20}", number, _clock.Now), Made.Chat($"a{number % 20}", number + 100_000, _clock.Now, ReceiverKeys.Crm));
            }
            await pumped.AdvanceAsync(Pumped.Minute);
            Assert.Equal(number, _chat.Seen.Count);
        }
        Assert.Equal(288, number);
        Assert.Empty(crm.Seen);
        // It was asked now and then, by one at a time.
        Assert.InRange(crm.Sent.Count, 24, 70);
        Assert.Equal(1, crm.Most);
        var count = Assert.Single(await _store.CountAsync(_clock.Now, default));
        Assert.Equal((ReceiverKeys.Crm, 288, 0), (count.Receiver, count.Pending, count.Dead));
        var waiting = await _store.ListAsync(new DeliveryQuery(DeliveryState.Pending, Limit: 500), default);
        Assert.Contains(waiting.Items, row => row.Error == "no route to it" && row.NextAttempt > _clock.Now);

        down = false;
        await pumped.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal(288, crm.Seen.Count);
        foreach (var account in crm.Seen.GroupBy(id => id.Split(':')[0]))
            Assert.Equal(account.OrderBy(id => int.Parse(id.Split(':')[1])), account);
        Assert.Equal(
            ["Delivering to", "crm (outside) is away; what is for it waits and nothing is lost. no route to it", "crm (outside) is back, after"],
            pumped.Log.Seen.Select((line, i) => i == 1 ? line : string.Join(' ', line.Split(' ').Take(i == 0 ? 2 : 5))));
    }

    [Fact]
    public async Task What_comes_again_under_an_id_that_was_forgotten_is_a_dead_letter_and_is_not_sent_twice()
    {
        await using var pumped = await Pumped.StartAsync(_store, _clock, (ReceiverKeys.Chat, _chat));
        var first = Made.Chat("a", 1, _clock.Now);
        _store.Add(first);
        pumped.Bell.Ring(ReceiverKeys.Chat);
        await Wait.Until(() => _chat.Seen.Count == 1, "it arrives");
        await pumped.AdvanceAsync(TimeSpan.FromDays(31), TimeSpan.FromHours(6));
        Assert.Equal(1, _store.Prune(Plays.Retention.Default.DeliveriesBefore(_clock.Now)));
        // The lane has just looked for what is too old, and looks again in a minute.
        _store.Add(first, Made.Chat("a", 2, _clock.Now));
        pumped.Bell.Ring(ReceiverKeys.Chat);
        await Wait.Until(() => _chat.Seen.Count == 2, "the new one arrives");
        await pumped.AdvanceAsync(TimeSpan.FromMinutes(3));
        Assert.Equal(["a:1", "a:2"], _chat.Sent.Select(sent => sent.Id));
        var dead = Assert.Single((await _store.ListAsync(new DeliveryQuery(DeliveryState.Dead), default)).Items);
        Assert.Equal("a:1", dead.Dispatch.Id);
        Assert.Equal("it was due for more than 3 days; have it tried again only if it has not arrived before", dead.Error);
    }

    [Fact]
    public async Task What_was_rung_for_goes_at_once_and_what_was_not_at_the_next_look()
    {
        await using var pumped = await Pumped.StartAsync(_store, _clock, (ReceiverKeys.Chat, _chat));
        _store.Add(Made.Chat("a", 1, _clock.Now));
        pumped.Bell.Ring(ReceiverKeys.Chat);
        await Wait.Until(() => _chat.Seen.Count == 1, "the first arrives without the clock");
        await pumped.RestAsync();
        _store.Add(Made.Chat("a", 2, _clock.Now));
        await pumped.RestAsync();
        Assert.Single(_chat.Seen);
        await pumped.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(["a:1", "a:2"], _chat.Seen);
    }

    [Fact]
    public async Task Nothing_goes_before_its_time()
    {
        await using var pumped = await Pumped.StartAsync(_store, _clock, (ReceiverKeys.Chat, _chat));
        _store.Add(Made.Chat("a", 1, _clock.Now) with { NotBefore = _clock.Now + 8 * 3_600_000 });
        await pumped.AdvanceAsync(TimeSpan.FromHours(8) - Pumped.Minute);
        Assert.Empty(_chat.Sent);
        await pumped.AdvanceAsync(Pumped.Minute);
        Assert.Equal(["a:1"], _chat.Seen);
    }

    [Fact]
    public async Task A_letter_whose_server_comes_back_in_quiet_hours_goes_when_they_are_over_and_holds_up_nobody()
    {
        var mail = new Outside();
        var down = true;
        mail.Answer = (_, _) => Task.FromResult<DeliveryOutcome>(down ? Gone : new DeliveryOutcome.Delivered("taken"));
        await using var pumped = await Pumped.StartAsync(_store, _clock, (ReceiverKeys.Email, mail));
        var now = DateTimeOffset.FromUnixTimeMilliseconds(_clock.Now);
        var night = new QuietTime(
            TimeOnly.FromDateTime(now.AddHours(2).UtcDateTime), TimeOnly.FromDateTime(now.AddHours(12).UtcDateTime), false, null);
        var letter = Made.Mail("a:1", _clock.Now);
        _store.Add(letter with { Body = (EmailBody)letter.Body with { Quiet = [night] } });
        await pumped.AdvanceAsync(TimeSpan.FromHours(3));
        down = false;
        _store.Add(Made.Mail("b:1", _clock.Now, "kim@elsewhere.example"));
        await pumped.AdvanceAsync(TimeSpan.FromHours(8));
        Assert.Equal(["b:1"], mail.Seen);
        var row = Assert.Single((await _store.ListAsync(new DeliveryQuery(DeliveryState.Pending), default)).Items);
        Assert.Equal("it is quiet hours where it goes", row.Error);
        Assert.Equal(now.AddHours(12).ToUnixTimeMilliseconds(), row.NextAttempt);
        await pumped.AdvanceAsync(TimeSpan.FromHours(1) + Pumped.Minute);
        Assert.Equal(["b:1", "a:1"], mail.Seen);
    }

    [Fact]
    public async Task A_permanent_refusal_is_dead_at_once_and_lets_the_next_one_go()
    {
        _chat.Answer = (dispatch, _) => Task.FromResult<DeliveryOutcome>(dispatch.Id == "a:1"
            ? new DeliveryOutcome.Refused("no such channel, said pat@customer.example") : new DeliveryOutcome.Delivered("ok 7"));
        _store.Add(Made.Chat("a", 1, _clock.Now), Made.Chat("a", 2, _clock.Now));
        await using var pumped = await Pumped.StartAsync(_store, _clock, (ReceiverKeys.Chat, _chat));
        Assert.Equal(["a:1", "a:2"], _chat.Sent.Select(dispatch => dispatch.Id));
        var rows = (await _store.ListAsync(new DeliveryQuery(), default)).Items;
        Assert.Equal((DeliveryState.Delivered, "ok 7", null), (rows[0].State, rows[0].DeliveredTo, rows[0].Error));
        Assert.Equal((DeliveryState.Dead, 1, "no such channel, said pat@customer.example"), (rows[1].State, rows[1].Attempts, rows[1].Error));
        // The list says who; the log does not.
        Assert.Contains("Delivery a:1 to chat is a dead letter after 1 attempts. no such channel, said (address)", pumped.Log.Seen);
        // A person mends the channel.
        _chat.Answer = (_, _) => Task.FromResult<DeliveryOutcome>(new DeliveryOutcome.Delivered(null));
        await _store.RetryAsync("a:1", "jo", _clock.Now, default);
        await pumped.AdvanceAsync(Pumped.Minute);
        Assert.Equal(["a:2", "a:1"], _chat.Seen);
    }

    [Fact]
    public async Task One_that_cannot_be_taken_now_comes_again_later_and_later_while_other_accounts_go_on()
    {
        var tries = new List<long>();
        _chat.Answer = (dispatch, _) =>
        {
            if (dispatch.Account != "a" || tries.Count == 8) return Task.FromResult<DeliveryOutcome>(new DeliveryOutcome.Delivered(null));
            tries.Add(_clock.Now);
            return Task.FromResult<DeliveryOutcome>(new DeliveryOutcome.Later("the channel is locked", tries.Count == 8 ? TimeSpan.FromMinutes(90) : null));
        };
        _store.Add(Made.Chat("a", 1, _clock.Now), Made.Chat("a", 2, _clock.Now), Made.Chat("b", 1, _clock.Now));
        await using var pumped = await Pumped.StartAsync(_store, _clock, (ReceiverKeys.Chat, _chat));
        Assert.Equal(["b:1"], _chat.Seen);
        await pumped.AdvanceAsync(TimeSpan.FromMinutes(30), TimeSpan.FromSeconds(2));
        Assert.Equal(8, tries.Count);
        for (var i = 1; i < tries.Count; i++)
        {
            var whole = 5_000 * Math.Pow(2, i - 1);
            Assert.InRange(tries[i] - tries[i - 1], whole / 2, whole + 2_000);
        }
        Assert.Equal(["b:1"], _chat.Seen);
        // The last time it asked for an hour and a half.
        await pumped.AdvanceAsync(DateTimeOffset.FromUnixTimeMilliseconds(tries[7] + 90 * 60_000 - 2_000) - _clock.GetUtcNow());
        Assert.Equal(["b:1"], _chat.Seen);
        await pumped.AdvanceAsync(Pumped.Minute);
        Assert.Equal(["b:1", "a:1", "a:2"], _chat.Seen);
        Assert.DoesNotContain(pumped.Log.Seen, line => line.Contains("away", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_always_makes_the_receiver_fail_does_not_keep_the_others_from_it()
    {
        var outside = new Outside { Concurrency = 1 };
        outside.Answer = async (dispatch, cancellationToken) =>
        {
            if (dispatch.Account == "poison") await Task.Delay(Timeout.InfiniteTimeSpan, _clock, cancellationToken);
            return new DeliveryOutcome.Delivered(null);
        };
        _store.Add(Made.Chat("poison", 1, _clock.Now));
        _store.Add(Enumerable.Range(0, 50).Select(i => Made.Chat($"a{i}", 1, _clock.Now + 1)));
        var pumped = new Pumped(_store, _clock, Pumped.Of((ReceiverKeys.Chat, outside)));
        var start = _clock.Now;
        await pumped.Pump.StartAsync(default);
        await Wait.Until(() => outside.Sent.Count == 1, "the first is under way, and keeps the only place");
        Assert.Equal("poison", outside.Sent[0].Account);
        await Wait.Until(() =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            return outside.Seen.Count == 50;
        }, "all others arrive");
        Assert.Contains("chat (outside) is away; what is for it waits and nothing is lost. outside did not answer within 30 s", pumped.Log.Seen);
        Assert.InRange(_clock.Now - start, 30_000, 3_600_000);
        await pumped.DisposeAsync();
    }

    [Fact]
    public async Task It_is_given_up_after_three_days_and_the_queue_behind_it_too_while_the_receiver_is_away()
    {
        _chat.Answer = (_, _) => Task.FromResult(Gone);
        _store.Add(Enumerable.Range(1, 30).Select(i => Made.Chat("a", i, _clock.Now)));
        _store.Add(Made.Chat("b", 1, _clock.Now + 3_600_000));
        await using var pumped = await Pumped.StartAsync(_store, _clock, (ReceiverKeys.Chat, _chat));
        await pumped.AdvanceAsync(TimeSpan.FromHours(71), TimeSpan.FromMinutes(10));
        Assert.Equal(0, (await _store.ListAsync(new DeliveryQuery(DeliveryState.Dead), default)).Total);
        await pumped.AdvanceAsync(TimeSpan.FromHours(1) + TimeSpan.FromMinutes(11), TimeSpan.FromMinutes(10));
        var dead = (await _store.ListAsync(new DeliveryQuery(DeliveryState.Dead, Limit: 500), default)).Items;
        Assert.Equal(30, dead.Count);
        Assert.All(dead, row => Assert.EndsWith(row.Attempts == 0 ? "it was due for 3 days and could not be sent" : "no route to it", row.Error, StringComparison.Ordinal));
        Assert.Equal("b:1", Assert.Single((await _store.ListAsync(new DeliveryQuery(DeliveryState.Pending), default)).Items).Dispatch.Id);
        Assert.InRange(_chat.Sent.Count, 72, 160);
    }

    [Fact]
    public async Task A_receiver_that_asks_to_be_left_alone_is()
    {
        var asked = 0;
        _chat.Answer = (_, _) => Task.FromResult<DeliveryOutcome>(
            asked++ == 0 ? new DeliveryOutcome.Away("429 too many", TimeSpan.FromMinutes(20)) : new DeliveryOutcome.Delivered(null));
        _store.Add(Made.Chat("a", 1, _clock.Now));
        await using var pumped = await Pumped.StartAsync(_store, _clock, (ReceiverKeys.Chat, _chat));
        _store.Add(Made.Chat("b", 1, _clock.Now));
        await pumped.AdvanceAsync(TimeSpan.FromMinutes(19));
        Assert.Equal(1, asked);
        await pumped.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(["a:1", "b:1"], _chat.Seen.Order());
    }

    [Fact]
    public async Task No_more_go_at_once_than_the_receiver_takes_and_of_one_account_one()
    {
        var open = new TaskCompletionSource();
        var outside = new Outside { Concurrency = 3 };
        outside.Answer = async (_, _) =>
        {
            await open.Task;
            return new DeliveryOutcome.Delivered(null);
        };
        _store.Add(Enumerable.Range(0, 40).Select(i => Made.Chat($"a{i % 10}", i, _clock.Now)));
        var pumped = new Pumped(_store, _clock, Pumped.Of((ReceiverKeys.Chat, outside)));
        await pumped.Pump.StartAsync(default);
        await Wait.Until(() => outside.Sent.Count == 3, "three are under way");
        for (var i = 0; i < 5; i++)
        {
            pumped.Bell.Ring(ReceiverKeys.Chat);
            await Task.Yield();
        }
        Assert.Equal(["a0", "a1", "a2"], outside.Sent.Select(dispatch => dispatch.Account).Order());
        open.SetResult();
        await Wait.Until(() => outside.Seen.Count == 40, "all arrive");
        Assert.Equal(3, outside.Most);
        foreach (var account in outside.Seen.GroupBy(id => id.Split(':')[0]))
            Assert.Equal(account.OrderBy(id => int.Parse(id.Split(':')[1])), account);
        await pumped.DisposeAsync();
    }

    [Fact]
    public async Task Stopping_waits_for_what_is_under_way_and_begins_nothing_more()
    {
        var open = new TaskCompletionSource();
        _chat.Answer = async (_, _) =>
        {
            await open.Task;
            return new DeliveryOutcome.Delivered(null);
        };
        _store.Add(Made.Chat("a", 1, _clock.Now), Made.Chat("a", 2, _clock.Now));
        var pumped = new Pumped(_store, _clock, Pumped.Of((ReceiverKeys.Chat, _chat)));
        await pumped.Pump.StartAsync(default);
        await Wait.Until(() => _chat.Sent.Count == 1, "the first is under way");
        var stop = pumped.Pump.StopAsync(default);
        Assert.False(stop.IsCompleted);
        open.SetResult();
        await stop.WaitAsync(Wait.Patience);
        Assert.Equal(["a:1"], _chat.Seen);
        Assert.Equal(DeliveryState.Delivered, (await _store.ListAsync(new DeliveryQuery(), default)).Items[1].State);
        await pumped.DisposeAsync();
    }

    [Fact]
    public async Task What_hangs_at_the_stop_is_cut_short_and_goes_at_once_when_it_runs_again()
    {
        _chat.Answer = async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _clock, cancellationToken);
            return new DeliveryOutcome.Delivered(null);
        };
        _store.Add(Made.Chat("a", 1, _clock.Now));
        var pumped = new Pumped(_store, _clock, Pumped.Of((ReceiverKeys.Chat, _chat)));
        await pumped.Pump.StartAsync(default);
        await Wait.Until(() => _chat.Sent.Count == 1, "it is under way");
        await pumped.StopAsync();
        Assert.StartsWith("sending was cut short", (await _store.ListAsync(new DeliveryQuery(), default)).Items[0].Error, StringComparison.Ordinal);
        await pumped.DisposeAsync();

        _chat.Answer = (_, _) => Task.FromResult<DeliveryOutcome>(new DeliveryOutcome.Delivered(null));
        await using var again = await Pumped.StartAsync(_store, _clock, (ReceiverKeys.Chat, _chat));
        Assert.Equal(["a:1"], _chat.Seen);
    }

    [Fact]
    public async Task What_is_for_nobody_is_a_dead_letter_that_says_what_to_do()
    {
        await using var pumped = await Pumped.StartAsync(_store, _clock, (ReceiverKeys.Chat, _chat));
        _store.Add(Made.Chat("a", 1, _clock.Now, "pager"), Made.Chat("a", 2, _clock.Now, "pager"));
        await pumped.AdvanceAsync(TimeSpan.FromSeconds(15));
        await Wait.Until(() => _store.CountAsync(_clock.Now, default).AsTask().Result is [{ Dead: 2 }], "both are dead");
        var row = (await _store.ListAsync(new DeliveryQuery(), default)).Items[0];
        Assert.Contains("there is no receiver 'pager' (there are chat): add HealthGrains:Delivery:Receivers:pager", row.Error, StringComparison.Ordinal);
        Assert.Single(pumped.Log.Seen, line => line.StartsWith("There is no receiver 'pager'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_store_that_is_away_is_told_once_and_asked_until_it_is_back()
    {
        var store = new Faulty(_store) { IsAway = true };
        await using var pumped = await Pumped.StartAsync(store, _clock, (ReceiverKeys.Chat, _chat));
        _store.Add(Made.Chat("a", 1, _clock.Now));
        await pumped.AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.Empty(_chat.Sent);
        store.IsAway = false;
        await pumped.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(["a:1"], _chat.Seen);
        Assert.Single(pumped.Log.Seen, line => line.StartsWith("The queue of chat cannot be read", StringComparison.Ordinal));
        Assert.Single(pumped.Log.Seen, line => line.StartsWith("The queue of chat can be read again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_came_of_it_is_noted_when_the_store_is_back_and_it_is_not_sent_twice()
    {
        var store = new Faulty(_store);
        _chat.Answer = (_, _) =>
        {
            store.IsAway = true;
            return Task.FromResult<DeliveryOutcome>(new DeliveryOutcome.Delivered(null));
        };
        _store.Add(Made.Chat("a", 1, _clock.Now));
        var pumped = new Pumped(store, _clock, Pumped.Of((ReceiverKeys.Chat, _chat)));
        await pumped.Pump.StartAsync(default);
        await Wait.Until(() => _chat.Seen.Count == 1, "it is sent");
        for (var i = 0; i < 20; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        store.IsAway = false;
        await Wait.Until(() =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            return pumped.Pump.IsResting;
        }, "it is noted");
        Assert.Single(_chat.Sent);
        Assert.Equal(DeliveryState.Delivered, (await _store.ListAsync(new DeliveryQuery(), default)).Items[0].State);
        await pumped.DisposeAsync();
    }

    /// <summary>A store whose database goes away.</summary>
    private sealed class Faulty(MemoryDeliveryStore store) : IDeliveryStore
    {
        public volatile bool IsAway;

        public ValueTask<IReadOnlyList<ClaimedDispatch>> ClaimAsync(DeliveryClaim claim, CancellationToken cancellationToken) =>
            There().ClaimAsync(claim, cancellationToken);

        public ValueTask<bool> SettleAsync(string id, int attempt, Settlement settlement, CancellationToken cancellationToken) =>
            There().SettleAsync(id, attempt, settlement, cancellationToken);

        public ValueTask<int> ExpireAsync(string receiver, long dueBefore, long now, string error, CancellationToken cancellationToken) =>
            There().ExpireAsync(receiver, dueBefore, now, error, cancellationToken);

        public ValueTask<Page<DeliveryRecord>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken) =>
            There().ListAsync(query, cancellationToken);

        public ValueTask<DeliveryRecord?> RetryAsync(string id, string actor, long now, CancellationToken cancellationToken) =>
            There().RetryAsync(id, actor, now, cancellationToken);

        public ValueTask<DeliveryRecord?> CancelAsync(string id, string reason, long now, CancellationToken cancellationToken) =>
            There().CancelAsync(id, reason, now, cancellationToken);

        public ValueTask<IReadOnlyList<DeliveryCount>> CountAsync(long now, CancellationToken cancellationToken) =>
            There().CountAsync(now, cancellationToken);

        private MemoryDeliveryStore There() => IsAway ? throw new HostUnavailableException("the database is away") : store;
    }
}
