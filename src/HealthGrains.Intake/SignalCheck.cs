using System.Globalization;
using System.Text;
using HealthGrains.Signals;

namespace HealthGrains.Intake;

/// <summary>The rules that a signal of any format must keep, and how they are told when it does not.</summary>
internal static class SignalCheck
{
    private static readonly SignalSource[] Sources = Enum.GetValues<SignalSource>();

    private static readonly byte[][] SourceNames = [.. Sources.Select(source => Encoding.UTF8.GetBytes(source.WireName()))];

    private static readonly (byte[] Name, SignalRule Rule)[][] KindsBySource =
    [
        .. Sources.Select(source => SignalKinds.All
            .Where(rule => rule.Kind.Source() == source)
            .Select(rule => (Encoding.UTF8.GetBytes(rule.WireName), rule)).ToArray()),
    ];

    /// <summary>The source of that name; false when there is none.</summary>
    public static bool TrySource(ReadOnlySpan<byte> name, out SignalSource source)
    {
        for (var i = 0; i < SourceNames.Length; i++)
        {
            if (!name.SequenceEqual(SourceNames[i])) continue;
            source = Sources[i];
            return true;
        }
        source = default;
        return false;
    }

    /// <summary>The rule of a source's kind of that name, or null.</summary>
    public static SignalRule? FindKind(SignalSource source, ReadOnlySpan<byte> name)
    {
        foreach (var (known, rule) in KindsBySource[(int)source])
            if (name.SequenceEqual(known)) return rule;
        return null;
    }

    public static string UnknownSource(ReadOnlySpan<byte> name) =>
        $"unknown source {JsonText.Echo(name)}; known: {string.Join(", ", Sources.Select(source => source.WireName()))}";

    public static string UnknownKind(SignalSource source, ReadOnlySpan<byte> name)
    {
        var known = $"unknown kind {JsonText.Echo(name)} of {source.WireName()}; known: {SignalKinds.KnownKinds(source)}";
        foreach (var other in Sources)
            if (FindKind(other, name) is not null) return $"{known} ({JsonText.Echo(name)} is a kind of {other.WireName()})";
        return known;
    }

    /// <summary>
    /// The number that a signal of this kind carries, and what is wrong with it, or null. A kind without a unit carries none: what
    /// is sent all the same is dropped.
    /// </summary>
    /// <param name="rule">The kind's rule.</param>
    /// <param name="number">The number; NaN when absent.</param>
    /// <param name="asWritten">It as it was written, for the reason; empty: as we would write it.</param>
    /// <param name="value">The number that the signal carries.</param>
    public static string? Value(SignalRule rule, double number, ReadOnlySpan<byte> asWritten, out float value)
    {
        value = float.NaN;
        if (double.IsNaN(number)) return rule.ValueRequired ? $"required: {rule.WireName} carries {Range(rule)}" : null;
        var rounded = (float)number;
        if (rule.Unit is null)
            return float.IsFinite(rounded) ? null : $"{Shown(number, asWritten)} is too large for a number";
        if (!(rounded >= rule.Min && rounded <= rule.Max)) return $"{Shown(number, asWritten)} is outside {Range(rule)}";
        value = rounded;
        return null;
    }

    private static string Range(SignalRule rule) => $"{Plain(rule.Min)}..{Plain(rule.Max)} {rule.Unit}";

    private static string Shown(double number, ReadOnlySpan<byte> asWritten) =>
        asWritten.IsEmpty ? Plain(number) : JsonText.Echo(asWritten).Trim('\'');

    private static string Plain(double number) =>
        Math.Abs(number) < 1e9
            ? number.ToString("0.######", CultureInfo.InvariantCulture)
            : number.ToString("0.###e0", CultureInfo.InvariantCulture);
}
