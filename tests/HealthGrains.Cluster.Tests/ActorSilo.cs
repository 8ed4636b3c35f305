using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace HealthGrains.Cluster.Tests;

/// <summary>A silo with the tests' own actor, as a process of its own.</summary>
internal sealed class ActorSilo : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<int>> _asked = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private int _orders;

    private ActorSilo(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, said) => Hear(said.Data);
        _process.BeginOutputReadLine();
    }

    public static async Task<ActorSilo> StartAsync(string database)
    {
        var identity = PostgresServer.TestIdentity;
        var silo = new ActorSilo(new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "HealthGrains.ActorChild.dll"), database, identity.ClusterId, identity.ServiceId,
                Ports.Free().ToString(CultureInfo.InvariantCulture), Ports.Free().ToString(CultureInfo.InvariantCulture),
            },
        });
        try
        {
            await silo._ready.Task.WaitAsync(Patience);
            return silo;
        }
        catch
        {
            silo.Dispose();
            throw;
        }
    }

    /// <summary>Gives an order about a timer, and returns how many steps that has taken.</summary>
    public Task<int> AskAsync(string order)
    {
        var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _asked[++_orders] = answer;
            _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_orders} {order}"));
            _process.StandardInput.Flush();
        }
        return answer.Task.WaitAsync(Patience);
    }

    /// <summary>Ends it at once, as kill -9 does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null) _ready.TrySetException(new InvalidOperationException("the silo ended before it was ready"));
        else if (line == "ready") _ready.TrySetResult();
        else if (line.Split(' ') is [var number, var taken]
            && _asked.TryRemove(int.Parse(number, CultureInfo.InvariantCulture), out var asked))
            asked.TrySetResult(int.Parse(taken, CultureInfo.InvariantCulture));
    }
}
