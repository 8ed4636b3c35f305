using HealthGrains.Alerts;
using HealthGrains.Hosting;

namespace HealthGrains.Benchmarks.Year;

/// <summary>An alert of the simulated year: when it was raised, pushed and over, in days.</summary>
internal sealed class YearAlert(AlertView view, int raised)
{
    /// <summary>As it was told last.</summary>
    public AlertView View { get; set; } = view;

    public int Raised { get; } = raised;

    public int? Pushed { get; set; }

    public int? Over { get; set; }

    public string Rule => View.Rule;

    public bool IsRisk => View.Rule == RiskEpisode.Rule;

    /// <summary>Room to grow is no warning of a churn.</summary>
    public bool IsWarning => View.Rule is not ("seatsNearlyUsed" or "limitNearlyReached" or "adjacentFeatures");

    public bool WasOpenAt(int day) => Raised <= day && (Over is not { } over || over > day);
}
