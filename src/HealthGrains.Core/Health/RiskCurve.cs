namespace HealthGrains.Health;

/// <summary>
/// From score to churn probability: linear in the log-odds between anchors and on beyond them, so that it is monotone and stays
/// within 0..1.
/// </summary>
public sealed class RiskCurve
{
    private readonly double[] _scores;
    private readonly double[] _logOdds;

    /// <summary>
    /// Through anchors (score, probability), at least two. Throws <see cref="ArgumentException"/> unless scores grow and
    /// probabilities fall.
    /// </summary>
    public RiskCurve(int horizonDays, params (double Score, double Probability)[] anchors)
    {
        if (anchors.Length < 2) throw new ArgumentException("a risk curve needs two anchors", nameof(anchors));
        for (var k = 1; k < anchors.Length; k++)
            if (anchors[k].Score <= anchors[k - 1].Score || anchors[k].Probability >= anchors[k - 1].Probability)
                throw new ArgumentException("scores must grow and probabilities fall from anchor to anchor", nameof(anchors));
        HorizonDays = horizonDays;
        Anchors = Array.ConvertAll(anchors, anchor => new CurvePoint(anchor.Score, anchor.Probability));
        _scores = Array.ConvertAll(anchors, anchor => anchor.Score);
        _logOdds = Array.ConvertAll(anchors, anchor => Math.Log(anchor.Probability / (1 - anchor.Probability)));
    }

    /// <summary>Within how many days.</summary>
    public int HorizonDays { get; }

    /// <summary>The anchors: x the score, y the probability.</summary>
    public IReadOnlyList<CurvePoint> Anchors { get; }

    /// <summary>Probability of churn within the horizon at a score.</summary>
    public double At(double score)
    {
        var k = 1;
        while (k < _scores.Length - 1 && score > _scores[k]) k++;
        var slope = (_logOdds[k] - _logOdds[k - 1]) / (_scores[k] - _scores[k - 1]);
        return 1 / (1 + Math.Exp(-(_logOdds[k - 1] + slope * (score - _scores[k - 1]))));
    }
}
