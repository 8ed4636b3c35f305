namespace HealthGrains.Grains.Postgres;

/// <summary>
/// Answers that may be up to a second old: a hundred dashboards that ask the same question within it cost the database one answer.
/// One that took long may be older, up to four: what is dear is not asked for all the time.
/// While a question is asked again and again, its next answer is on the way before the last one is too old, so that nobody waits.
/// </summary>
/// <param name="most">How many answers are kept.</param>
internal sealed class FreshAnswers<TQuestion, TAnswer>(int most) where TQuestion : notnull
{
    private const long ShortestMs = 1_000;
    private const long LongestMs = 4_000;
    private const long TimesAsLong = 10;
    private const double RenewAt = 0.6;

    private readonly Lock _gate = new();
    private readonly Dictionary<TQuestion, Known> _answers = [];

    /// <summary>The answer as it was at most a second before now, or four.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="now">The host's clock, Unix milliseconds.</param>
    /// <param name="ask">Finds the answer; on behalf of all who wait, so that nobody's patience ends it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<TAnswer> GetAsync(TQuestion question, long now, Func<Task<TAnswer>> ask, CancellationToken cancellationToken)
    {
        Task<TAnswer> answer;
        lock (_gate)
        {
            if (!_answers.TryGetValue(question, out var known))
            {
                if (_answers.Count >= most) MakeRoom(now);
                _answers[question] = known = new Known();
            }
            if (known.Next is { Answer.IsCompletedSuccessfully: true } next) (known.Last, known.Next) = (next, null);
            if (known.Last is { } last && IsFresh(last, now))
            {
                // Unsuccessful ones are asked for once more when the last is too old, and then the caller hears of it.
                if (known.Next is null && Math.Abs(now - last.At) >= last.FreshMs * RenewAt) known.Next = new Asked(now, ask());
            }
            else if (known.Next is { } coming && IsFresh(coming, now)) (known.Last, known.Next) = (coming, null);
            else (known.Last, known.Next) = (new Asked(now, ask()), null);
            answer = known.Last!.Answer;
        }
        return answer.WaitAsync(cancellationToken);
    }

    // A clock that was set back makes an answer as stale as one that ran on.
    private static bool IsFresh(Asked asked, long now) =>
        Math.Abs(now - asked.At) < asked.FreshMs && asked.Answer is { IsFaulted: false, IsCanceled: false };

    private void MakeRoom(long now)
    {
        foreach (var (question, known) in _answers)
            if (known.Last is not { } last || !IsFresh(last, now)) _answers.Remove(question);
        if (_answers.Count >= most) _answers.Clear();
    }

    private sealed class Asked
    {
        public Asked(long at, Task<TAnswer> answer)
        {
            (At, Answer) = (at, answer);
            var start = TimeProvider.System.GetTimestamp();
            answer.ContinueWith(
                _ => FreshMs = Math.Clamp(
                    TimesAsLong * (long)TimeProvider.System.GetElapsedTime(start).TotalMilliseconds, ShortestMs, LongestMs),
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        public long At { get; }

        public Task<TAnswer> Answer { get; }

        public long FreshMs { get; private set; } = ShortestMs;
    }

    private sealed class Known
    {
        public Asked? Last { get; set; }
        public Asked? Next { get; set; }
    }
}
