using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace HealthGrains.Cluster.Tests;

/// <summary>A node of a cluster, as a process of its own.</summary>
internal sealed class Node : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<string> _said = [];

    private Node(Process process, string address)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = new Uri(address), Timeout = Patience };
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Client { get; }

    /// <summary>Bytes of memory that it occupies.</summary>
    public long Resident
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public string Said
    {
        get
        {
            lock (_said) return string.Join('\n', _said);
        }
    }

    /// <summary>Starts a node and waits until it is ready. A setting <c>Build</c> names the folder of another build.</summary>
    public static async Task<Node> StartAsync(string database, params (string Name, string Value)[] settings)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}");
        var start = StartInfo(database, address, settings);
        var node = new Node(Process.Start(start)!, address);
        try
        {
            await node.ReadyAsync();
            return node;
        }
        catch
        {
            node.Dispose();
            throw;
        }
    }

    /// <summary>Starts a node that cannot start, and returns how it ended and what it said.</summary>
    public static Task<(int Code, string Said)> RefusedAsync(string database, params (string Name, string Value)[] settings) =>
        EndAsync(StartInfo(database, "http://127.0.0.1:0", settings));

    /// <summary>Does something with the database, as an operator does: <c>db init</c>, <c>check</c> or <c>upgrade</c>.</summary>
    public static Task<(int Code, string Said)> DatabaseAsync(string verb, string database, params (string Name, string Value)[] settings)
    {
        var start = StartInfo(database, "http://127.0.0.1:0", settings);
        var program = start.ArgumentList[0];
        start.ArgumentList.Clear();
        foreach (var argument in (string[])[program, "db", verb]) start.ArgumentList.Add(argument);
        return EndAsync(start);
    }

    private static async Task<(int Code, string Said)> EndAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        try
        {
            var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync())
                .WaitAsync(Patience);
            await process.WaitForExitAsync().WaitAsync(Patience);
            return (process.ExitCode, string.Concat(said));
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    /// <summary>Ends it at once, as kill -9 does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>Asks it to stop, as an orchestrator does, and returns its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        if (Signal(_process.Id, 15) != 0) throw new InvalidOperationException($"the node had ended: {Said}");
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string database, string address, (string Name, string Value)[] settings)
    {
        var build = settings.FirstOrDefault(setting => setting.Name == "Build").Value ?? AppContext.BaseDirectory;
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { Path.Combine(build, "healthgrains-silo.dll"), "--urls", address },
        };
        foreach (var (name, value) in ((string, string)[])[
            ("Database", database), ("AdvertisedAddress", "127.0.0.1"), ("ProbeTimeout", "00:00:01"),
            ("SiloPort", Ports.Free().ToString(CultureInfo.InvariantCulture)),
            ("GatewayPort", Ports.Free().ToString(CultureInfo.InvariantCulture)), .. settings])
            start.Environment[$"HealthGrains__{name}"] = value;
        return start;
    }

    private async Task ReadyAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException($"the node ended with {_process.ExitCode}: {Said}");
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new InvalidOperationException($"the node was not ready within {Patience}: {Said}");
            try
            {
                if ((await Client.GetAsync("health/ready")).IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private void Hear(string? line)
    {
        if (line is null) return;
        lock (_said) _said.Add(line);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Signal(int process, int signal);
}
