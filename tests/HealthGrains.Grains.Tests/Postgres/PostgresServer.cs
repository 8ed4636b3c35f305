using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
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

    private readonly string _data;

    private PostgresServer()
    {
        _data = Path.Combine(Path.GetTempPath(), $"healthgrains-postgres-{Environment.ProcessId}");
        var passwordFile = Path.GetTempFileName();
        File.WriteAllText(passwordFile, Password);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(passwordFile, File.GetUnixFileMode(passwordFile) | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Run("initdb", "-D", _data, "-U", "owner", "-A", "scram-sha-256", $"--pwfile={passwordFile}", "-E", "UTF8", "--locale=C", "-N");
        File.Delete(passwordFile);
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop();
        // What is tested is not whether a disk keeps what it says it keeps.
        Start();
        using var database = PostgresSource.Create(ConnectionString("postgres"));
        Execute(database, "CREATE DATABASE template_healthgrains");
        using (var template = PostgresSource.Create(ConnectionString("template_healthgrains")))
        {
            new DatabaseSetup(template, TimeProvider.System).InitAsync(TestIdentity, CancellationToken.None).GetAwaiter().GetResult();
            template.Clear();
        }
    }

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

    public static void Execute(NpgsqlDataSource database, string sql)
    {
        using var command = database.CreateCommand(sql);
        command.ExecuteNonQuery();
    }

    /// <summary>Starts it, or starts it again.</summary>
    public void Start() => Run("pg_ctl", "-D", _data, "-w", "-l", Path.Combine(_data, "log"), "-o",
        $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=200", "start");

    /// <summary>Stops it as a crash does.</summary>
    public void Crash() => Run("pg_ctl", "-D", _data, "-m", "immediate", "stop");

    private void Stop()
    {
        Crash();
        Directory.Delete(_data, recursive: true);
    }

    private static void Run(string program, params string[] arguments)
    {
        var asRoot = Environment.UserName == "root";
        var start = new ProcessStartInfo(asRoot ? "runuser" : Path.Combine(Programs.Value!, program))
        {
            WorkingDirectory = Path.GetTempPath(),
        };
        if (asRoot)
            foreach (var argument in (string[])["-u", "postgres", "--", Path.Combine(Programs.Value!, program)]) start.ArgumentList.Add(argument);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
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
