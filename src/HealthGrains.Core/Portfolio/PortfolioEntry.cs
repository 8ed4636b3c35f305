using HealthGrains.Accounts;
using HealthGrains.Hosting;

namespace HealthGrains.Portfolio;

/// <summary>What stands beside a row and changes seldom: who the account is, and which model judges it.</summary>
internal sealed class PortfolioEntry(AccountProfile profile, string model, string foldedName)
{
    public readonly AccountProfile Profile = profile;
    public readonly string Model = model;
    /// <summary>The name as names are sorted.</summary>
    public readonly string FoldedName = foldedName;

    public string Id => Profile.Id;

    public AccountSummary Summary(in PortfolioRow row) => row.Figures.Summary(Profile, Model);
}
