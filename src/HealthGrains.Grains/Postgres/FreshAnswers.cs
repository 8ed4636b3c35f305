namespace HealthGrains.Grains.Postgres;

/// <summary>
/// Answers that may be up to a second old: a hundred dashboards that ask the same question within it cost the database one answer.
/// Who asks while an answer is on its way waits for that one.
/// </summary>
/// <param name="most">How many answers are kept.</param>
internal sealed class FreshAnswers<TQuestion, TAnswer>(int most) where TQuestion : notnull
{
    private const long FreshMs = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<TQuestion, (long At, Task<TAnswer> Answer)> _answers = [];

    /// <summary>The answer as it was at most a second before now.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="now">The host's clock, Unix milliseconds.</param>
    /// <param name="ask">Finds the answer; on behalf of all who wait, so that nobody's patience ends it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<TAnswer> GetAsync(TQuestion question, long now, Func<Task<TAnswer>> ask, CancellationToken cancellationToken)
    {
        Task<TAnswer> answer;
        lock (_gate)
        {
            if (_answers.TryGetValue(question, out var known) && IsFresh(known, now)) answer = known.Answer;
            else
            {
                if (_answers.Count >= most) MakeRoom(now);
                _answers[question] = (now, answer = ask());
            }
        }
        return answer.WaitAsync(cancellationToken);
    }

    // A clock that was set back makes an answer as stale as one that ran on.
    private static bool IsFresh((long At, Task<TAnswer> Answer) known, long now) =>
        Math.Abs(now - known.At) < FreshMs && !known.Answer.IsFaulted && !known.Answer.IsCanceled;

    private void MakeRoom(long now)
    {
        foreach (var (question, known) in _answers)
            if (!IsFresh(known, now)) _answers.Remove(question);
        if (_answers.Count >= most) _answers.Clear();
    }
}
