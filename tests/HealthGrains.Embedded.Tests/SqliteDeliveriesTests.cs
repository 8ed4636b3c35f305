using HealthGrains.Delivery;
using HealthGrains.Embedded.Storage;
using HealthGrains.HostContract;

namespace HealthGrains.Embedded.Tests;

/// <summary>Deliveries in the host's file do what every store of deliveries does.</summary>
public sealed class SqliteDeliveriesTests : DeliveryStoreContract, IAsyncLifetime
{
    private readonly HostDirectory _directory = new();
    private readonly Dictionary<string, int> _accounts = [];

    protected override IDeliveryStore Store => _directory.Host.Deliveries;

    public Task InitializeAsync() => _directory.StartAsync();

    public async Task DisposeAsync() => await _directory.DisposeAsync();

    protected override async Task WriteAsync(params Dispatch[] dispatches)
    {
        foreach (var dispatch in dispatches)
        {
            if (!_accounts.TryGetValue(dispatch.Account, out var number))
            {
                await _directory.Host.PutProfileAsync(MadeUp.Profile(dispatch.Account), "test", CancellationToken.None);
                number = await _directory.Host.AskAsync(turns => turns.Book.All().Single(slot => slot.Id == dispatch.Account).Number);
                _accounts.Add(dispatch.Account, number);
            }

            await ((SqliteDeliveries)Store).WriteAsync(number, dispatch);
        }
    }
}
