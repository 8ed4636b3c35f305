using HealthGrains.Grains.Accounts;
using HealthGrains.Grains.Desks;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Grains.Hosting;

/// <summary>
/// Calls to accounts, repeated while their silo is not to be had: a silo that was killed is noticed after seconds, and until then
/// calls to its accounts fail. Every call may be repeated, for accounts know what they have taken.
/// </summary>
internal sealed class AccountCalls(IGrainFactory grains, ClusterOptions options, StoreWatch? store, ILogger logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    // A restart of the database or another server taking over is not worth an error; beyond it nobody is kept waiting.
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    private long _toldAt;
    private int _untold;

    // By a key alone Orleans works out anew each time which grain and which interface is meant. A class, so that no thread sees half of it.
    private AccountKind? _kind;

    /// <summary>Calls an account.</summary>
    /// <param name="account">Its id.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="outlast">
    /// Whether to try on, for the whole of the patience, while the database is away: who reads a log has nothing better to do. All others
    /// are told at once.
    /// </param>
    public Task<T> CallAsync<T>(
        string account, Func<IAccountGrain, Task<T>> call, CancellationToken cancellationToken, bool outlast = false) =>
        TryAsync(account, Grain(account), call, outlast, cancellationToken);

    /// <summary>Calls an account's desk; the same is true of that.</summary>
    public Task<T> CallDeskAsync<T>(string account, Func<IDeskGrain, Task<T>> call, CancellationToken cancellationToken) =>
        TryAsync(account, grains.GetGrain<IDeskGrain>(account), call, outlast: false, cancellationToken);

    private async Task<T> TryAsync<TGrain, T>(
        string account, TGrain grain, Func<TGrain, Task<T>> call, bool outlast, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call(grain);
            }
            catch (Exception fault) when (MayPass(fault, cancellationToken))
            {
                var waited = TimeProvider.System.GetElapsedTime(started) + pause;
                var isAway = StoreWatch.IsAway(fault);
                if (waited > options.Patience || (isAway && !outlast && (waited > Glance || store is { IsKnownGone: true })))
                {
                    throw new HostUnavailableException(
                        isAway ? Said(fault) : store?.Gone
                        ?? $"account {account} cannot be reached for {options.Patience.TotalSeconds:0} s: {Said(fault)}", fault);
                }
                if (attempt > 1) Tell(account, fault, isKnown: isAway || store?.Gone is not null);
                await Task.Delay(pause, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private IAccountGrain Grain(string account)
    {
        if (_kind is not { } kind)
        {
            var any = (GrainReference)grains.GetGrain<IAccountGrain>(account);
            _kind = kind = new AccountKind(any.GrainId.Type, any.InterfaceType);
        }
        return (IAccountGrain)grains.GetGrain(GrainId.Create(kind.Type, account), kind.Interface);
    }

    // What comes from another silo, or out of Orleans, goes on with stack traces.
    private static string Said(Exception fault)
    {
        for (var inner = fault; inner is not null; inner = inner.InnerException)
            if (inner is StoreUnavailableException or HostUnavailableException) return inner.Message;
        var end = fault.Message.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? fault.Message : fault.Message[..end];
    }

    // Of a silo that has died, every call to each of its accounts would have something to say.
    private void Tell(string account, Exception fault, bool isKnown)
    {
        if (isKnown)
        {
            Log.Retry(logger, account, Said(fault));
            return;
        }
        Interlocked.Increment(ref _untold);
        var (now, before) = (TimeProvider.System.GetTimestamp(), Volatile.Read(ref _toldAt));
        if (before != 0 && TimeProvider.System.GetElapsedTime(before, now) < Silence) return;
        if (Interlocked.CompareExchange(ref _toldAt, now, before) == before)
            Log.Retries(logger, Interlocked.Exchange(ref _untold, 0), account, Said(fault));
    }

    private sealed record AccountKind(GrainType Type, GrainInterfaceType Interface);

    // Orleans cancels a call of its own accord, too, where a grain could not be placed in time: its directory was on a silo that died.
    private static bool MayPass(Exception fault, CancellationToken cancellationToken) => fault is OperationCanceledException
        ? !cancellationToken.IsCancellationRequested
        : fault is not (InvalidDataException or ArgumentException or NotSupportedException or InvalidQueryException
            or InvalidTransitionException);
}
