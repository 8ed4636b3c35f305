using HealthGrains.Accounts;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using HealthGrains.Plays.Files;
using HealthGrains.Signals;
using HealthGrains.Tenants;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Grains.Tenants;

/// <summary>A node's copy of what decides. Asked for by the first who needs it, kept by the tenant's grain, renewed every minute.</summary>
internal sealed class TenantWatch(IGrainFactory grains, IServiceProvider services, ClusterOptions options, ILogger<TenantWatch> logger)
    : BackgroundService, ITenantObserver
{
    private static readonly TimeSpan Renewal = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Ruling? _ruling;
    private TenantTerms? _terms;
    private ITenantObserver? _reference;
    private Task? _first;
    private readonly SemaphoreSlim _reading = new(1, 1);
    private PracticeBook _practice = options.Practice;
    private long _practiceNumber;

    /// <summary>What decides at present. Only after <see cref="RulingAsync"/> has completed once.</summary>
    public Ruling Ruling => Volatile.Read(ref _ruling) ?? throw new InvalidOperationException("no ruling is known yet");

    /// <summary>The practice that decides at present.</summary>
    public PracticeBook Practice => Volatile.Read(ref _practice);

    /// <summary>Whether <see cref="Ruling"/> can be asked.</summary>
    public bool IsReady => Volatile.Read(ref _ruling) is not null;

    /// <summary>The tenant's secret.</summary>
    public TenantKeys Keys => _terms is { } terms ? new TenantKeys(terms.KeyLow, terms.KeyHigh)
        : throw new InvalidOperationException("the tenant is not known yet");

    private ITenantGrain Tenant => grains.GetGrain<ITenantGrain>(options.Tenant);

    /// <summary>What decides at present.</summary>
    public async ValueTask<Ruling> RulingAsync()
    {
        if (Volatile.Read(ref _ruling) is { } ruling) return ruling;
        Task first;
        lock (_gate) first = _first is null or { IsFaulted: true } ? _first = RenewAsync() : _first;
        await first;
        return Ruling;
    }

    /// <summary>Sees to it that every node knows what these signals teach about the tenant.</summary>
    public async ValueTask LearnAsync(Signal[] signals)
    {
        var ruling = await RulingAsync();
        var now = options.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var teaches = false;
        foreach (var signal in signals) teaches |= ruling.Teaches(signal.Source, signal.At, now);
        if (!teaches) return;
        var facts = new TenantFacts();
        foreach (var signal in signals) facts.Merge(signal.Source, Math.Min(signal.At, now));
        Take(await Tenant.LearnAsync(Ruling.TimesOf(facts)));
    }

    /// <summary>Activates a model.</summary>
    public async Task ActivateAsync(string model) => Take(await Tenant.ActivateAsync(model));

    /// <summary>Changes files of the practice. Completes when this node goes by what came of it.</summary>
    public async Task<PracticeChange> ChangePracticeAsync(PracticeEdit edit, string actor)
    {
        var reply = await Tenant.ChangePracticeAsync(StoredJson.WriteBytes(edit), actor);
        if (reply.Number > Volatile.Read(ref _practiceNumber)) await PracticeAsync();
        return new PracticeChange(Practice, StoredJson.Read<List<PracticeProblem>>(reply.Problems, "problems of the practice"))
        {
            Refused = reply.Refused,
        };
    }

    /// <summary>The practice as it is stored, with the number of its last change.</summary>
    public async Task<(PracticeBook Book, long Number)> PracticeAsync()
    {
        await _reading.WaitAsync();
        try
        {
            var (book, number) = (_practice, _practiceNumber);
            foreach (var stored in await services.GetRequiredService<IDeskStore>().PracticeAsync(number, CancellationToken.None))
            {
                var change = book.Change(stored.Edit.With, stored.Edit.Without);
                foreach (var problem in change.Problems) Log.PracticeRefused(logger, stored.Number, problem.ToString());
                (book, number) = (change.Book, stored.Number);
            }
            Volatile.Write(ref _practice, book);
            Volatile.Write(ref _practiceNumber, number);
            return (book, number);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <inheritdoc/>
    public async Task RuledAsync(TenantTerms terms)
    {
        Take(terms);
        if (terms.Practice > Volatile.Read(ref _practiceNumber)) await PracticeAsync();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _reading.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Renewal);
        do
        {
            try
            {
                await RenewAsync();
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                Log.WatchFailed(logger, fault.Message, fault);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    private async Task RenewAsync()
    {
        lock (_gate) _reference ??= grains.CreateObjectReference<ITenantObserver>(this);
        var terms = await Tenant.WatchAsync(_reference);
        // Whatever the terms say of it: they may come from a build that knows no practice.
        await PracticeAsync();
        Take(terms);
    }

    private static TenantFacts FactsOf(TenantTerms terms) => Ruling.FactsOf(
        terms.FirstAt, terms.Pulse is { } pulse ? StoredJson.Read<TenantPulse>(pulse, "what was counted of the tenant") : null);

    private void Take(TenantTerms terms)
    {
        lock (_gate)
        {
            if (_terms is { } known && known.Version >= terms.Version) return;
            _terms = terms;
            var model = options.Model(terms.Model) ?? throw new InvalidOperationException(
                $"the cluster judges by model '{terms.Model}', which this node does not know; run the version that does");
            Volatile.Write(ref _ruling, new Ruling(model, options.Policies[0], FactsOf(terms)));
        }
    }
}
