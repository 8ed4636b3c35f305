using System.Globalization;
using System.Text;

namespace HealthGrains.Embedded.Storage;

/// <summary>Keeps a second process out of the data directory. The operating system frees it when this process ends, however it ends.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private const string FileName = "healthgrains.lock";

    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    public static DirectoryLock Take(string directory)
    {
        var path = Path.Combine(directory, FileName);
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
            throw new StorageException($"another process uses {directory}{Holder(path)}. Stop it, or choose another data directory", fault);
        }

        file.SetLength(0);
        file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        file.Flush();
        return new DirectoryLock(file);
    }

    public void Dispose() => _file.Dispose();

    private static string Holder(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            return int.TryParse(reader.ReadToEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? $" (pid {pid})" : "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
