using System.Diagnostics;

namespace HealthGrains.Silo.Tests;

/// <summary>A local silo as a process of its own, for what only its environment can tell it.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private const string Serves = "It serves ";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly List<string> _said = [];

    private SiloProcess(Process process) => _process = process;

    public HttpClient Client { get; private init; } = new() { Timeout = Patience };

    public string Said
    {
        get
        {
            lock (_said) return string.Join('\n', _said);
        }
    }

    /// <summary>Starts it and waits until it serves.</summary>
    public static async Task<SiloProcess> StartAsync(params (string Name, string Value)[] environment)
    {
        var serving = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var silo = new SiloProcess(new Process { StartInfo = StartInfo(environment, "--local", "--urls", "http://127.0.0.1:0") });
        silo._process.EnableRaisingEvents = true;
        silo._process.Exited += (_, _) => serving.TrySetException(new InvalidOperationException($"it ended: {silo.Said}"));
        silo._process.ErrorDataReceived += (_, line) => silo.Hear(line.Data, serving);
        silo._process.Start();
        silo._process.BeginErrorReadLine();
        try
        {
            silo.Client.BaseAddress = new Uri(await serving.Task.WaitAsync(Patience));
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs one that does not come to serve, and returns how it ended.</summary>
    public static async Task<(int Code, string Said)> RunAsync((string Name, string Value)[] environment, params string[] args)
    {
        using var process = Process.Start(StartInfo(environment, args))!;
        var said = await process.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, said);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo((string Name, string Value)[] environment, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "healthgrains-silo.dll"), .. args])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return start;
    }

    private void Hear(string? line, TaskCompletionSource<string> serving)
    {
        if (line is null) return;
        lock (_said) _said.Add(line);
        var at = line.IndexOf(Serves, StringComparison.Ordinal);
        if (at >= 0) serving.TrySetResult(line[(at + Serves.Length)..].Split(';')[0]);
    }
}
