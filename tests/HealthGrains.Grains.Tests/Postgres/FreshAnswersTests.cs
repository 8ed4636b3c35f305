using HealthGrains.Grains.Postgres;

namespace HealthGrains.Grains.Tests.Postgres;

public sealed class FreshAnswersTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly FreshAnswers<string, int> _answers = new(2);
    private readonly List<TaskCompletionSource<int>> _asked = [];

    [Fact]
    public async Task Who_asks_within_a_second_gets_one_answer_and_waits_for_the_one_on_its_way()
    {
        var (first, second) = (Ask(0), Ask(300));
        Assert.Single(_asked);
        _asked[0].SetResult(1);
        Assert.Equal((1, 1, 1), (await first, await second, await Ask(500)));
        var late = Ask(1_500);
        _asked[1].SetResult(2);
        Assert.Equal(2, await late);
    }

    [Fact]
    public async Task The_next_answer_is_fetched_before_the_last_is_too_old()
    {
        _ = Ask(0);
        _asked[0].SetResult(1);
        Assert.Equal((1, 1), (await Ask(700), await Ask(900)));
        Assert.Equal(2, _asked.Count);
        _asked[1].SetResult(2);
        Assert.Equal((2, 2), (await Ask(950), await Ask(1_250)));
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task A_next_answer_that_takes_too_long_is_waited_for_and_one_that_fails_is_asked_for_again()
    {
        _ = Ask(0);
        _asked[0].SetResult(1);
        Assert.Equal(1, await Ask(700));
        var waiting = Ask(1_100);
        Assert.Equal(2, _asked.Count);
        _asked[1].SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(async () => await waiting);
        var again = Ask(1_200);
        _asked[2].SetResult(3);
        Assert.Equal(3, await again);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_and_other_questions_get_answers_of_their_own()
    {
        for (var i = 0; i < 5; i++)
        {
            var answer = Ask(10_000 - 2_000 * i, $"question {i % 4}");
            _asked[i].SetResult(i);
            Assert.Equal(i, await answer);
        }
    }

    private Task<int> Ask(long now, string question = "?") => _answers.GetAsync(question, now, () =>
    {
        _asked.Add(new TaskCompletionSource<int>());
        return _asked[^1].Task;
    }, None);
}
