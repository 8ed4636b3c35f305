using HealthGrains.Signals;

namespace HealthGrains.Grains.Accounts;

/// <summary>A signal as it is sent between silos: Core knows no serializer. The fields are those of <see cref="Signal"/>.</summary>
/// <param name="Id">The id's hash.</param>
/// <param name="At">Unix milliseconds.</param>
/// <param name="Kind">The kind's number, which never changes.</param>
/// <param name="Subject">The subject's pseudonym.</param>
/// <param name="Name">The name's number.</param>
/// <param name="Value">The value; NaN without one.</param>
/// <param name="Sentiment">The tone.</param>
[GenerateSerializer, Immutable, Alias("healthgrains.signal")]
public readonly record struct SignalSurrogate(
    [property: Id(0)] ulong Id, [property: Id(1)] long At, [property: Id(2)] int Kind, [property: Id(3)] ulong Subject,
    [property: Id(4)] uint Name, [property: Id(5)] float Value, [property: Id(6)] sbyte Sentiment);

/// <summary>Between signals and what is sent of them.</summary>
[RegisterConverter]
public sealed class SignalConverter : IConverter<Signal, SignalSurrogate>
{
    /// <inheritdoc/>
    public Signal ConvertFromSurrogate(in SignalSurrogate surrogate) => new(
        surrogate.Id, surrogate.At, (SignalKind)surrogate.Kind, surrogate.Subject, surrogate.Name, surrogate.Value, surrogate.Sentiment);

    /// <inheritdoc/>
    public SignalSurrogate ConvertToSurrogate(in Signal value) => new(
        value.Id, value.At, (int)value.Kind, value.Subject, value.Name, value.Value, value.Sentiment);
}
