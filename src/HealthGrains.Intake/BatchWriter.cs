using System.Text;
using HealthGrains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Intake;

/// <summary>One request on its way into a batch: what all formats do alike. For one thread.</summary>
internal sealed class BatchWriter
{
    private const long HoursAhead = 24;
    private const int LinearNames = 16;

    private readonly long _latest;
    private byte[]? _scratch;
    private HashSet<uint>? _newNames;

    public BatchWriter(IntakeContext context, IntakeBatch batch)
    {
        Context = context;
        Batch = batch;
        Groups = context.Groups ?? new LearnedGroups();
        Now = context.Now.ToUnixTimeMilliseconds();
        _latest = Now + HoursAhead * 3_600_000;
    }

    public IntakeContext Context { get; }

    public IntakeBatch Batch { get; }

    public LearnedGroups Groups { get; }

    /// <summary>The time of an event that gives none: the host's now, or when a log took it. Unix milliseconds.</summary>
    public long Now { get; private set; }

    /// <summary>The account of native signals that name none; null: they are refused.</summary>
    public string? Account { get; set; }

    /// <summary>Room to unescape one string in, up to the length of text that is considered.</summary>
    public Span<byte> Scratch => _scratch ??= new byte[Sentiment.MaxBytes];

    public void Reject(int position, string field, string reason) => Batch.Reject(position, field, reason);

    public void Add(string account, in Signal signal) => Batch.Add(account, signal);

    public void AddEvidence(string account, SignalKind kind, long at, ReadOnlySpan<byte> url) =>
        Batch.Evidence.Add(new EvidenceLink(
            account, kind, Math.Min(at, Context.Now.ToUnixTimeMilliseconds()), Encoding.ASCII.GetString(url)));

    public ulong SignalId(SignalSource source, ReadOnlySpan<byte> id) => Pseudonyms.OfSignal(Context.Keys, source, id);

    public ulong Subject(ReadOnlySpan<byte> subject) => Pseudonyms.OfSubject(Context.Keys, subject);

    /// <summary>A writer of the same request into another batch.</summary>
    public BatchWriter Into(IntakeBatch batch) => new(Context, batch) { Now = Now, Account = Account };

    /// <summary>Says when the log took what is read next. A time that no event may have is passed over.</summary>
    public void ReceivedAt(DateTimeOffset? at)
    {
        var now = Context.Now.ToUnixTimeMilliseconds();
        var received = at?.ToUnixTimeMilliseconds() ?? now;
        Now = received >= EarliestMilliseconds && received <= _latest ? received : now;
    }

    /// <summary>The account's string; null when the bytes are no account id.</summary>
    public string? AccountOf(ReadOnlySpan<byte> utf8) =>
        Context.Accounts.Find(utf8) ?? (AccountId.IsValid(utf8) ? Context.Accounts.Get(utf8) : null);

    /// <summary>The number of a name; a name that the host does not know yet goes into the batch, once.</summary>
    public uint Name(ReadOnlySpan<byte> utf8)
    {
        var id = NameId.Of(utf8);
        if (id == 0 || Context.Names.Contains(id) || !IsNew(id)) return id;
        Batch.Names.Add(new NewName(id, Encoding.UTF8.GetString(utf8)));
        return id;
    }

    /// <summary>Takes a new name over from another batch, once.</summary>
    public void Keep(NewName name)
    {
        if (IsNew(name.Id)) Batch.Names.Add(name);
    }

    /// <summary>What is wrong with a time; null when nothing is.</summary>
    public string? WhyNot(long at, ReadOnlySpan<byte> asWritten)
    {
        if (at > _latest)
            return $"too far ahead: {JsonText.Echo(asWritten)} is more than {HoursAhead} h after now ({Context.Now.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ})";
        if (at < EarliestMilliseconds) return $"too long ago: {JsonText.Echo(asWritten)} is before the year 2000";
        return null;
    }

    private const long EarliestMilliseconds = 946_684_800_000; // 2000-01-01: earlier is a zeroed clock and no event of a customer

    private bool IsNew(uint id)
    {
        if (_newNames is null && Batch.Names.Count < LinearNames)
        {
            foreach (var name in Batch.Names)
                if (name.Id == id) return false;
            return true;
        }
        _newNames ??= [.. Batch.Names.Select(name => name.Id)];
        return _newNames.Add(id);
    }
}
