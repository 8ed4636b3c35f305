using System.Globalization;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Delivery;

/// <summary>
/// Keeps what would have gone out, and sends nothing: the receiver of everything where none is configured, as in a demo. The latest are in
/// memory; with a folder each is a file as well, a letter as .eml and the rest as .json.
/// </summary>
public sealed class LocalSink : IReceiver
{
    /// <summary>How many are kept in memory.</summary>
    public const int Remembered = 1_000;

    private readonly Lock _gate = new();
    private readonly Queue<Dispatch> _kept = [];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Letter _letter = new("healthgrains@localhost", "HealthGrains");
    private readonly string? _folder;
    private readonly ILogger<LocalSink> _logger;
    private long _taken;
    private bool _said;

    /// <summary>A sink that holds nothing yet. The folder is made when it is not there.</summary>
    public LocalSink(string? folder, ILogger<LocalSink> logger)
    {
        _folder = folder;
        _logger = logger;
    }

    /// <inheritdoc/>
    public string Name => "the local sink (not sent)";

    /// <inheritdoc/>
    public int Concurrency => 4;

    /// <summary>How many came since the start.</summary>
    public long Taken
    {
        get
        {
            lock (_gate) return _taken;
        }
    }

    /// <summary>The latest, oldest first. A repeated id is here once.</summary>
    public IReadOnlyList<Dispatch> Kept
    {
        get
        {
            lock (_gate) return [.. _kept];
        }
    }

    /// <inheritdoc/>
    public async Task<DeliveryOutcome> SendAsync(Dispatch dispatch, CancellationToken cancellationToken)
    {
        Announce();
        if (_folder is not null)
        {
            try
            {
                await WriteAsync(_folder, dispatch, cancellationToken);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                return new DeliveryOutcome.Away($"the local sink cannot write into {_folder}: {fault.Message}");
            }
        }
        lock (_gate)
        {
            if (!_ids.Add(dispatch.Id)) return new DeliveryOutcome.Delivered(Name);
            _taken++;
            _kept.Enqueue(dispatch);
            if (_kept.Count > Remembered) _ids.Remove(_kept.Dequeue().Id);
        }
        return new DeliveryOutcome.Delivered(Name);
    }

    /// <summary>Says once that nothing leaves.</summary>
    internal void Announce()
    {
        lock (_gate)
        {
            if (_said) return;
            _said = true;
        }
        if (_folder is null) Log.KeptInMemory(_logger, Remembered);
        else Log.KeptInFolder(_logger, Path.GetFullPath(_folder));
    }

    private async Task WriteAsync(string folder, Dispatch dispatch, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(dispatch.NotBefore).ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var name = Path.Combine(folder, $"{at}-{dispatch.Receiver}-{FileName(dispatch.Id)}");
        if (dispatch.Body is EmailBody mail && _letter.TryWrite(dispatch, mail, out var message, out _))
        {
            await using var file = File.Create($"{name}.eml");
            await message.WriteToAsync(file, cancellationToken);
        }
        else
        {
            await File.WriteAllBytesAsync($"{name}.json", DeliveryJson.Write(dispatch), cancellationToken);
        }
    }

    // '=' and '+' are in no id, so two ids never share a file.
    private static string FileName(string id) => id.Replace(':', '=').Replace('/', '+');
}
