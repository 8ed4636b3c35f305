using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Embedded.Storage;

/// <content>Where signals can be seen in their own system.</content>
internal sealed partial class Archive
{
    private const int MostEvidence = 1_000;

    /// <summary>Of these accounts, newest first.</summary>
    public Task<IReadOnlyList<EvidenceView>> Evidence(
        IReadOnlyList<(int Number, string Id)> accounts, DateTimeOffset since, CancellationToken cancellationToken) => Read(connection =>
    {
        using var read = new Statement(
            connection.Handle!, "SELECT at, kind, url FROM evidence WHERE account = ?1 AND at >= ?2 ORDER BY at DESC LIMIT ?3");
        var found = new List<EvidenceView>();
        foreach (var (number, id) in accounts)
        {
            read.Bind(1, number).Bind(2, since.ToUnixTimeMilliseconds()).Bind(3, MostEvidence);
            while (read.Step())
                found.Add(EvidenceView.Of(new EvidenceLink(id, (SignalKind)read.Int(1), read.Long(0), read.Text(2))));
            read.Reset();
        }

        return (IReadOnlyList<EvidenceView>)[.. found.OrderByDescending(one => one.At).Take(MostEvidence)];
    }, cancellationToken);
}
