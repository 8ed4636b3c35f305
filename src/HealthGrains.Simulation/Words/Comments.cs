namespace HealthGrains.Simulation;

/// <summary>What people write in surveys and reviews, and what CSMs note down.</summary>
internal static class Comments
{
    private static readonly string[] Promoter =
    [
        "Great product, the team uses it every day.", "Excellent support and it keeps getting better.",
        "It saves us hours every week. Love it.",
        "Easy to use and reliable, we recommend it to partners.", "Fantastic onboarding, we saw value in the first month.",
    ];

    private static readonly string[] Passive =
    [
        "Good, but reporting could be more flexible.", "Does what we need, a bit expensive.", "Works fine. The mobile app needs work.",
        "Solid tool, some features are hard to find.", "We are content overall, and waiting for better integrations.",
    ];

    private static readonly string[] Detractor =
    [
        "Too many bugs and slow support. Very disappointed.", "We hardly use it any more, it does not fit our process.",
        "Terrible experience in the last months, we are looking at alternatives.", "Confusing, slow and overpriced.",
        "Nobody answers our tickets. We would not recommend it.", "The promised features never came. Frustrating.",
    ];

    private static readonly string[] GoodNotes =
    [
        "Good call. They are happy with the roll-out and plan to add a team.", "Reviewed goals with the champion: on track, very positive.",
        "Great meeting, they praised the reports and agreed to a reference call.", "Short check-in, no open issues, everything works well.",
    ];

    private static readonly string[] PlainNotes =
    [
        "Check-in call. Walked through the road map.", "Reviewed usage with the admin. Next meeting in a month.",
        "Discussed the set-up of a second workspace.",
    ];

    private static readonly string[] BadNotes =
    [
        "Tense call. They are unhappy and asked about the notice period.", "The champion says that the team has lost interest. Worrying.",
        "They complained about open issues and doubt the value.", "Difficult meeting: budget is being cut and we are on the list.",
    ];

    /// <summary>A comment that goes with an NPS answer (0..10).</summary>
    public static string ForNps(int score, Rng rng) => rng.Pick(score >= 9 ? Promoter : score >= 7 ? Passive : Detractor);

    /// <summary>The text of a review of so many stars (1..5).</summary>
    public static string ForStars(int stars, Rng rng) => rng.Pick(stars >= 5 ? Promoter : stars >= 3 ? Passive : Detractor);

    /// <summary>What a CSM notes after talking to somebody in this mood.</summary>
    public static string Note(Mood mood, Rng rng) =>
        rng.Pick(mood switch { Mood.Grateful => GoodNotes, Mood.Neutral => rng.Chance(0.5) ? GoodNotes : PlainNotes, _ => BadNotes });
}
