using System.Diagnostics;
using HealthGrains.Accounts;

namespace HealthGrains.Grains;

/// <summary>
/// The cluster's own spans. One a batch, never one a signal: of the calls that a batch makes only the first few are followed, and
/// nothing is made at all while nobody listens.
/// </summary>
internal static class Traces
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "HealthGrains.Grains";

    /// <summary>How many calls to accounts are followed of one batch.</summary>
    public const int CallsABatch = 4;

    private const int MostLinks = 16;

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The span under way, where it is recorded.</summary>
    public static ActivityContext Current => Activity.Current is { Recorded: true } current ? current.Context : default;

    /// <summary>Work that begins here or goes on from the span under way; null when nobody listens.</summary>
    public static Activity? Begin(string name, int count)
    {
        if (!Source.HasListeners()) return null;
        var activity = Source.StartActivity(name);
        activity?.SetTag("healthgrains.count", count);
        return activity;
    }

    /// <summary>One write for many: goes on from the first of those who wait for it, and names the others.</summary>
    public static Activity? BeginWrite(IEnumerable<ActivityContext> waiting, int count)
    {
        if (!Source.HasListeners()) return null;
        var from = waiting.Where(context => context != default).DistinctBy(context => context.TraceId).Take(MostLinks).ToList();
        // A write that nobody's span waits for is not worth a trace of its own.
        if (from.Count == 0) return null;
        var activity = Source.StartActivity("healthgrains.write", ActivityKind.Internal, from[0],
            links: from.Skip(1).Select(context => new ActivityLink(context)));
        activity?.SetTag("healthgrains.count", count);
        return activity;
    }

    /// <summary>An alert was stored. It begins a trace where its turn was not followed.</summary>
    public static void Alert(in AlertEffect effect)
    {
        if (!Source.HasListeners()) return;
        var current = Activity.Current;
        if (current is { Recorded: false }) Activity.Current = null;
        using (var activity = Source.StartActivity("healthgrains.alert"))
        {
            activity?.SetTag("healthgrains.alert.change", ClusterFigures.NameOf(effect.Change));
            activity?.SetTag("healthgrains.alert.severity", ClusterFigures.NameOf(effect.Alert.Severity));
            activity?.SetTag("healthgrains.alert.rule", effect.Alert.Rule);
        }
        Activity.Current = current;
    }

    /// <summary>The calls of one batch, of which only the first few are followed.</summary>
    public static Calls Of(int calls) => new(calls);

    /// <summary>The calls of one batch.</summary>
    public readonly struct Calls : IDisposable
    {
        private readonly Activity? _quiet;

        public Calls(int calls)
        {
            if (calls <= CallsABatch || Activity.Current is not { Recorded: true } current) return;
            // The same trace, not recorded: what is called under it is not recorded either.
            _quiet = new Activity("healthgrains.quiet").SetParentId(current.TraceId, current.SpanId, ActivityTraceFlags.None).Start();
            Activity.Current = current;
        }

        /// <summary>Call number <paramref name="index"/> is made from here on, in the caller's own asynchronous flow.</summary>
        public void Enter(int index)
        {
            if (_quiet is not null && index >= CallsABatch) Activity.Current = _quiet;
        }

        public void Dispose()
        {
            if (_quiet is null) return;
            var current = Activity.Current;
            _quiet.Dispose();
            Activity.Current = current;
        }
    }
}
