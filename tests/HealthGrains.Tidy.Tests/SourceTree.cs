namespace HealthGrains.Tidy.Tests;

/// <summary>A text file of the tree. Paths are relative to the root, with forward slashes.</summary>
public sealed record SourceFile(string Path, string Text)
{
    public string[] Lines { get; } = Text.Split('\n');

    public string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');

    public string Name => System.IO.Path.GetFileName(Path);

    public bool IsUnder(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);
}

/// <summary>The tree as it is on disk: also what is not committed yet, never what a build left behind.</summary>
public static class SourceTree
{
    private static readonly string[] NotOurs =
    [
        ".git", "bin", "obj", "node_modules", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts", "healthgrains-data", "data", "dist",
    ];

    private static readonly string[] TextEndings =
    [
        ".cs", ".csproj", ".props", ".targets", ".slnf", ".json", ".md", ".sh", ".yml", ".yaml", ".ts", ".css", ".html", ".sql", ".config",
    ];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Files { get; } = Read();

    public static IEnumerable<SourceFile> Code => Files.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal));

    public static IEnumerable<SourceFile> Projects => Files.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal));

    public static IEnumerable<string> Folders =>
        Files.Select(file => file.Folder).Where(folder => folder.Length > 0).Distinct(StringComparer.Ordinal);

    public static SourceFile File(string path) => Files.Single(file => file.Path == path);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "HealthGrains.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("no HealthGrains.sln above the tests: run them where they were built");
    }

    private static List<SourceFile> Read()
    {
        var files = new List<SourceFile>();
        Walk(new DirectoryInfo(Root), files);
        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return files;
    }

    private static void Walk(DirectoryInfo folder, List<SourceFile> files)
    {
        foreach (var file in folder.EnumerateFiles())
        {
            var isText = TextEndings.Contains(file.Extension, StringComparer.Ordinal) || (folder.Name == ".ci" && file.Extension == "");
            if (!isText) continue;
            var path = Path.GetRelativePath(Root, file.FullName).Replace('\\', '/');
            files.Add(new SourceFile(path, System.IO.File.ReadAllText(file.FullName).Replace("\r\n", "\n", StringComparison.Ordinal)));
        }
        foreach (var inner in folder.EnumerateDirectories())
            if (!NotOurs.Contains(inner.Name, StringComparer.Ordinal)) Walk(inner, files);
    }
}
