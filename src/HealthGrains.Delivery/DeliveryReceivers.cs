using Microsoft.Extensions.Configuration;

namespace HealthGrains.Delivery;

/// <summary>The receivers by key, and who takes what is for a key that is not among them.</summary>
public sealed class DeliveryReceivers : IAsyncDisposable
{
    private readonly Dictionary<string, IReceiver> _byKey;
    private readonly IReceiver? _fallback;
    private readonly IReadOnlyList<HttpDoor> _doors;

    /// <summary>Receivers that are there already.</summary>
    /// <param name="byKey">By key.</param>
    /// <param name="fallback">For every other key; null to refuse what is for one, so that it is seen.</param>
    public DeliveryReceivers(IReadOnlyDictionary<string, IReceiver> byKey, IReceiver? fallback)
        : this(byKey, fallback, new Secrets(), [])
    {
    }

    private DeliveryReceivers(
        IReadOnlyDictionary<string, IReceiver> byKey, IReceiver? fallback, Secrets secrets, IReadOnlyList<HttpDoor> doors)
    {
        _doors = doors;
        _byKey = new Dictionary<string, IReceiver>(byKey, StringComparer.Ordinal);
        _fallback = fallback;
        Secrets = secrets;
    }

    /// <summary>The keys that have a receiver of their own.</summary>
    public IReadOnlyCollection<string> Keys => _byKey.Keys;

    /// <summary>Whether everything goes into the local sink and nothing leaves.</summary>
    public bool IsLocal => _byKey.Count == 0 && _fallback is LocalSink;

    internal Secrets Secrets { get; }

    /// <summary>Those that the settings name; with none, the local sink takes all.</summary>
    internal static DeliveryReceivers From(DeliverySettings settings, IConfiguration configuration, LocalSink sink, TimeProvider wall)
    {
        var secrets = new Secrets();
        var doors = new List<HttpDoor>();
        var receivers = settings.Receivers.ToDictionary(
            one => one.Key.ToLowerInvariant(), one => Make(one.Key, one.Value, configuration, sink, secrets, wall, Door),
            StringComparer.Ordinal);
        return new DeliveryReceivers(receivers, receivers.Count == 0 ? sink : null, secrets, doors);

        HttpDoor Door(string url)
        {
            var door = new HttpDoor(new Uri(url), wall);
            doors.Add(door);
            return door;
        }
    }

    /// <summary>Who takes what is for a key.</summary>
    internal IReceiver Of(string key) => _byKey.GetValueOrDefault(key) ?? _fallback ?? new NoReceiver(key, _byKey.Keys);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var receiver in _byKey.Values.OfType<IAsyncDisposable>()) await receiver.DisposeAsync();
        foreach (var door in _doors) door.Dispose();
    }

    private static IReceiver Make(
        string key, ReceiverSettings settings, IConfiguration configuration, LocalSink sink, Secrets secrets, TimeProvider wall,
        Func<string, HttpDoor> doorTo)
    {
        var section = configuration.GetSection($"{DeliverySettings.Section}:{nameof(DeliverySettings.Receivers)}:{key}");
        // The configuration may be loaded again while the program runs; then the new one holds.
        Func<string> Secret(string name, string? atStart)
        {
            secrets.Know(atStart);
            return secrets.Keep(() => section[name] ?? atStart);
        }
        HttpDoor Door() => doorTo(settings.Url!);
        CrmDoor Crm(string tokenPath)
        {
            var door = Door();
            if (string.IsNullOrEmpty(settings.ClientId))
                return new CrmDoor(door, new FixedAccess(Secret(nameof(settings.Token), settings.Token)));
            var client = new OAuthSecrets(() => section[nameof(settings.ClientId)] ?? settings.ClientId,
                Secret(nameof(settings.ClientSecret), settings.ClientSecret),
                string.IsNullOrEmpty(settings.RefreshToken) ? null : Secret(nameof(settings.RefreshToken), settings.RefreshToken));
            var endpoint = doorTo(settings.TokenUrl ?? door.Below(tokenPath).AbsoluteUri);
            return new CrmDoor(door, new OAuthAccess(endpoint, client, secrets, wall));
        }
        switch (settings.Kind)
        {
            case ReceiverRules.Smtp:
                return new SmtpReceiver(settings, Secret(nameof(settings.Password), settings.Password), wall);
            case ReceiverRules.Chat:
                // The address is the secret, and the end of it most of all.
                secrets.Know(settings.Url);
                secrets.Know(new Uri(settings.Url!).AbsolutePath);
                secrets.Know(new Uri(settings.Url!).Segments[^1]);
                return new ChatReceiver(Door(), settings.Concurrency);
            case ReceiverRules.Webhook:
                return new WebhookReceiver(Door(), Secret(nameof(settings.Secret), settings.Secret), settings.Concurrency);
            case ReceiverRules.HubSpot:
                return new CrmReceiver(new HubSpot(Crm("/oauth/v1/token"), settings), settings.Concurrency);
            case ReceiverRules.Salesforce:
                return new CrmReceiver(new Salesforce(Crm("/services/oauth2/token"), settings), settings.Concurrency);
            default:
                return sink;
        }
    }

    /// <summary>A key that the settings do not name, while they name others: what is for it is refused, and can be tried again.</summary>
    private sealed class NoReceiver(string key, IEnumerable<string> known) : IReceiver
    {
        private readonly string _error =
            $"there is no receiver '{key}' (there are {string.Join(", ", known)}): add {DeliverySettings.Section}:Receivers:{key}, or with Kind "
            + "local if nothing should be sent; then have it tried again";

        public string Name => $"no receiver '{key}'";

        public int Concurrency => 4;

        public Task<DeliveryOutcome> SendAsync(Dispatch dispatch, CancellationToken cancellationToken) =>
            Task.FromResult<DeliveryOutcome>(new DeliveryOutcome.Refused(_error));
    }
}
