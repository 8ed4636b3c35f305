using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HealthGrains.Grains.Postgres;

/// <summary>
/// One step from a version of the schema to the next. Steps only add: silos of the build before run on while it is taken, and after.
/// </summary>
/// <param name="Version">1, 2, 3 ...</param>
/// <param name="Name">What it is about.</param>
/// <param name="Text">The statements.</param>
internal sealed record Migration(int Version, string Name, string Text)
{
    private const string Prefix = "schema/";

    /// <summary>
    /// The first line of a step that cannot run in a transaction, such as CREATE INDEX CONCURRENTLY. Such a step is one statement, and
    /// one that may be tried again.
    /// </summary>
    private const string Alone = "-- outside a transaction";

    /// <summary>The steps that this build knows, in order.</summary>
    public static IReadOnlyList<Migration> All { get; } = Read();

    public bool InTransaction => !Text.StartsWith(Alone, StringComparison.Ordinal);

    /// <summary>Tells whether a step that was taken is the one that this build knows.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)).AsSpan(0, 16));

    private static Migration[] Read()
    {
        var assembly = typeof(Migration).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(resource =>
            {
                using var text = new StreamReader(assembly.GetManifestResourceStream(resource)!);
                var name = Path.GetFileNameWithoutExtension(resource[Prefix.Length..]);
                var version = int.Parse(name.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture);
                return new Migration(version, name[5..], text.ReadToEnd().ReplaceLineEndings("\n"));
            })
            .OrderBy(migration => migration.Version)];
    }
}
