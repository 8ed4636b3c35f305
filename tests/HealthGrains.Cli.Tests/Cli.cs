using System.Text;
using System.Threading.Channels;
using HealthGrains.Cli.Output;

namespace HealthGrains.Cli.Tests;

/// <summary>Runs commands within the test process, with captured output.</summary>
internal sealed class Cli : IDisposable
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringWriter _out = new();
    private readonly LineWriter _error;

    public Cli() => _error = new LineWriter(_lines.Writer);

    /// <summary>A directory of the test's own.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("healthgrains-cli-").FullName;

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public string Path(string name) => System.IO.Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(Path(name), text);
        return Path(name);
    }

    public Task<int> RunAsync(params string[] args) => RunAsync([], CancellationToken.None, args);

    public Task<int> RunAsync(byte[] input, CancellationToken cancellationToken, params string[] args)
    {
        _out.GetStringBuilder().Clear();
        return CommandLine.RunAsync(args, new Terminal(_out, _error, new MemoryStream(input), interactive: false), cancellationToken);
    }

    /// <summary>Waits for a line on standard error that contains a text; fails at once when the command ends without it.</summary>
    public async Task<string> LineAsync(string part, Task<int> running)
    {
        while (true)
        {
            var next = _lines.Reader.ReadAsync().AsTask();
            if (await Task.WhenAny(next, running) == running && !next.IsCompleted)
                throw new InvalidOperationException($"ended with {await running} and without '{part}':\n{Error}");
            var line = await next;
            if (line.Contains(part, StringComparison.Ordinal)) return line;
        }
    }

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private sealed class LineWriter(ChannelWriter<string> lines) : TextWriter
    {
        private readonly Lock _gate = new();
        private readonly StringBuilder _all = new();
        private readonly StringBuilder _line = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            lock (_gate)
            {
                _all.Append(value);
                if (value != '\n')
                {
                    _line.Append(value);
                    return;
                }
                lines.TryWrite(_line.ToString());
                _line.Clear();
            }
        }

        public override void Write(string? value)
        {
            lock (_gate)
                foreach (var c in value ?? "") Write(c);
        }

        public override void WriteLine(string? value)
        {
            lock (_gate) Write(value + "\n");
        }

        public override string ToString()
        {
            lock (_gate) return _all.ToString();
        }
    }
}
