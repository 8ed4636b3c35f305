using System.Buffers;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using HealthGrains.Simulation;
using WireFormat = HealthGrains.Intake.WireFormat;

namespace HealthGrains.Demo;

/// <summary>
/// Lives the made-up company and delivers what happens to the host, in its wire form and through intake as any sender would. The
/// clock is moved to the end of what is delivered, so that every event is in its present.
/// </summary>
public sealed class CompanyFeed : IDisposable
{
    /// <summary>History is delivered in pieces of this length: fine enough to decide in, coarse enough to be quick.</summary>
    private static readonly TimeSpan Piece = TimeSpan.FromHours(6);

    private readonly Company _company;
    private readonly CompanySimulator _simulator;
    private readonly IHealthGrains _host;
    private readonly Func<Task> _settle;
    private readonly DemoTeam? _team;
    private readonly SimulatedClock _clock;
    private readonly WireWriter _wire = new();
    private readonly ArrayBufferWriter<byte> _lines = new(1 << 20);
    private readonly IntakeBatch _batch = new();
    private IReadOnlyList<SimulatedEvent> _today = [];
    private DateTimeOffset _todayEnds;
    private int _next;

    /// <summary>A feed that begins where an earlier one ended.</summary>
    /// <param name="company">The company.</param>
    /// <param name="host">Where it delivers to.</param>
    /// <param name="settle">Completes when the host has done all that is due at its clock's now.</param>
    /// <param name="clock">The host's clock.</param>
    /// <param name="deliveredUntil">Everything before this moment has been delivered.</param>
    /// <param name="hasTeam">Whether the company's people work with what the host prepares.</param>
    public CompanyFeed(
        Company company, IHealthGrains host, Func<Task> settle, SimulatedClock clock, DateTimeOffset deliveredUntil, bool hasTeam = false)
    {
        _settle = settle;
        _team = hasTeam ? new DemoTeam(company, host, deliveredUntil) : null;
        _company = company;
        _host = host;
        _clock = clock;
        DeliveredUntil = deliveredUntil > company.Settings.Start ? deliveredUntil : company.Settings.Start;
        var day = (int)(DeliveredUntil - company.Settings.Start).TotalDays;
        _simulator = company.Simulate(day);
        NextDay();
        // The moment itself may have been delivered in part; what comes twice is recognised by its id.
        while (_next < _today.Count && _today[_next].Time < DeliveredUntil) _next++;
    }

    /// <summary>Everything before this moment has been taken by the host.</summary>
    public DateTimeOffset DeliveredUntil { get; private set; }

    /// <summary>Events taken by the host so far, in this run.</summary>
    public long Delivered { get; private set; }

    /// <summary>Tells the host who the accounts are, and who works for them.</summary>
    public async Task IntroduceAsync(CancellationToken cancellationToken)
    {
        foreach (var profile in _company.Profiles) await _host.PutProfileAsync(profile, "demo", cancellationToken);
        if (_team is not null) await _team.IntroduceAsync(cancellationToken);
    }

    /// <summary>Delivers all up to a moment, moving the clock along.</summary>
    public async Task CatchUpAsync(DateTimeOffset until, Action<DateTimeOffset> told, CancellationToken cancellationToken)
    {
        while (DeliveredUntil < until)
        {
            var piece = Earlier(Earlier(DeliveredUntil + Piece, _todayEnds), until);
            var endsDay = piece == _todayEnds;
            _clock.AdvanceTo(piece);
            await DeliverAsync(piece, cancellationToken);
            // A day that is over is closed before the next one begins.
            if (endsDay) await _settle();
            told(DeliveredUntil);
        }
    }

    /// <summary>Delivers what has happened by a moment that the clock has passed.</summary>
    public async Task DeliverAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        while (true)
        {
            while (_next < _today.Count && _today[_next].Time < until)
            {
                var happened = _today[_next++];
                _wire.Write(happened, _lines);
                if (_lines.WrittenCount >= 4 << 20) await SendAsync(cancellationToken);
            }
            await SendAsync(cancellationToken);
            if (until < _todayEnds) break;
            NextDay();
        }
        DeliveredUntil = until;
        if (_team is not null) await _team.WorkAsync(until, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _wire.Dispose();

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        if (_lines.WrittenCount == 0) return;
        IntakeReader.Read(WireFormat.Any, _lines.WrittenMemory, IntakeContext.Of(_host), _batch, BodyShape.Lines);
        while (true)
        {
            try
            {
                var receipt = await _host.TakeAsync(_batch, cancellationToken);
                Delivered += receipt.Accepted;
                break;
            }
            catch (IntakeSaturatedException full)
            {
                await Task.Delay(full.RetryAfter, TimeProvider.System, cancellationToken);
            }
        }
        _batch.Clear();
        _lines.ResetWrittenCount();
    }

    private void NextDay()
    {
        var day = _simulator.Advance();
        _today = day.Events;
        _todayEnds = day.Start.AddDays(1);
        _next = 0;
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
