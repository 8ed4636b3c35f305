using System.Text;
using HealthGrains.Hosting;

namespace HealthGrains.Intake.Tests;

/// <summary>A host's memory for tests: identities, accounts and names in dictionaries, and a fixed now.</summary>
internal sealed class Fixture : IIdentities, INames
{
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public Dictionary<(string Source, string Id), string> Links { get; } = [];
    public HashSet<string> Accounts { get; } = [];
    public Dictionary<uint, string> Known { get; } = [];
    public IntakeBatch Batch { get; } = new();

    public IntakeContext Context => field ??= new IntakeContext
    {
        Now = Now,
        Keys = TenantKeys.Repeatable,
        Identities = this,
        Names = this,
        Accounts = new Utf8StringPool(1024),
    };

    public string? Find(string source, ReadOnlySpan<char> externalId) => Links.GetValueOrDefault((source, externalId.ToString()));
    public bool AccountExists(ReadOnlySpan<char> id) => Accounts.Contains(id.ToString());
    public bool Contains(uint id) => Known.ContainsKey(id);
    public string Text(uint id) => Known.GetValueOrDefault(id, $"{id:x8}");

    public IntakeBatch Read(WireFormat format, string body, BodyShape shape = BodyShape.Detect) =>
        Read(format, Encoding.UTF8.GetBytes(body), shape);

    public IntakeBatch Read(WireFormat format, byte[] body, BodyShape shape = BodyShape.Detect)
    {
        Batch.Clear();
        IntakeReader.Read(format, body, Context, Batch, shape);
        return Batch;
    }

    public IntakeBatch Native(string body, BodyShape shape = BodyShape.Detect) => Read(WireFormat.Native, body, shape);

    /// <summary>The one error of a body with one bad event.</summary>
    public IntakeError ErrorOf(WireFormat format, string body)
    {
        var batch = Read(format, body);
        Assert.Equal((0, 1), (batch.Count, batch.Rejected));
        return Assert.Single(batch.Errors);
    }

    public static long Ms(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture)
        .ToUnixTimeMilliseconds();
}
