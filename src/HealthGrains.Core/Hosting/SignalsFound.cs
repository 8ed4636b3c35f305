using HealthGrains.Signals;

namespace HealthGrains.Hosting;

/// <summary>Which signals of an account.</summary>
/// <param name="Since">Only those that happened from this moment on.</param>
/// <param name="Until">Only those that happened before this moment.</param>
/// <param name="Source">Only of this source.</param>
/// <param name="Limit">The most to answer, 1..500: the newest.</param>
public sealed record SignalsQuery(DateTimeOffset Since, DateTimeOffset Until, SignalSource? Source = null, int Limit = 100);

/// <summary>A signal as the log has it: free text was never kept, and whom or what it is about has a pseudonym.</summary>
/// <param name="At">When it happened.</param>
/// <param name="Source">usage, ticket, billing, engagement or crm.</param>
/// <param name="Kind">Its kind's name on the wire.</param>
/// <param name="Subject">A pseudonym that is the same for the same user, ticket, invoice or contact; null when it names none.</param>
/// <param name="Name">The feature, the milestone, the role ...; null when it has none.</param>
/// <param name="Value">The number it carries, in its kind's unit.</param>
/// <param name="Sentiment">Tone of the text it came with, -100..100.</param>
public sealed record SignalView(
    DateTimeOffset At, string Source, string Kind, string? Subject, string? Name, double? Value, int? Sentiment)
{
    /// <summary>The view of a signal.</summary>
    public static SignalView Of(in Signal signal, INames names) => new(
        DateTimeOffset.FromUnixTimeMilliseconds(signal.At), signal.Source.WireName(), signal.Kind.Rule().WireName,
        signal.Subject == 0 ? null : signal.Subject.ToString("x16", System.Globalization.CultureInfo.InvariantCulture),
        signal.Name == 0 ? null : names.Text(signal.Name), signal.HasValue ? signal.Value : null,
        signal.HasSentiment ? signal.Sentiment : null);
}

/// <summary>The signals behind what an account's ledger says.</summary>
/// <param name="Items">The newest that were found, newest first.</param>
/// <param name="Total">How many were found.</param>
/// <param name="Complete">Whether all of the span was looked through.</param>
/// <param name="Reason">Why it was not, or why the host cannot tell at all; null when it was.</param>
/// <param name="AsOf">The host's now.</param>
public sealed record SignalsFound(IReadOnlyList<SignalView> Items, int Total, bool Complete, string? Reason, DateTimeOffset AsOf);
