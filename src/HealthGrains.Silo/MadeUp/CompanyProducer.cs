using System.Buffers;
using HealthGrains.Grains.Storage;
using HealthGrains.Kafka;
using HealthGrains.Signals;
using HealthGrains.Simulation;
using Format = HealthGrains.Intake.WireFormat;
using Shape = HealthGrains.Simulation.WireFormat;

namespace HealthGrains.Silo.MadeUp;

/// <summary>
/// Writes the life of a made-up company to the log, as its systems would: its past up to now first, then each event when its time has
/// come. Nodes live by wall time, so the company does too.
/// </summary>
internal sealed class CompanyProducer : IDisposable
{
    private const string Actor = "made-up company";

    private readonly KafkaOptions _options;
    private readonly TextWriter _say;
    private readonly TimeProvider _clock;
    private readonly Company _company;
    private readonly MadeUpCompany _name;
    private readonly WrittenSoFar _before;
    private readonly MessageWriter _writer;
    private readonly WireWriter _wire = new();
    private readonly ArrayBufferWriter<byte> _body = new();
    private readonly DateTimeOffset _now;
    private bool _isLive;
    private int _told;

    /// <summary>
    /// A company of so many days up to now, or the one that is in the log already. Throws <see cref="Refusal"/> where the log holds
    /// another one, or no longer tells.
    /// </summary>
    public CompanyProducer(
        KafkaOptions options, ulong seed, int accounts, int days, TextWriter say, TimeProvider clock, CancellationToken cancellationToken)
    {
        (_options, _say, _clock, _now) = (options, say, clock, clock.GetUtcNow());
        _before = WrittenSoFar.Read(options, cancellationToken);
        _name = _before.Company ?? new MadeUpCompany(seed, DateOnly.FromDateTime(_now.UtcDateTime).AddDays(-days), accounts);
        if (_name.Seed != seed || _name.Accounts != accounts)
        {
            throw new Refusal($"the log holds another made-up company, {WrittenSoFar.Tell(_name)}; go on with it by --seed {_name.Seed} "
                + $"--accounts {_name.Accounts}, or name topics and a database of their own for the new one");
        }
        if (_before is { Company: null, IsCut: true })
        {
            throw new Refusal("the log's oldest messages have been deleted, and none of a made-up company is left: whether the accounts have "
                + "had its events cannot be told; name new topics and a new database, or keep messages longer than the producer is away");
        }
        _company = Company.Create(new CompanySettings
        {
            Seed = seed, Accounts = accounts, Days = days, Start = new DateTimeOffset(_name.Start, TimeOnly.MinValue, TimeSpan.Zero),
        });
        _writer = new MessageWriter(options);
    }

    /// <summary>Messages written in this run.</summary>
    public long Written => _writer.Written;

    /// <summary>Writes on from where the log ends, until cancelled or, where only the past is wanted, up to now.</summary>
    public async Task RunAsync(bool onlyPast, CancellationToken cancellationToken)
    {
        _say.WriteLine(_before.Company is null ? $"a new company: {WrittenSoFar.Tell(_name)}"
            : FormattableString.Invariant(
                $"going on with {WrittenSoFar.Tell(_name)}, from {_name.Start.AddDays(_before.Day):yyyy-MM-dd}: {_before.Ids.Count:N0} messages of that day are in the log"));
        if (_before.Day == 0) await IntroduceAsync();
        var life = _company.Simulate(_before.Day);
        while (true)
        {
            var day = life.Advance();
            foreach (var happened in day.Events)
            {
                if (!_isLive && happened.Time > _now && await BeginLiveAsync(onlyPast)) return;
                if (happened.Time > _clock.GetUtcNow()) await UntilAsync(happened.Time, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                await WriteAsync(happened);
            }
            // The next day begins when this one is acknowledged: the log's end tells how far it goes.
            await _writer.FlushAsync();
            if (!_isLive) TellPast(day.Start.AddDays(1));
        }
    }

    public void Dispose()
    {
        _wire.Dispose();
        _writer.Dispose();
    }

    /// <summary>The topic of an event's source. Calls that are no signals come from where the usage comes from.</summary>
    internal static SignalSource SourceOf(in SimulatedEvent happened) => happened.IsSignal ? happened.Kind.Source() : SignalSource.Usage;

    internal static string FormatOf(in SimulatedEvent happened) => happened.Format switch
    {
        Shape.Native => nameof(Format.Native),
        Shape.Stripe => nameof(Format.Stripe),
        _ => nameof(Format.Segment),
    };

    private async Task<bool> BeginLiveAsync(bool onlyPast)
    {
        await _writer.FlushAsync();
        _isLive = true;
        _say.WriteLine(FormattableString.Invariant($"the past is written: {Written:N0} messages; ")
            + (onlyPast ? "that is all that was asked for" : "from here on each event is written when its time has come"));
        return onlyPast;
    }

    private async Task UntilAsync(DateTimeOffset moment, CancellationToken cancellationToken)
    {
        await _writer.FlushAsync();
        var wait = moment - _clock.GetUtcNow();
        if (wait > TimeSpan.Zero) await Task.Delay(wait, _clock, cancellationToken);
    }

    private async Task IntroduceAsync()
    {
        var topic = _options.TopicOf(SignalSource.Crm);
        var today = DateOnly.FromDateTime(_now.UtcDateTime).DayNumber - _name.Start.DayNumber;
        foreach (var account in _company.Accounts)
        {
            var mark = new EventMark(_name, _company.Settings.Start.ToUnixTimeMilliseconds(), $"profile-{account.Id}");
            if (_before.Ids.Contains(mark.Id)) continue;
            await _writer.WriteAsync(topic, account.Id, StoredJson.WriteBytes(account.ProfileOn(today)),
                ("format", "profile"), (KafkaLog.ActorHeader, Actor), (EventMark.Header, mark.Write()));
        }
        // Accounts are known before anything is told of them: what Segment and Stripe send names them by other ids.
        await _writer.FlushAsync();
    }

    private async Task WriteAsync(SimulatedEvent happened)
    {
        if (_before.Ids.Contains(happened.Id)) return;
        _body.ResetWrittenCount();
        _wire.Write(happened, _body);
        var mark = new EventMark(_name, happened.At, happened.Id);
        await _writer.WriteAsync(_options.TopicOf(SourceOf(happened)), happened.Account, _body.WrittenSpan.ToArray(),
            ("format", FormatOf(happened)), (EventMark.Header, mark.Write()));
    }

    private void TellPast(DateTimeOffset lived)
    {
        var tenth = (int)((lived - _company.Settings.Start) / (_now - _company.Settings.Start) * 10);
        if (tenth <= _told) return;
        _told = tenth;
        _say.WriteLine(FormattableString.Invariant($"the past: {tenth * 10} % ({lived:yyyy-MM-dd}, {Written:N0} messages)"));
    }
}
