namespace HealthGrains.Dashboard.Tests;

/// <summary>One made-up company for all tests that only look.</summary>
public sealed class CompanyServer : IAsyncLifetime
{
    internal const int Accounts = 120;

    internal LiveServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (new NeedsBrowserAttribute().Missing is null) Server = await LiveServer.StartCompanyAsync(Accounts, days: 100);
    }

    public async Task DisposeAsync()
    {
        if (Server is not null) await Server.DisposeAsync();
    }
}
