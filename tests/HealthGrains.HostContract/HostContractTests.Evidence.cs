using HealthGrains.Alerts;
using HealthGrains.Hosting;

namespace HealthGrains.HostContract;

/// <content>Where signals can be seen in their own system.</content>
public abstract partial class HostContractTests
{
    [Fact]
    public async Task The_address_of_a_signal_is_found_by_account_and_goes_with_it()
    {
        await Send(Usage("acme", 5) + Ticket("acme", "t1", hoursAgo: 3) + Ticket("acme", "t2", hoursAgo: 1) + Ticket("other", "t3", hoursAgo: 2));
        var found = await Host.FindEvidenceAsync(["acme"], ContractClock.Noon.AddDays(-1), None);
        Assert.Equal(["https://desk.example.com/t2", "https://desk.example.com/t1"], found.Select(one => one.Url));
        Assert.Equal(("acme", "ticket", "opened", ContractClock.Noon.AddHours(-1)), (found[0].Account, found[0].Source, found[0].Kind, found[0].At));
        Assert.Equal(3, (await Host.FindEvidenceAsync(["acme", "other", "nobody"], ContractClock.Noon.AddDays(-1), None)).Count);
        Assert.Single(await Host.FindEvidenceAsync(["acme"], ContractClock.Noon.AddHours(-2), None));

        // Told twice it is there once.
        await Send(Ticket("acme", "t1", hoursAgo: 3));
        Assert.Equal(2, (await Host.FindEvidenceAsync(["acme"], ContractClock.Noon.AddDays(-1), None)).Count);

        await Host.EraseAsync("acme", "test", None);
        Assert.Empty(await Host.FindEvidenceAsync(["acme"], ContractClock.Noon.AddDays(-1), None));
        Assert.Single(await Host.FindEvidenceAsync(["other"], ContractClock.Noon.AddDays(-1), None));
    }

    private static string Ticket(string account, string id, int hoursAgo) =>
        Line(id, account, "ticket", "opened", ContractClock.Noon.AddHours(-hoursAgo), id)
            .Replace("}", $",\"priority\":\"urgent\",\"url\":\"https://desk.example.com/{id}\"}}", StringComparison.Ordinal);
}
