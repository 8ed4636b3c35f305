using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;

namespace HealthGrains.Api.Dashboard;

/// <summary>A file of the dashboard, as it is and packed.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Bytes">As it is.</param>
/// <param name="Packed">With gzip; null where that gains nothing.</param>
internal sealed record DashboardFile(string ContentType, ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte>? Packed);

/// <summary>The dashboard as it was built into this assembly; empty where there was no Node when it was built.</summary>
internal static class DashboardFiles
{
    private const string Folder = "dashboard/";

    private static readonly Lazy<FrozenDictionary<string, DashboardFile>> Files = new(Load);

    /// <summary>Whether there is a dashboard.</summary>
    public static bool ArePresent => Find("index.html") is not null;

    /// <summary>A file by its path, such as <c>assets/index-1a2b.js</c>; null when there is none.</summary>
    public static DashboardFile? Find(string path) => Files.Value.GetValueOrDefault(path);

    private static FrozenDictionary<string, DashboardFile> Load()
    {
        var assembly = typeof(DashboardFiles).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Folder.Length..].Replace('\\', '/'), name => Read(assembly, name), StringComparer.Ordinal);
    }

    private static DashboardFile Read(Assembly assembly, string name)
    {
        using var resource = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) gzip.Write(bytes);
        return new DashboardFile(ContentTypeOf(name), bytes, packed.Length < bytes.Length * 9 / 10 ? packed.ToArray() : null);
    }

    private static string ContentTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".ico" => "image/x-icon",
        ".json" or ".map" => "application/json; charset=utf-8",
        ".txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
}
