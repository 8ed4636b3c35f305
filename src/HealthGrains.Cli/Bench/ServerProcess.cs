using System.Diagnostics;
using System.Globalization;

namespace HealthGrains.Cli.Bench;

/// <summary>A server in a process of its own, as a company would run it: what it takes in memory is its own; it can be killed.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly List<string> _said = [];
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process) => _process = process;

    public string Address => _address.Task.Result;

    /// <summary>Bytes of memory that it occupies.</summary>
    public long Resident
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts <c>serve</c>, and returns when it listens: it does so when it has its accounts.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="checkpointSignals">Signals between checkpoints; null for the rule.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ServerProcess> StartAsync(string data, int? checkpointSignals, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Self(out var library)) { RedirectStandardError = true, UseShellExecute = false };
        if (library is not null) start.ArgumentList.Add(library);
        foreach (var argument in (string[])["serve", "--data", data, "--urls", "http://127.0.0.1:0"]) start.ArgumentList.Add(argument);
        if (checkpointSignals is { } signals)
        {
            start.ArgumentList.Add("--checkpoint-signals");
            start.ArgumentList.Add(signals.ToString(CultureInfo.InvariantCulture));
        }
        var server = new ServerProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        server._process.ErrorDataReceived += (_, line) => server.Heard(line.Data);
        server._process.Exited += (_, _) => server._address.TrySetException(new Refusal("the server ended: " + server.Words()));
        server._process.Start();
        server._process.BeginErrorReadLine();
        try
        {
            await server._address.Task.WaitAsync(Patience, TimeProvider.System, cancellationToken);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>SIGKILL: nothing is finished, nothing is said.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    public void Dispose()
    {
        // A process that never started, or is gone, has nothing to kill.
        try
        {
            _process.Kill();
            _process.WaitForExit(TimeSpan.FromSeconds(10));
        }
        catch (InvalidOperationException)
        {
        }
        _process.Dispose();
    }

    /// <summary>What runs this program: itself, or the runtime that was given its library.</summary>
    private static string Self(out string? library)
    {
        library = null;
        var path = Environment.ProcessPath;
        var name = Path.GetFileNameWithoutExtension(path);
        if (path is not null && name == "healthgrains") return path;
        library = Path.Combine(AppContext.BaseDirectory, "healthgrains.dll");
        return path is not null && name == "dotnet" ? path : "dotnet";
    }

    private void Heard(string? line)
    {
        if (line is null) return;
        lock (_said) _said.Add(line);
        const string sign = "HealthGrains serves ";
        if (line.StartsWith(sign, StringComparison.Ordinal)) _address.TrySetResult(line[sign.Length..].Split(' ')[0]);
    }

    private string Words()
    {
        lock (_said) return string.Join(" ", _said.TakeLast(3));
    }
}
