using System.Diagnostics;
using System.Globalization;
using HealthGrains.Grains.Postgres;
using Npgsql;

namespace HealthGrains.Grains.Tests.Postgres;

/// <summary>
/// A PostgreSQL of the tests' own, started when its programs are at hand, on a free port with its data in a temporary folder. It
/// refuses to run as root, so then it runs as the user that its package made. Each test gets a database of its own.
/// </summary>
internal sealed class PostgresServer
{
    public const string Password = "tests only";

    private static readonly Lazy<string?> Programs = new(FindPrograms);
    private static readonly Lazy<PostgresServer> Running = new(() => new PostgresServer());
    private static int _databases;

    // Lives as long as somebody holds its input open, so that nothing is left behind however the tests end.
    private const string Script = """
        data=$(mktemp -d) && log="$data/log" || exit 1
        password="$data/password"
        echo "$3" > "$password"
        start() {
            "$1/pg_ctl" -D "$data/db" -w -l "$log" -o "-p $2 -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
                -c fsync=$4 -c max_connections=200" start > /dev/null 2>&1 && echo ready || cat "$log"
        }
        "$1/initdb" -D "$data/db" -U owner -A scram-sha-256 --pwfile="$password" -E UTF8 --locale=C -N > "$log" 2>&1 || cat "$log"
        start "$1" "$2" "$3" "$4"
        while read -r word; do
            case "$word" in
                crash) "$1/pg_ctl" -D "$data/db" -m immediate stop > /dev/null 2>&1; echo crashed ;;
                start) start "$1" "$2" "$3" "$4" ;;
            esac
        done
        "$1/pg_ctl" -D "$data/db" -m immediate stop > /dev/null 2>&1
        rm -rf "$data"
        """;

    // Never closed by us: its end is the server's.
    private readonly Process _server;

    private PostgresServer()
    {
        Port = Ports.Free();
        var start = new ProcessStartInfo("sh") { WorkingDirectory = Path.GetTempPath() };
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        if (Environment.UserName == "root")
        {
            start.FileName = "runuser";
            foreach (var argument in (string[])["-u", "postgres", "--", "sh"]) start.ArgumentList.Add(argument);
        }
        var port = Port.ToString(CultureInfo.InvariantCulture);
        foreach (var argument in (string[])["-c", Script, "sh", Programs.Value!, port, Password, WaitsForDisk ? "on" : "off"]) start.ArgumentList.Add(argument);
        _server = Process.Start(start) ?? throw new InvalidOperationException("sh did not start");
        if (_server.StandardOutput.ReadLine() is not "ready")
        {
            _server.StandardInput.Close();
            throw new InvalidOperationException($"PostgreSQL did not start: {_server.StandardOutput.ReadToEnd()}");
        }
        using var database = PostgresSource.Create(ConnectionString("postgres"));
        Execute(database, "CREATE DATABASE template_healthgrains");
        using var template = PostgresSource.Create(ConnectionString("template_healthgrains"));
        new DatabaseSetup(template, TimeProvider.System).InitAsync(TestIdentity, CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>
    /// Whether it waits for its disk; said before it is first used. Tests do not ask whether a disk keeps what it says it keeps.
    /// </summary>
    public static bool WaitsForDisk { get; set; }

    public static ClusterIdentity TestIdentity { get; } = new("default", "tests", "healthgrains");

    /// <summary>Why there is none; null when there is one.</summary>
    public static string? Missing => Programs.Value is null
        ? "PostgreSQL's programs (initdb, pg_ctl, postgres) are not at hand: install PostgreSQL to run this test" : null;

    public static PostgresServer Instance => Running.Value;

    public int Port { get; }

    public string ConnectionString(string database, string user = "owner", string password = Password) =>
        $"Host=127.0.0.1;Port={Port};Database={database};Username={user};Password={password};Maximum Pool Size=20;Include Error Detail=true";

    /// <summary>A database that is set up.</summary>
    public NpgsqlDataSource NewDatabase() => PostgresSource.Create(ConnectionString(NewName(" TEMPLATE template_healthgrains")));

    /// <summary>The name of an empty database.</summary>
    public string NewName(string template = "")
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref _databases)}");
        using var database = PostgresSource.Create(ConnectionString("postgres"));
        lock (Running) Execute(database, $"CREATE DATABASE {name}{template}");
        return name;
    }

    /// <summary>Saves a database to a file, as an operator does, while it is used.</summary>
    public string Dump(string database)
    {
        var file = Path.GetTempFileName();
        RunProgram(
            "pg_dump", "-Fc", "--schema=healthgrains", "--exclude-table-data=healthgrains.membership", "-f", file, "-d", database);
        return file;
    }

    /// <summary>The name of a new database that holds what was saved to the file, which goes.</summary>
    public string Restored(string file)
    {
        var name = NewName(" TEMPLATE template0");
        RunProgram("pg_restore", "--no-owner", "-d", name, file);
        File.Delete(file);
        return name;
    }

    private void RunProgram(string program, params string[] arguments)
    {
        var port = Port.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(Path.Combine(Programs.Value!, program), ["-h", "127.0.0.1", "-p", port, "-U", "owner", .. arguments])
        {
            RedirectStandardError = true,
        };
        start.Environment["PGPASSWORD"] = Password;
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {said}");
    }

    /// <summary>Stops it as a crash does.</summary>
    public void Crash() => Tell("crash", "crashed");

    /// <summary>Starts it again.</summary>
    public void Start() => Tell("start", "ready");

    private void Tell(string word, string answer)
    {
        _server.StandardInput.WriteLine(word);
        if (_server.StandardOutput.ReadLine() is var said && said != answer)
            throw new InvalidOperationException($"PostgreSQL was told to {word} and said: {said}");
    }

    public static void Execute(NpgsqlDataSource database, string sql)
    {
        using var command = database.CreateCommand(sql);
        command.ExecuteNonQuery();
    }

    private static string? FindPrograms()
    {
        if (OperatingSystem.IsWindows()) return null;
        var packaged = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(folder => Path.Combine(folder, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var found = packaged.Concat(path).FirstOrDefault(folder => folder.Length > 0
            && ((string[])["initdb", "pg_ctl", "postgres"]).All(program => File.Exists(Path.Combine(folder, program))));
        // Root needs another user to run it.
        return Environment.UserName != "root" || HasUser("postgres") ? found : null;
    }

    private static bool HasUser(string name) =>
        File.Exists("/etc/passwd") && File.ReadLines("/etc/passwd").Any(line => line.StartsWith($"{name}:", StringComparison.Ordinal));
}
