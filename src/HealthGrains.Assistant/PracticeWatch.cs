using HealthGrains.Hosting;
using HealthGrains.Plays.Files;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Assistant;

/// <summary>
/// Keeps the host's practice as a folder has it: a file that is added, changed or taken away there counts a moment later, with no restart.
/// A file with a mistake is told in the log, once, with its line, and what it was before stays.
/// </summary>
/// <remarks>Looked at every so often rather than watched: notices of changes are lost in containers and on network drives.</remarks>
public sealed partial class PracticeWatch(
    IHealthGrains host, PracticeWatchOptions options, TimeProvider time, ILogger<PracticeWatch> logger) : BackgroundService
{
    private const string Actor = "practice folder";

    private readonly Dictionary<string, string> _seen = new(StringComparer.Ordinal);
    private string[] _gone = [];
    private bool _lost;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.IsOptional) Log.Watching(logger, options.Folder);
        using var timer = new PeriodicTimer(options.Every, time);
        do
        {
            try
            {
                await LookAsync(stoppingToken).ConfigureAwait(false);
                _lost = false;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or HostUnavailableException)
            {
                if (!_lost) Log.Unreadable(logger, options.Folder, fault.Message);
                _lost = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    /// <summary>Looks once, and brings the host's practice up to the folder.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (options.IsOptional && !Directory.Exists(options.Folder)) return;
        var files = PracticeFolder.Read(options.Folder).ToDictionary(file => file.Path, file => file.Content, StringComparer.Ordinal);
        var book = await host.Desks.GetPracticeAsync(cancellationToken).ConfigureAwait(false);
        var known = book.Files.ToDictionary(file => file.Path, file => file.Content, StringComparer.Ordinal);
        // What came with the product comes back where the folder no longer has its own.
        foreach (var (path, content) in options.Defaults)
            if (known.ContainsKey(path) && !files.ContainsKey(path)) files[path] = content;
        // Anything else that the folder gave, now or before the host was last started, and has no longer, is taken away.
        var gone = known.Keys.Where(path => !files.ContainsKey(path)).Order(StringComparer.Ordinal).ToArray();
        // What was refused once is not asked again, nor told again, until the folder changes.
        var with = files.Where(file => known.GetValueOrDefault(file.Key) != file.Value && _seen.GetValueOrDefault(file.Key) != file.Value)
            .Select(file => new PracticeFile(file.Key, file.Value)).ToArray();
        var without = with.Length == 0 && gone.SequenceEqual(_gone) ? [] : gone;
        if (with.Length + without.Length == 0) return;
        var change = await host.Desks.ChangePracticeAsync(new PracticeEdit(with, without), Actor, cancellationToken).ConfigureAwait(false);
        // Only now: what the host could not be asked is asked again.
        _seen.Clear();
        foreach (var (path, content) in files) _seen[path] = content;
        _gone = gone;
        foreach (var problem in change.Problems) Log.Refused(logger, problem.ToString());
        var taken = with.Length + without.Length - change.Refused.Count;
        if (taken > 0) Log.Taken(logger, taken, options.Folder);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The practice is kept as the files in {Folder} have it")]
        public static partial void Watching(ILogger logger, string folder);

        [LoggerMessage(LogLevel.Information, "{Count} files of the practice changed in {Folder}, and count from now on")]
        public static partial void Taken(ILogger logger, int count, string folder);

        [LoggerMessage(LogLevel.Warning, "A file of the practice has a mistake, and what it was before stays: {Problem}")]
        public static partial void Refused(ILogger logger, string problem);

        [LoggerMessage(LogLevel.Warning, "The practice in {Folder} could not be looked at, and stays as it is: {Reason}")]
        public static partial void Unreadable(ILogger logger, string folder, string reason);
    }
}

/// <summary>Which folder is watched.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="IsOptional">Whether it need not be there.</param>
/// <param name="Every">How often it is looked at.</param>
/// <param name="Defaults">The files that came with the product, by path: the folder need not have them.</param>
public sealed record PracticeWatchOptions(string Folder, bool IsOptional, TimeSpan Every, IReadOnlyDictionary<string, string> Defaults);
