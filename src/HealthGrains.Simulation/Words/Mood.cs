namespace HealthGrains.Simulation;

/// <summary>The mood in which somebody writes.</summary>
internal enum Mood
{
    Furious, Irritated, Neutral, Grateful,
}

/// <summary>Moods from satisfaction.</summary>
internal static class Moods
{
    /// <summary>The mood of one message of somebody this satisfied (0..1): people vary.</summary>
    public static Mood Of(double satisfaction, Rng rng)
    {
        var felt = satisfaction + 0.16 * rng.Normal();
        return felt < 0.33 ? Mood.Furious : felt < 0.55 ? Mood.Irritated : felt < 0.95 ? Mood.Neutral : Mood.Grateful;
    }
}
