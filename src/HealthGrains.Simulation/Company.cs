using HealthGrains.Accounts;

namespace HealthGrains.Simulation;

/// <summary>
/// A seeded software company with known truth. The same settings give the same accounts, people and events on any machine; an
/// account's life does not depend on how many others there are, nor on how long one looks.
/// </summary>
public sealed class Company
{
    private Company(CompanySettings settings, CompanyAccount[] accounts)
    {
        Settings = settings;
        Accounts = accounts;
        Profiles = [.. accounts.Select(account => account.Profile)];
        Csms = [.. Enumerable.Range(0, settings.Csms).Select(PersonNames.Manager)];
    }

    /// <summary>What was asked for.</summary>
    public CompanySettings Settings { get; }

    /// <summary>The customer accounts, by index.</summary>
    public IReadOnlyList<CompanyAccount> Accounts { get; }

    /// <summary>The profile of every account as of day 0, or of its start if that is later.</summary>
    public IReadOnlyList<AccountProfile> Profiles { get; }

    /// <summary>The customer success managers who own the accounts.</summary>
    public IReadOnlyList<Csm> Csms { get; }

    /// <summary>Draws a company. Throws <see cref="ArgumentException"/> for settings that describe none.</summary>
    public static Company Create(CompanySettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        var accounts = new CompanyAccount[settings.Accounts];
        for (var index = 0; index < accounts.Length; index++) accounts[index] = AccountDraw.Account(settings, index);
        return new Company(settings, accounts);
    }

    /// <summary>The truth about every account in the window of the settings.</summary>
    public IReadOnlyList<AccountTruth> Truth() => Truth(Settings.Days);

    /// <summary>
    /// The truth about every account as of the end of a window of so many days: an account whose onset lies beyond is healthy; one
    /// whose onset lies within is told with its end, though that may lie beyond.
    /// </summary>
    public IReadOnlyList<AccountTruth> Truth(int days) => [.. Accounts.Select(account => AccountTruth.Of(account, days))];

    /// <summary>A simulator that stands before a day and goes on from there without limit. The days before are lived, not told.</summary>
    public CompanySimulator Simulate(int fromDay = 0)
    {
        var simulator = new CompanySimulator(this);
        simulator.SkipTo(fromDay);
        return simulator;
    }

    /// <summary>
    /// The events of one day, in order of time. Lives all days before it: to walk through days, use <see cref="Simulate"/>.
    /// </summary>
    public IReadOnlyList<SimulatedEvent> Day(int day) => Simulate(day).Advance().Events;
}
