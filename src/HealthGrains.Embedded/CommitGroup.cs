using HealthGrains.Signals;

namespace HealthGrains.Embedded;

/// <summary>
/// One commit on its way from the journal thread to the turn thread: signals first, then commands, each with its journal
/// sequence. There are only a few and they are used again.
/// </summary>
internal sealed class CommitGroup
{
    private NumberedSignal[] _signals = new NumberedSignal[1024];
    private int[] _requestOf = new int[1024];

    /// <summary>Journal sequence of the signals.</summary>
    public long Sequence { get; set; }

    /// <summary>The host's now at the commit.</summary>
    public long Now { get; set; }

    public int Count { get; private set; }

    public ReadOnlySpan<NumberedSignal> Signals => _signals.AsSpan(0, Count);

    /// <summary>For each signal, the index of its request.</summary>
    public ReadOnlySpan<int> RequestOf => _requestOf.AsSpan(0, Count);

    public List<IntakeRequest> Requests { get; } = [];

    public List<Command> Commands { get; } = [];

    /// <summary>Accounts that this commit created.</summary>
    public List<(int Number, string Id)> NewAccounts { get; } = [];

    public void Add(int account, int request, in Signal signal)
    {
        if (Count == _signals.Length)
        {
            Array.Resize(ref _signals, Count * 2);
            Array.Resize(ref _requestOf, Count * 2);
        }

        _signals[Count] = new NumberedSignal(account, signal);
        _requestOf[Count++] = request;
    }

    public void Clear()
    {
        Count = 0;
        Requests.Clear();
        Commands.Clear();
        NewAccounts.Clear();
    }

    public void Fail(Exception reason)
    {
        foreach (var request in Requests) request.Fail(reason);
        foreach (var command in Commands) command.Fail(reason);
    }
}
