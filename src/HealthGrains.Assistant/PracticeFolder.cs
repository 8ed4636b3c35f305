using HealthGrains.Plays.Files;

namespace HealthGrains.Assistant;

/// <summary>A practice as a folder on disk; what lies in which folder says <see cref="PracticeFolders"/>.</summary>
public static class PracticeFolder
{
    /// <summary>Where the schemas lie that the files name, for editors.</summary>
    public const string Schemas = "schemas";

    /// <summary>
    /// The files of a practice, by path. What begins with a dot, the schemas, and what lies beside the folders and is no JSON (a README) is
    /// not part of it. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> where it cannot be read.
    /// </summary>
    public static IReadOnlyList<PracticeFile> Read(string directory) =>
    [
        .. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Select(path => (Full: path, Path: Path.GetRelativePath(directory, path).Replace('\\', '/')))
            .Where(file => IsPart(file.Path)).OrderBy(file => file.Path, StringComparer.Ordinal)
            .Select(file => new PracticeFile(file.Path, File.ReadAllText(file.Full))),
    ];

    /// <summary>Whether a file is part of a practice, by its path within.</summary>
    public static bool IsPart(string path)
    {
        var parts = path.Split('/');
        if (parts.Any(part => part.StartsWith('.') || part.EndsWith('~')) || parts[0] == Schemas) return false;
        return path.EndsWith(".json", StringComparison.Ordinal) || path.EndsWith(".hbs", StringComparison.Ordinal)
            || PracticeFolders.All.Contains(parts[0]);
    }

    /// <summary>Writes files and the schemas into a directory; a file that is there already is left as it is and counted as kept.</summary>
    public static (int Written, int Kept) Write(string directory, IEnumerable<PracticeFile> files)
    {
        var (written, kept) = (0, 0);
        foreach (var file in files.Concat(PracticeSchema.All.Select(schema => schema with { Path = $"{Schemas}/{schema.Path}" })))
        {
            var path = Path.Combine(directory, file.Path.Replace('/', Path.DirectorySeparatorChar));
            if (File.Exists(path))
            {
                kept++;
                continue;
            }
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, file.Content);
            written++;
        }
        return (written, kept);
    }
}
