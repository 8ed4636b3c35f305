namespace HealthGrains.Measures;

/// <summary>What a measure says of an account at a moment, before any judgement.</summary>
/// <param name="Value">The figure in the measure's own unit.</param>
/// <param name="Coverage">0..1: how much of it is observed. At 0 the figure means nothing.</param>
/// <param name="OwnRatio">The figure against the account's own weeks 3 to 6; 1 is unchanged.</param>
/// <param name="OwnWeight">0..1: how much there is in those weeks to compare with; 0 where the measure has no own reference.</param>
public readonly record struct Reading(double Value, double Coverage, double OwnRatio = 1, double OwnWeight = 0);
