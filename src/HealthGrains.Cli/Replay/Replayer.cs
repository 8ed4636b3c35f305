using HealthGrains.Embedded;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Intake;

namespace HealthGrains.Cli.Replay;

/// <summary>
/// Runs files of signals through the same intake and the same turns as a server, with no server and no storage: one thread reads
/// and parses, another applies.
/// </summary>
internal sealed class Replayer
{
    private const int EventsPerPart = 8_192;
    private const int KeptErrors = 20;
    private const int RememberedIds = 5_000_000;

    // The reader must not judge times by a clock that the events themselves drive: nothing lies ahead of this moment, and an
    // event without a time carries exactly it, until the clock is known.
    private static readonly DateTimeOffset Unbounded = new(9990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>An event this much later than all before it is a typing error in a year and would make everything else late.</summary>
    private static readonly TimeSpan LongestLeap = TimeSpan.FromDays(400);

    private readonly ReplayTables _tables = new();
    private readonly ReplayAccounts _accounts;
    private readonly DuplicateMemory _memory = new(RememberedIds);
    private readonly HeldEvents _held = new();
    private readonly List<ReplayError> _errors = [];
    private readonly IntakeContext _context;
    private long _accepted;
    private long _duplicates;
    private long _rejected;

    public Replayer(HealthModel model, Policy.HealthPolicy policy)
    {
        _accounts = new ReplayAccounts(_tables, model, policy);
        _context = Context();
    }

    /// <summary>Gives accounts their profiles before the signals come.</summary>
    public void SetProfiles(IEnumerable<Accounts.AccountProfile> profiles)
    {
        foreach (var profile in profiles) _accounts.SetProfile(profile);
    }

    /// <summary>Replays the files in the order given.</summary>
    /// <param name="files">Paths; '-' is standard input.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="wall">Wall time, to tell how quick it was.</param>
    /// <param name="told">Is told how many bytes of the files have been read.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    public async Task<ReplayReport> RunAsync(
        IReadOnlyList<string> files, Stream input, TimeProvider wall, Action<long> told, CancellationToken cancellationToken)
    {
        var started = wall.GetTimestamp();
        var before = 0L;
        foreach (var path in files)
        {
            using var file = SignalFile.Open(path, input);
            try
            {
                if (file.IsArray) TakeArray(file, path);
                else
                    await foreach (var part in NdjsonFile.ReadAsync(file.Unpacked, WireFormat.Any, _context, EventsPerPart,
                        cancellationToken))
                    {
                        Apply(part.Batch, path);
                        told(before + file.BytesRead);
                    }
            }
            catch (Exception error) when (error is IntakeFormatException or IOException or InvalidDataException)
            {
                throw file.IsArray ? new Refusal($"{path}: {error.Message}") : SignalFile.Damaged(path, error.Message);
            }
            before += file.BytesRead;
        }
        _accounts.Finish();
        return Report(wall.GetElapsedTime(started));
    }

    private void TakeArray(SignalFile file, string path)
    {
        using var body = new MemoryStream();
        file.Unpacked.CopyTo(body);
        var batch = new IntakeBatch();
        IntakeReader.Read(WireFormat.Any, body.GetBuffer().AsMemory(0, (int)body.Length), _context, batch, BodyShape.Json);
        Apply(batch, path);
    }

    private void Apply(IntakeBatch batch, string file)
    {
        _rejected += batch.Rejected;
        var first = batch.CountsLines ? 0 : 1;
        foreach (var error in batch.Errors) Keep(new ReplayError(file, first + error.Position, error.Field, error.Reason));
        foreach (var name in batch.Names) _tables.Add(name);
        _accepted += batch.TakenWithoutSignal;
        foreach (ref readonly var incoming in batch.Signals) Take(incoming, file);
        foreach (var held in batch.Held)
            if (!_held.Add(held)) _duplicates++;
        foreach (var link in batch.Links)
            if (_tables.Add(link)) Release(link, file);
    }

    private void Take(in IncomingSignal incoming, string file)
    {
        var signal = incoming.Signal;
        var now = _accounts.Now;
        if (signal.At >= Unbounded.ToUnixTimeMilliseconds())
        {
            if (now == long.MinValue)
            {
                Refuse(file, "at", "the first event has no time, so there is no clock yet; give it one");
                return;
            }
            signal = signal with { At = now };
        }
        else if (now != long.MinValue && signal.At - now > LongestLeap.TotalMilliseconds)
        {
            Refuse(file, "at", $"more than {LongestLeap.TotalDays:0} days after every event before it; check the year");
            return;
        }
        if (!_memory.Add(signal.Id))
        {
            _duplicates++;
            return;
        }
        _accepted++;
        _accounts.Take(incoming.Account, signal);
    }

    /// <summary>Reads the events again that waited for a link.</summary>
    private void Release(IdentityLink link, string file)
    {
        foreach (var held in _held.Take(link))
        {
            if (WireFormats.Find(held.Format) is not { } format) continue;
            var again = new IntakeBatch();
            IntakeReader.Read(format, held.Body, Context(), again, BodyShape.Json);
            Apply(again, file);
        }
    }

    private void Refuse(string file, string field, string reason)
    {
        _rejected++;
        Keep(new ReplayError(file, 0, field, reason));
    }

    private void Keep(ReplayError error)
    {
        if (_errors.Count < KeptErrors) _errors.Add(error);
    }

    private IntakeContext Context() => new()
    {
        Now = Unbounded,
        Keys = TenantKeys.Repeatable,
        Identities = _tables,
        Names = _tables,
        Groups = new LearnedGroups(),
    };

    private ReplayReport Report(TimeSpan took)
    {
        var final = _accounts.All.Select(_accounts.Summarize)
            .OrderBy(account => account.Status).ThenBy(account => account.Score).ThenBy(account => account.Id, StringComparer.Ordinal)
                .ToList();
        var active = final.Where(account => account.Status == AccountStatus.Active).ToList();
        return new ReplayReport
        {
            Accepted = _accepted,
            Duplicates = _duplicates,
            Held = _held.Count,
            Rejected = _rejected,
            Late = _accounts.Late,
            Accounts = _accounts.Count,
            Churned = final.Count - active.Count,
            Bands = Enum.GetValues<Band>().ToDictionary(band => band, band => active.Count(account => account.Band == band)),
            Alerts = _accounts.Alerts,
            AlertsByRule = _accounts.AlertsByRule,
            OpenAlerts = active.Sum(account => account.OpenAlerts),
            From = _accounts.Count == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(_accounts.First),
            Until = _accounts.Count == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(_accounts.Now),
            Took = took,
            Errors = _errors,
            Final = final,
        };
    }
}
