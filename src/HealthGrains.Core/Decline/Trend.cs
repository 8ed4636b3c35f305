namespace HealthGrains.Decline;

/// <summary>
/// Where an account's uncapped score is heading, as <see cref="DeclineDetector"/> reads it. All figures are finite.
/// Negative is downhill.
/// </summary>
/// <param name="SlopePerDay">The slope now, points a day: <paramref name="SlowSlope"/> plus <paramref name="Acceleration"/>.</param>
/// <param name="SlopeError">Standard error of <paramref name="SlopePerDay"/>, points a day, zero or positive.</param>
/// <param name="Z">The slope in standard errors. Zero when too little was observed to tell.</param>
/// <param name="Acceleration">The slope now less the slow slope, points a day: how far the line bends at the knot.</param>
/// <param name="AccelerationZ">The acceleration in standard errors.</param>
/// <param name="JoltZ">The same for a bend at the short knot, in standard errors: a step or a dive of the last few days.</param>
/// <param name="SlowSlope">The account's own slope before the knot, points a day.</param>
/// <param name="SlowZ">The slow slope over its standard error and the healthy slopes' spread together.</param>
/// <param name="Noise">Standard deviation of the account's own daily noise, in points, as a day's close is worth it for a trend:
/// sigma times sqrt((1 + phi) / (1 - phi)).</param>
/// <param name="State">What it amounts to.</param>
public readonly record struct Trend(
    double SlopePerDay, double SlopeError, double Z, double Acceleration, double AccelerationZ, double JoltZ,
    double SlowSlope, double SlowZ, double Noise, DeclineState State);
