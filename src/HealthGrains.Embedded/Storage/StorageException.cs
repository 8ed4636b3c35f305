using SQLitePCL;

namespace HealthGrains.Embedded.Storage;

/// <summary>The data could not be read or written. The message says what happened and what to do.</summary>
public sealed class StorageException : Exception
{
    /// <summary>A failure in words.</summary>
    public StorageException(string message, Exception? inner = null) : base(message, inner)
    {
    }

    /// <summary>Data that contradicts its checksum or its form.</summary>
    internal static StorageException Damaged(string what) => new(
        $"the data is damaged: {what}. Restore the directory from a backup, or move it away to begin with an empty one; "
        + "nothing was changed");

    internal static StorageException From(sqlite3 db, int code)
    {
        var said = raw.sqlite3_errmsg(db).utf8_to_string();
        return (code & 0xff) switch
        {
            raw.SQLITE_FULL => new($"the disk is full ({said}). Free some space and start again; what was acknowledged is safe"),
            raw.SQLITE_IOERR => new($"the disk failed ({said}). Check the disk and start again; what was acknowledged is safe"),
            raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_CANTOPEN or raw.SQLITE_AUTH =>
                new($"the data cannot be written ({said}). Give the user that runs this process write access to the directory"),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
                new($"another program holds healthgrains.db ({said}). Close it and start again"),
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => Damaged(said),
            _ => new($"SQLite answered {code}: {said}"),
        };
    }
}
