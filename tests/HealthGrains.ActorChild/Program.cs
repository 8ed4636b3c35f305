using System.Globalization;
using System.Net;
using HealthGrains.ActorChild;
using HealthGrains.Grains;
using HealthGrains.Grains.Hosting;
using HealthGrains.Grains.Postgres;
using HealthGrains.Grains.Tests.Actors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;

// Arguments: connection string, cluster, service, the silo's port and the gateway's. Says "ready", then answers Orders from its input
// until that ends: a child whose parent is gone goes too.
await using var database = PostgresSource.Create(args[0]);
var kitchen = new Kitchen();
var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders();
builder.UseOrleans(silo =>
{
    silo.UsePostgres(database);
    silo.Configure<Orleans.Configuration.ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (args[1], args[2]));
    silo.ConfigureEndpoints(IPAddress.Loopback, Port(args[3]), Port(args[4]));
    // As the product's silo has it with a ProbeTimeout of a second.
    silo.Configure<ClusterMembershipOptions>(membership =>
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(1);
        membership.IAmAliveTablePublishTimeout = membership.TableRefreshTimeout = TimeSpan.FromSeconds(2);
    });
    // A minute otherwise.
    silo.Configure<ReminderOptions>(reminders =>
        reminders.MinimumReminderPeriod = reminders.RefreshReminderListPeriod = TimeSpan.FromSeconds(1));
    silo.Services.AddPostgresStore(database);
    silo.Services.AddSingleton(kitchen);
    silo.AddHealthGrains(new HealthGrains.Grains.ClusterOptions());
});
using var host = builder.Build();
var grains = host.Services.GetRequiredService<IGrainFactory>();
var orders = new Orders(grains, Console.Out);
kitchen.Way = orders.HearAsync;
await host.StartAsync();
orders.Say("ready");
while (await Console.In.ReadLineAsync() is { } order) _ = orders.TakeAsync(order);

static int Port(string text) => int.Parse(text, CultureInfo.InvariantCulture);
