using System.Globalization;
using HealthGrains.Accounts;
using HealthGrains.Delivery;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Signals;

namespace HealthGrains.Tenants;

/// <summary>What a count of the whole tenant leaves.</summary>
/// <param name="Pulse">What is known from now on.</param>
/// <param name="Changed">Sources that fell silent for all, or are back.</param>
/// <param name="Dispatches">What is to leave the house: ids are stable, so that one that is written twice goes once.</param>
/// <param name="Audit">What was found, each with a key that is the same in every replay.</param>
/// <param name="TouchesScores">Whether it moves the score of accounts, so that all of them should be looked at.</param>
public sealed record TenantTurn(
    TenantPulse Pulse, IReadOnlyList<SourceView> Changed, IReadOnlyList<Dispatch> Dispatches,
    IReadOnlyList<(string Key, AuditView Entry)> Audit, bool TouchesScores);

/// <summary>
/// The turns of a tenant as a whole: a count over all accounts is closed, and a connection that broke is told once, to those who can mend
/// it, where five hundred accounts would have been told to be silent.
/// </summary>
public static class TenantTurns
{
    /// <summary>Whom the tenant's own dispatches and entries of the audit are about: no account has that id.</summary>
    public const string Subject = "#tenant";

    private const string Prefix = "tenant";

    /// <summary>Closes a count.</summary>
    public static TenantTurn Close(TenantCount count, TenantFacts before, Policy.HealthPolicy policy, Practice practice)
    {
        var pulse = count.Close(before.Pulse, policy.Connector);
        var changed = new List<SourceView>();
        var dispatches = new List<Dispatch>();
        var audit = new List<(string, AuditView)>();
        for (var source = SignalSource.Usage; source <= SignalSource.Crm; source++)
        {
            var (was, now) = (before.Pulse.Of(source).Open, pulse.Of(source).Open);
            if ((was is null) == (now is null)) continue;
            var view = SourceView.Of(pulse, source);
            changed.Add(view);
            var outage = now ?? pulse.Of(source).Past[^1];
            var id = Text($"{Prefix}:{source.WireName()}:{outage.Number}:{(now is null ? "back" : "silent")}");
            var text = now is null ? SourceWords.Back(source, outage) : SourceWords.Silent(source, outage);
            dispatches.Add(new Dispatch(
                id, Subject, null, ReceiverKeys.Chat, pulse.CountedAt, pulse.CountedAt,
                new ChatBody(Text($"{ForWhom(practice)}: {text} {(now is null ? SourceWords.AfterBack : SourceWords.Approach)}"), "#/")));
            audit.Add((id, new AuditView(
                Days.Time(pulse.CountedAt), "tenant", now is null ? "source.back" : "source.silent", source.WireName(), text)));
        }
        return new TenantTurn(pulse, changed, dispatches, audit, before.With(pulse).Fingerprint != before.Fingerprint);
    }

    // Who can have a connection mended is nobody's CSM: the managers, where teams name any, beside whoever runs the system.
    private static string ForWhom(Practice practice)
    {
        var managers = practice.Teams.Select(team => team.Manager).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        return managers.Length == 0 ? "To the operator" : $"To the operator and {string.Join(", ", managers)}";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
