namespace HealthGrains.Simulation;

/// <summary>What the simulated company sells: the names of its features, workflows, integrations, limits and milestones.</summary>
internal static class Catalogue
{
    /// <summary>Features, in the order in which people usually find them.</summary>
    public static readonly string[] Features =
    [
        "dashboards", "search", "reports", "comments", "export", "sharedViews", "alerts", "automations", "apiTokens", "templates",
        "scheduledReports", "bulkEdit", "forecasting", "auditLog", "customFields", "mobileApp",
    ];

    /// <summary>The workflows that the product is bought for.</summary>
    public static readonly string[] Workflows = ["monthlyClose", "campaignLaunch", "approvalChain", "dataImport", "reportPublished"];

    /// <summary>Integrations that can be connected.</summary>
    public static readonly string[] Integrations =
        ["salesforce", "slack", "hubspot", "snowflake", "jira", "googleSheets", "teams", "zapier", "okta", "netsuite"];

    /// <summary>Milestones of onboarding, with the day of tenure around which they are reached and its spread.</summary>
    public static readonly (string Name, int Day, int Spread)[] Milestones =
        [("firstLogin", 0, 1), ("keyFeature", 4, 6), ("firstValue", 10, 10), ("teamAdoption", 24, 16), ("goLive", 38, 18)];

    /// <summary>Plans by size.</summary>
    public static string Plan(HealthGrains.Accounts.Tier tier) => tier switch
    {
        HealthGrains.Accounts.Tier.Enterprise => "Enterprise",
        HealthGrains.Accounts.Tier.Standard => "Business",
        _ => "Starter",
    };

    /// <summary>The next smaller plan.</summary>
    public static string SmallerPlan(string plan) => plan == "Enterprise" ? "Business" : "Starter";

    /// <summary>The next larger plan.</summary>
    public static string LargerPlan(string plan) => plan == "Starter" ? "Business" : "Enterprise";

    /// <summary>A feature in words, as people write it in a ticket: sharedViews -> shared views.</summary>
    public static string InWords(string name)
    {
        var words = new System.Text.StringBuilder();
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c)) words.Append(' ').Append(char.ToLowerInvariant(c));
            else words.Append(c);
        }
        return words.ToString();
    }
}
