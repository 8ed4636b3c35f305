using System.Globalization;

namespace HealthGrains.Embedded.Storage;

/// <summary>Keeps a second process out of the data directory. The system frees it when this process ends, however it ends.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private const string LockName = "healthgrains.lock";

    // The lock file itself cannot be read while it is held.
    private const string PidName = "healthgrains.pid";

    private readonly FileStream _file;
    private readonly string _pid;

    private DirectoryLock(FileStream file, string pid)
    {
        _file = file;
        _pid = pid;
    }

    public static DirectoryLock Take(string directory)
    {
        var path = Path.Combine(directory, LockName);
        var pid = Path.Combine(directory, PidName);
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new StorageException($"the data directory {directory} cannot be written: {fault.Message}", fault);
        }
        catch (IOException fault)
        {
            throw new StorageException($"another process uses {directory}{Holder(pid)}. Stop it, or choose another data directory", fault);
        }

        File.WriteAllText(pid, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new DirectoryLock(file, pid);
    }

    public void Dispose()
    {
        File.Delete(_pid);
        _file.Dispose();
    }

    private static string Holder(string path)
    {
        try
        {
            var text = File.ReadAllText(path);
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? $" (pid {pid})" : "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
