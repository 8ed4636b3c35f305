using System.Net;
using System.Net.Sockets;
using HealthGrains.Grains.Postgres;
using HealthGrains.Plays;
using Microsoft.Extensions.Configuration;

namespace HealthGrains.Silo;

/// <summary>
/// What a node of a cluster is told, section <c>HealthGrains</c> of the configuration: <c>appsettings.json</c> or environment
/// (<c>HealthGrains__Database</c>).
/// </summary>
internal sealed class SiloSettings
{
    public const string Section = "HealthGrains";

    /// <summary>Connection string of PostgreSQL.</summary>
    public string Database { get; set; } = "";

    /// <summary>The company whose accounts these are.</summary>
    public string Tenant { get; set; } = "default";

    /// <summary>Silos of one cluster find each other by it.</summary>
    public string ClusterId { get; set; } = "healthgrains";

    /// <summary>What is stored belongs to it; the same over all clusters that ever run on the database.</summary>
    public string ServiceId { get; set; } = "healthgrains";

    /// <summary>What this node does: <c>silo</c>, <c>api</c>, <c>intake</c>, separated by commas.</summary>
    public string Roles { get; set; } = "silo,api,intake";

    /// <summary>The port that silos talk over. Never public.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>The port that nodes without a silo talk to. Never public.</summary>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>The address or name that other silos reach this one by; found out when empty.</summary>
    public string AdvertisedAddress { get; set; } = "";

    /// <summary>How long a silo that is told to stop may take to finish, store and hand over.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How long an account fed by the log may wait to be stored.</summary>
    public TimeSpan SaveDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a request with <c>wait=applied</c> waits for the accounts, where there is a log.</summary>
    public TimeSpan AppliedWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many days it is kept of an erased account how far the log had been taken: longer than the topics keep messages. 0 for good.
    /// </summary>
    public int ErasureDays { get; set; } = 800;

    /// <summary>How long what is over stays in lists.</summary>
    public Retention Retention { get; set; } = new();

    /// <summary>How long a silo that does not answer is trusted before it is declared dead.</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How far this machine's clock may be from the database server's.</summary>
    public TimeSpan ClockOffset { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The folder with triggers, playbooks and guardrails that the practice is kept as, while this node runs; empty for none. One node's is
    /// enough, for what it finds is stored and every node goes by it.
    /// </summary>
    public string Practice { get; set; } = "";

    public bool IsSilo => Has("silo");

    public bool HasApi => Has("api");

    public bool HasIntake => Has("intake");

    public ClusterIdentity Identity => new(Tenant, ClusterId, ServiceId);

    /// <summary>Reads them. Throws <see cref="Refusal"/> for what cannot be.</summary>
    public static SiloSettings From(IConfiguration configuration)
    {
        var settings = new SiloSettings();
        try
        {
            configuration.GetSection(Section).Bind(settings);
        }
        catch (InvalidOperationException failure)
        {
            throw new Refusal($"the settings cannot be read: {failure.InnerException?.Message ?? failure.Message}", CommandLine.Usage);
        }
        settings.Check();
        return settings;
    }

    /// <summary>The address that other silos reach this one by.</summary>
    public async Task<IPAddress> AddressAsync(CancellationToken cancellationToken)
    {
        var name = AdvertisedAddress.Length > 0 ? AdvertisedAddress : Dns.GetHostName();
        if (IPAddress.TryParse(name, out var given)) return given;
        try
        {
            var found = await Dns.GetHostAddressesAsync(name, AddressFamily.InterNetwork, cancellationToken);
            if (found.FirstOrDefault(address => !IPAddress.IsLoopback(address)) is { } address) return address;
            if (found.Length > 0) return found[0];
        }
        catch (SocketException)
        {
            // Said below.
        }
        throw new Refusal(
            $"'{name}' is no address that other silos could reach this one by; set {Section}:{nameof(AdvertisedAddress)} to this machine's");
    }

    private bool Has(string role) => RoleNames().Contains(role);

    private string[] RoleNames() => Roles.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private void Check()
    {
        if (string.IsNullOrWhiteSpace(Database))
        {
            throw new Refusal(
                $"no database is named; set {Section}__{nameof(Database)} to 'Host=...;Database=...;Username=...;Password=...', "
                + "or try the cluster without one: healthgrains-silo --local", CommandLine.Usage);
        }
        var roles = RoleNames();
        if (roles.Length == 0 || roles.Except(["silo", "api", "intake"]).FirstOrDefault() is not null)
            throw new Refusal($"{Section}:{nameof(Roles)} is '{Roles}'; it names one or more of silo, api, intake", CommandLine.Usage);
        Port(nameof(SiloPort), SiloPort);
        Port(nameof(GatewayPort), GatewayPort);
        Named(nameof(Tenant), Tenant);
        Named(nameof(ClusterId), ClusterId);
        Named(nameof(ServiceId), ServiceId);
        Within(nameof(ShutdownTimeout), ShutdownTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Within(nameof(AppliedWithin), AppliedWithin, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        Within(nameof(ProbeTimeout), ProbeTimeout, TimeSpan.FromMilliseconds(200), TimeSpan.FromMinutes(1));
        Within(nameof(ClockOffset), ClockOffset, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        try
        {
            Retention.Validate();
        }
        catch (ArgumentException wrong)
        {
            throw new Refusal($"{Section}:{wrong.Message}", CommandLine.Usage);
        }
    }

    private static void Named(string name, string value)
    {
        if (string.IsNullOrWhiteSpace(value)) throw new Refusal($"{Section}:{name} is empty; give it a name", CommandLine.Usage);
    }

    private static void Port(string name, int port)
    {
        if (port is < 1 or > 65_535)
            throw new Refusal($"{Section}:{name} is {port}; it must be between 1 and 65535", CommandLine.Usage);
    }

    private static void Within(string name, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
            throw new Refusal($"{Section}:{name} is {value}; it must be between {least} and {most}", CommandLine.Usage);
    }
}
