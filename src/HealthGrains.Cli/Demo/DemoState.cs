using System.Text.Json;
using System.Text.Json.Serialization;
using HealthGrains.Simulation;

namespace HealthGrains.Cli.Demo;

/// <summary>Which company a data directory holds, and up to which moment its events have been delivered.</summary>
internal sealed record DemoState(ulong Seed, int Accounts, int Days, DateTimeOffset DeliveredUntil)
{
    private const string FileName = "demo.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };

    public static DemoState? Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize<DemoState>(File.ReadAllBytes(path), Json) ?? throw new JsonException("empty");
        }
        catch (JsonException error)
        {
            throw new Refusal($"{path} is damaged ({error.Message.TrimEnd('.')}); start over with --fresh");
        }
    }

    /// <summary>Replaces the file in one step: a crash leaves the old one or the new one.</summary>
    public void Write(string directory)
    {
        var path = Path.Combine(directory, FileName);
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(this, Json));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>
    /// The state to go on from: what the directory holds, or a new one. Refuses to mix two companies, and to take over a
    /// directory that holds something else.
    /// </summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="asked">What the command line asks for.</param>
    /// <param name="explicitly">Whether it asked so in as many words, or only by default.</param>
    /// <param name="fresh">Whether to begin again.</param>
    public static DemoState Open(string directory, CompanySettings asked, bool explicitly, bool fresh)
    {
        var isThere = Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any();
        var state = fresh ? null : Read(directory);
        if (isThere && !File.Exists(Path.Combine(directory, FileName)))
            throw new Refusal($"{directory} holds something that is not a demo; choose another directory with --data", CommandLine.Usage);
        if (fresh && isThere) Directory.Delete(directory, recursive: true);
        if (state is not null)
        {
            if (!explicitly || (state.Seed == asked.Seed && state.Accounts == asked.Accounts && state.Days == asked.Days)) return state;
            throw new Refusal(
                $"{directory} holds the company of --seed {state.Seed} --accounts {state.Accounts} --days {state.Days}; "
                + "go on with that, start over with --fresh, or choose another directory with --data", CommandLine.Usage);
        }
        Directory.CreateDirectory(directory);
        state = new DemoState(asked.Seed, asked.Accounts, asked.Days, DateTimeOffset.MinValue);
        state.Write(directory);
        return state;
    }
}
