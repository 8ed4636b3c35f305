using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Hosting;

namespace HealthGrains.Situations;

/// <summary>
/// An account at a moment, as conditions, steps and templates see it: read once, from the account's state; it changes nothing and keeps
/// no reference to the state's time. Not for several threads.
/// </summary>
public sealed class Situation
{
    private readonly FactSource _source;
    private readonly Turn _turn;
    private IReadOnlyList<DriverView>? _drivers;

    private Situation(in FactSource source, in Turn turn)
    {
        _source = source;
        _turn = turn;
    }

    /// <summary>The situation of an account at the turn's now.</summary>
    public static Situation Of(AccountState state, in Turn turn) => new(FactSource.Take(state, turn), turn);

    /// <summary>The moment, Unix milliseconds.</summary>
    public long At => _source.At;

    /// <summary>Who the account is.</summary>
    public AccountProfile Profile => _source.Profile;

    /// <summary>0..100.</summary>
    public double Score => _source.Score.Value;

    /// <summary>The account's band.</summary>
    public Health.Band Band => _source.Band;

    /// <summary>The churn-risk alert that is not over.</summary>
    public AlertView? Risk => _source.State.Episode is { } episode ? episode.View(Profile) : null;

    /// <summary>Up to five measures that moved the score in the last 28 days, the worst first.</summary>
    public IReadOnlyList<DriverView> Drivers => _drivers ??= Alerts.Drivers.Of(_source.State, _turn, _source.At - 28 * Days.Millis);

    /// <summary>A number or flag; NaN when it is not known.</summary>
    public double Number(Fact fact) => fact.Definition.Number?.Invoke(_source, fact.Name) ?? double.NaN;

    /// <summary>A word; null when it is not known.</summary>
    public string? Text(Fact fact) => fact.Definition.Text?.Invoke(_source);

    /// <summary>The plain facts that are known, by key, as numbers, booleans and words: what templates are given.</summary>
    public Dictionary<string, object> Facts()
    {
        var known = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var fact in FactRegistry.All)
        {
            if (fact.IsFamily) continue;
            if (fact.Kind == FactKind.Text)
            {
                if (fact.Text!(_source) is { } text) known[fact.Key] = text;
            }
            else if (fact.Number!(_source, 0) is var number && !double.IsNaN(number))
            {
                known[fact.Key] = fact.Kind == FactKind.Flag ? number != 0 : Math.Round(number, 4);
            }
        }
        return known;
    }
}
