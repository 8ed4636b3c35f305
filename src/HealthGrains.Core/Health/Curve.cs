namespace HealthGrains.Health;

/// <summary>A point of a curve: the figure of a measure, and the value 0..100 it is given.</summary>
/// <param name="X">The figure, in the measure's unit.</param>
/// <param name="Y">The value, 0..100.</param>
public readonly record struct CurvePoint(double X, double Y);

/// <summary>A piecewise linear curve through given points, level outside them.</summary>
public sealed class Curve
{
    private readonly double[] _x;
    private readonly double[] _y;

    /// <summary>Through these points. Throws <see cref="ArgumentException"/> unless x grows strictly and y is in 0..100.</summary>
    public Curve(params CurvePoint[] points)
    {
        if (points.Length == 0) throw new ArgumentException("a curve needs at least one point", nameof(points));
        for (var k = 0; k < points.Length; k++)
        {
            if (!double.IsFinite(points[k].X) || points[k].Y is not (>= 0 and <= 100))
                throw new ArgumentException($"point {k} of a curve must be finite with a value of 0..100", nameof(points));
            if (k > 0 && points[k].X <= points[k - 1].X)
                throw new ArgumentException($"point {k} of a curve must lie to the right of the one before", nameof(points));
        }
        Points = points;
        _x = Array.ConvertAll(points, point => point.X);
        _y = Array.ConvertAll(points, point => point.Y);
    }

    /// <summary>The points.</summary>
    public IReadOnlyList<CurvePoint> Points { get; }

    /// <summary>The value at a figure.</summary>
    public double At(double x)
    {
        if (!(x > _x[0])) return _y[0];
        for (var k = 1; k < _x.Length; k++)
            if (x < _x[k]) return _y[k - 1] + (_y[k] - _y[k - 1]) * ((x - _x[k - 1]) / (_x[k] - _x[k - 1]));
        return _y[^1];
    }

    internal static Curve Of(params (double X, double Y)[] points) =>
        new(Array.ConvertAll(points, point => new CurvePoint(point.X, point.Y)));
}
