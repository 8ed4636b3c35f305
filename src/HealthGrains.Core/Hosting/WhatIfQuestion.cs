namespace HealthGrains.Hosting;

/// <summary>What would be.</summary>
/// <param name="Signals">Signals that would happen.</param>
/// <param name="Model">The model to judge by; null for the active one.</param>
/// <param name="At">The moment to look at; null for now.</param>
/// <param name="Scenario">What people would do, without knowing by which signals.</param>
public sealed record WhatIfQuestion(
    IntakeBatch Signals, string? Model = null, DateTimeOffset? At = null, WhatIfScenario? Scenario = null);

/// <summary>
/// What people would do: now, or at the moment asked about when that is past. Tickets and invoices are those that are open then.
/// </summary>
/// <param name="CloseTickets">Every open ticket is solved.</param>
/// <param name="PayInvoices">Every invoice whose payment failed is paid.</param>
/// <param name="Logins">
/// So many users log in once, 0..<see cref="MostLogins"/>: the account's own, those silent for longest first, then new ones.
/// </param>
public sealed record WhatIfScenario(bool CloseTickets = false, bool PayInvoices = false, int Logins = 0)
{
    /// <summary>The most users that may be imagined.</summary>
    public const int MostLogins = 10_000;
}
