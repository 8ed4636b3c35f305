using HealthGrains.Signals;

namespace HealthGrains.Plays;

/// <summary>
/// Which signals a desk looks at once for. The others only creep into its facts, and it looks at those now and then: between two signals
/// of use nothing can begin that may not begin an hour later.
/// </summary>
public static class TriggerSignals
{
    /// <summary>Whether one is among them.</summary>
    public static bool Contain(ReadOnlySpan<Signal> signals)
    {
        foreach (ref readonly var signal in signals)
            if (Is(signal.Kind)) return true;
        return false;
    }

    private static bool Is(SignalKind kind) => kind.Source() switch
    {
        SignalSource.Usage => kind is SignalKind.SeatsInUse or SignalKind.LimitUsed,
        SignalSource.Engagement => kind is SignalKind.NpsAnswered or SignalKind.ReviewPosted or SignalKind.SurveyAnswered,
        _ => true,
    };
}
