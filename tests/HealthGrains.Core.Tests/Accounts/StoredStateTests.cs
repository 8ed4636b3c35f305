using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Signals;

namespace HealthGrains.Core.Tests.Accounts;

/// <summary>What is stored is read back whole, or refused.</summary>
public sealed class StoredStateTests
{
    public static TheoryData<string> Episodes => ["none", "open", "acknowledged", "calm", "resolved", "churned"];

    [Theory]
    [MemberData(nameof(Episodes))]
    public void A_state_read_back_is_the_state_and_lives_on_alike(string episode)
    {
        var state = State(episode);
        var bytes = Lives.Bytes(state);
        var read = AccountState.Read(bytes, state.Profile);
        Assert.Equal(bytes, Lives.Bytes(read));
        for (var day = 1; day < 50; day += 3)
        {
            var turn = Lives.Turn(Lives.Now + day * Days.Millis);
            foreach (var one in (AccountState[])[state, read])
            {
                AccountTurns.Take(one, [new((ulong)day, turn.Now, SignalKind.Login, 1ul << 32)], turn);
                AccountTurns.Wake(one, turn);
            }
            Assert.Equal(Lives.Bytes(state), Lives.Bytes(read));
        }
    }

    [Fact]
    public void The_priority_of_a_ticket_needs_the_third_format_and_nothing_else_does()
    {
        foreach (var episode in (string[])["none", "open"])
        {
            var state = State(episode);
            Assert.Equal(1, Lives.Bytes(state)[0]);
            AccountTurns.Take(state, [new(77, Lives.Now - 60_000, SignalKind.TicketOpened, 7ul << 32, Value: 4)], Lives.Turn(Lives.Now));
            var bytes = Lives.Bytes(state);
            Assert.Equal(3, bytes[0]);
            var read = AccountState.Read(bytes, state.Profile);
            Assert.Equal(bytes, Lives.Bytes(read));
            Assert.Equal(4, read.Calendar.Events.Items[^1].Value);
        }
    }

    [Theory]
    [MemberData(nameof(Episodes))]
    public void A_truncated_state_is_refused(string episode)
    {
        var bytes = Lives.Bytes(State(episode));
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => AccountState.Read(bytes.AsSpan(0, length), Lives.Acme));
        Assert.Throws<InvalidDataException>(() => AccountState.Read([.. bytes, 0], Lives.Acme));
    }

    [Theory]
    [MemberData(nameof(Episodes))]
    public void A_damaged_state_is_refused_or_can_be_worked_with(string episode)
    {
        var bytes = Lives.Bytes(State(episode));
        var turn = Lives.Turn(Lives.Now);
        var dice = new Dice(17);
        for (var round = 0; round < 4_000; round++)
        {
            var damaged = (byte[])bytes.Clone();
            // The first bytes are times, on which most depends.
            for (var flips = 1 + dice.Below(3); flips > 0; flips--)
                damaged[dice.Below(round % 2 == 0 ? Math.Min(80, bytes.Length) : bytes.Length)] ^= (byte)(1 << dice.Below(8));
            AccountState state;
            try
            {
                state = AccountState.Read(damaged, Lives.Acme);
            }
            catch (InvalidDataException)
            {
                continue;
            }
            Lives.View(state, turn);
            AccountTurns.Wake(state, turn);
            AccountTurns.Explain(state, turn.Now - 7 * Days.Millis, turn.Now, turn);
            Lives.Bytes(state);
        }
    }

    private static AccountState State(string episode)
    {
        var turn = Lives.Turn(Lives.Now);
        var signals = Lives.Steady(Lives.Now, 41, back => back < 14 ? 0.1 : 1);
        signals.Add(new(700_001, Lives.Now - 3 * Days.Millis, SignalKind.SeatsInUse, 0, 0, 12));
        signals.Add(new(700_002, Lives.Now - 30 * Days.Millis, SignalKind.MilestoneReached, 0, 5));
        if (episode != "none") signals.Add(new(700_003, Lives.Now - 2 * Days.Millis, SignalKind.CancelRequested));
        var state = Lives.Live(signals, turn);
        if (episode == "none") return state;
        AccountTurns.Decide(state, turn);
        var alert = Assert.Single(Lives.View(state, turn).Alerts).Id;
        if (episode is "acknowledged" or "resolved") Assert.NotNull(AccountTurns.Acknowledge(state, alert, "dana", turn));
        if (episode == "resolved") Assert.NotNull(AccountTurns.Resolve(state, alert, "dana", "talked to them", turn));
        if (episode == "calm") state.Episode = state.Episode! with { CalmSince = Lives.Now - Days.Millis };
        if (episode == "churned") AccountTurns.Take(state, [new(700_004, Lives.Now, SignalKind.Churned, 0, 3)], turn);
        return state;
    }
}
