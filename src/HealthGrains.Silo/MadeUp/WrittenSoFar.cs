using HealthGrains.Kafka;

namespace HealthGrains.Silo.MadeUp;

/// <summary>What the log has of a made-up company already.</summary>
/// <param name="Company">The company whose events are there; null when there are none.</param>
/// <param name="Day">The day that was being written; all days before it are there whole.</param>
/// <param name="Ids">The ids of that day that are there.</param>
/// <param name="IsCut">Whether the log's oldest messages have been deleted.</param>
internal sealed record WrittenSoFar(MadeUpCompany? Company, int Day, IReadOnlySet<string> Ids, bool IsCut)
{
    /// <summary>
    /// Looks at the ends of all partitions. A day is written only when the one before is acknowledged, so the latest day found is the one
    /// that was being written; which of its events are there, their ids tell, whatever partition they came to.
    /// </summary>
    public static WrittenSoFar Read(KafkaOptions options, CancellationToken cancellationToken)
    {
        using var tail = new LogTail(options);
        var partitions = options.SourceTopics.SelectMany(tail.Partitions).ToArray();
        IEnumerable<IReadOnlyList<EventMark>> Back(LogPartition partition) => tail.Back(partition, EventMark.Header, cancellationToken)
            .Select(IReadOnlyList<EventMark> (piece) => [.. piece.Select(EventMark.Read).OfType<EventMark>()]);

        var last = partitions
            .Select(one => Back(one.Partition).FirstOrDefault(piece => piece.Count > 0)?[^1]).OfType<EventMark>().ToArray();
        var isCut = partitions.Any(one => one.IsCut);
        if (last.Length == 0) return new WrittenSoFar(null, 0, new HashSet<string>(), isCut);
        var (company, day) = (last[0].Company, last.Max(mark => mark.Day));
        if (last.FirstOrDefault(mark => mark.Company != company) is { } other)
            throw new Refusal($"the log holds two made-up companies, {Tell(company)} and {Tell(other.Company)}; make its topics anew");
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (partition, _) in partitions)
            foreach (var piece in Back(partition))
            {
                foreach (var mark in piece.Where(mark => mark.Day == day)) ids.Add(mark.Id);
                if (piece.Any(mark => mark.Day < day)) break;
            }
        return new WrittenSoFar(company, day, ids, isCut);
    }

    public static string Tell(MadeUpCompany company) =>
        FormattableString.Invariant($"{company.Accounts} accounts of seed {company.Seed} since {company.Start:yyyy-MM-dd}");
}
