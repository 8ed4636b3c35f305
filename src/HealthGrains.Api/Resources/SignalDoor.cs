using System.Collections.Concurrent;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace HealthGrains.Api.Resources;

/// <summary>The door that all signals come in by: a body, read once into a reused batch, handed to the host as one commit.</summary>
internal sealed class SignalDoor([FromKeyedServices(HealthGrainsApi.ClockKey)] TimeProvider time)
{
    private const int KeptBatches = 16;
    private const int LargestKept = 262_144; // signals; a larger batch's buffers are not worth holding on to

    private const int LinkAttempts = 30;
    private static readonly TimeSpan LinkPause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<IntakeBatch> _batches = new();

    /// <summary>The parameter of every door, for its description.</summary>
    public static readonly QueryParameter Wait = new(
        "wait", "Answer once the accounts have taken the signals, with full counts, so that a later question sees them. Where they have "
            + "not in time, the answer is 202 and its pending says how many signals are durable and not known to be applied.")
    {
        Allowed = ["applied"],
    };

    /// <summary>Reads a request and gives it to the host.</summary>
    public async Task<Answer> TakeAsync(HttpContext http, IHealthGrains host, WireFormat format, SegmentCall? call = null)
    {
        var untilApplied = Waits(http);
        var type = MediaType.Of(http.Request);
        if (!MediaType.IsJson(type) && !MediaType.IsLines(type))
            throw MediaType.Unsupported(type, "application/json or application/x-ndjson, gzip allowed");
        using var body = await Body.ReadAsync(http, Body.SignalsLimit);
        var shape = MediaType.IsLines(type) ? BodyShape.Lines : BodyShape.Detect;
        return await TakeAsync(host, format, body.Memory, shape, untilApplied, http.RequestAborted, call);
    }

    /// <summary>
    /// Whether the request asks to wait for the accounts. Of the rest of the query nothing is asked here: other systems' SDKs and hooks
    /// may send what they like.
    /// </summary>
    public static bool Waits(HttpContext http)
    {
        var values = http.Request.Query[Wait.Name];
        if (values.Count == 0) return false;
        if (values is ["applied"]) return true;
        throw Refusal.Of(ProblemKind.InvalidQuery, Wait.Name,
            values.Count > 1 ? "given more than once" : $"'{values[0]}' is not one of applied");
    }

    /// <summary>Gives a body that has been read to the host.</summary>
    public async Task<Answer> TakeAsync(
        IHealthGrains host, WireFormat format, ReadOnlyMemory<byte> body, BodyShape shape, bool untilApplied,
        CancellationToken cancellationToken, SegmentCall? call = null)
    {
        using var rented = Rent();
        Read(format, body, shape, IntakeContext.Of(host), rented.Batch, call);
        rented.Batch.UntilApplied = untilApplied;
        return await TakeAsync(host, rented, cancellationToken);
    }

    /// <summary>
    /// Links an external id and takes the events that waited for it. Once the host has handed those over they are nowhere else,
    /// so a caller who leaves does not stop this, and a saturated host is asked again.
    /// </summary>
    public async Task<Answer> LinkAsync(IHealthGrains host, string source, string externalId, string account, string actor)
    {
        var held = await host.LinkAsync(source, externalId, account, actor, CancellationToken.None);
        if (held.Count == 0) return Receipt.Of(new IntakeReceipt(0, 0, 0, 0, 0, []), default);
        using var rented = Rent();
        IntakeReader.ReadHeld(held, IntakeContext.Of(host), rented.Batch);
        // A person waits, and looks at the account next.
        rented.Batch.UntilApplied = true;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TakeAsync(host, rented, CancellationToken.None);
            }
            catch (IntakeSaturatedException e) when (attempt < LinkAttempts)
            {
                await Task.Delay(e.RetryAfter < LinkPause ? e.RetryAfter : LinkPause, time);
            }
        }
    }

    /// <summary>A context whose now is another moment.</summary>
    public static IntakeContext At(IHealthGrains host, DateTimeOffset now) =>
        new() { Now = now, Keys = host.Keys, Identities = host.Identities, Names = host.Names };

    /// <summary>Reads a body; refused when it cannot be read as a whole.</summary>
    public static void Read(
        WireFormat format, ReadOnlyMemory<byte> body, BodyShape shape, IntakeContext context, IntakeBatch batch, SegmentCall? call = null)
    {
        try
        {
            if (call is null) IntakeReader.Read(format, body, context, batch, shape);
            else SegmentReader.Read(body.Span, context, batch, call, shape);
        }
        catch (IntakeFormatException e)
        {
            throw new Refusal(ProblemKind.UnreadableBody, e.Message,
                [new FieldError("", e.Reason, Line: e.Line > 0 ? (int)Math.Min(e.Line, int.MaxValue) : null)], e);
        }
    }

    public Rental Rent() => new(this, _batches.TryDequeue(out var batch) ? batch : new IntakeBatch());

    private static async Task<Answer> TakeAsync(IHealthGrains host, Rental rented, CancellationToken cancellationToken)
    {
        var batch = rented.Batch;
        var sent = Sent.Of(batch);
        var receipt = await host.TakeAsync(batch, cancellationToken);
        var answer = Receipt.Of(receipt, sent); // before the batch, whose errors it may hold, is reused
        rented.Keep();
        return answer;
    }

    /// <summary>
    /// A batch for one request. It goes back only once it is known that nobody else holds it: a host that threw, or was left in
    /// the middle, may still be reading it.
    /// </summary>
    public sealed class Rental(SignalDoor door, IntakeBatch batch) : IDisposable
    {
        private bool _keep;

        public IntakeBatch Batch { get; } = batch;

        public void Keep() => _keep = true;

        public void Dispose()
        {
            if (!_keep || Batch.Count > LargestKept || door._batches.Count >= KeptBatches) return;
            Batch.Clear();
            door._batches.Enqueue(Batch);
        }
    }
}
