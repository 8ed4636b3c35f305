using System.Buffers.Binary;
using System.Security.Cryptography;
using HealthGrains.Accounts;
using HealthGrains.Delivery;
using HealthGrains.Grains.Storage;
using HealthGrains.Grains.Watching;
using HealthGrains.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Utilities;

namespace HealthGrains.Grains.Tenants;

/// <summary>Keeps what decides for all accounts, and tells the nodes.</summary>
/// <remarks>Reentrant, so that a node can ask while all are being told.</remarks>
[Reentrant]
[Immovable]
internal sealed partial class TenantGrain(
    [PersistentState("tenant", TenantGrain.Storage)] IPersistentState<TenantRecord> stored, ClusterOptions options,
    TenantWatch watch, IDeskStore store, IBookStore book, IAccountStore accounts, ChangePublisher changes, ILogger<TenantGrain> logger,
    DeliveryBell? bell = null) : Grain, ITenantGrain
{
    /// <summary>The name of the storage provider.</summary>
    public const string Storage = "tenants";

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ObserverManager<ITenantObserver> _observers = new(Lease, logger);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var record = stored.State;
        if (record.Version > 0) return;
        var keys = options.Keys ?? RandomKeys();
        (record.Version, record.KeyLow, record.KeyHigh) = (1, keys.Low, keys.High);
        record.Model = options.Models[0].Version;
        record.FirstAt = Ruling.TimesOf(new TenantFacts());
        await stored.WriteStateAsync(cancellationToken);
    }

    public Task<TenantTerms> WatchAsync(ITenantObserver observer)
    {
        _observers.Subscribe(observer, observer);
        return Task.FromResult(Terms());
    }

    public async Task<TenantTerms> LearnAsync(long[] firstAt)
    {
        var facts = Ruling.FactsOf(stored.State.FirstAt);
        var changed = false;
        for (var source = 0; source < firstAt.Length; source++) changed |= facts.Merge((Signals.SignalSource)source, firstAt[source]);
        if (changed)
        {
            stored.State.FirstAt = Ruling.TimesOf(facts);
            await ChangedAsync();
        }
        return Terms();
    }

    public async Task<TenantTerms> ActivateAsync(string model)
    {
        if (stored.State.Model != model)
        {
            stored.State.Model = model;
            await ChangedAsync();
        }
        return Terms();
    }

    public async Task<PracticeReply> ChangePracticeAsync(byte[] edit, string actor)
    {
        var asked = StoredJson.Read<PracticeEdit>(edit, "a change of the practice");
        while (true)
        {
            var (book, number) = await watch.PracticeAsync();
            var change = book.Change(asked.With, asked.Without);
            var reply = new PracticeReply(number, StoredJson.WriteBytes(change.Problems), [.. change.Refused]);
            if (ReferenceEquals(change.Book, book)) return reply;
            // Files that were refused would be refused again; what is kept is what was taken.
            var taken = new PracticeEdit([.. asked.With.Where(file => !change.Refused.Contains(file.Path))], asked.Without);
            // Another change came first, from another call or from another activation.
            if (!await store.AddPracticeAsync(new StoredEdit(number + 1, taken), Entries(taken, actor), CancellationToken.None)) continue;
            stored.State.Practice = number + 1;
            await ChangedAsync();
            return reply with { Number = number + 1 };
        }
    }

    private List<AuditView> Entries(PracticeEdit taken, string actor)
    {
        var now = options.Clock.GetUtcNow();
        return
        [
            .. taken.With.Select(file => new AuditView(now, actor, "practice.file.put", file.Path, null)),
            .. taken.Without.Select(path => new AuditView(now, actor, "practice.file.removed", path, null)),
        ];
    }

    private async Task ChangedAsync()
    {
        stored.State.Version++;
        await stored.WriteStateAsync();
        var terms = Terms();
        // A node that does not answer is dropped; it asks again within a minute.
        await Task.WhenAll(_observers.Select(observer => TellAsync(observer, terms)));
    }

    private async Task TellAsync(ITenantObserver observer, TenantTerms terms)
    {
        try
        {
            await observer.RuledAsync(terms).WaitAsync(Patience);
        }
        catch (Exception)
        {
            _observers.Unsubscribe(observer);
        }
    }

    private TenantTerms Terms() => new(
        stored.State.Version, stored.State.KeyLow, stored.State.KeyHigh, [.. stored.State.FirstAt], stored.State.Model,
        stored.State.Practice, stored.State.Pulse);

    private static TenantKeys RandomKeys()
    {
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        return new TenantKeys(BinaryPrimitives.ReadUInt64LittleEndian(random), BinaryPrimitives.ReadUInt64LittleEndian(random[8..]));
    }
}
