using HealthGrains.Assistant;
using HealthGrains.Plays;

namespace HealthGrains.Assistant.Tests;

/// <summary>The digest of the default practice, as a CSM reads it.</summary>
public sealed class DigestTests
{
    private static readonly DateOnly Today = new(2026, 11, 23);

    private static readonly DigestFacts Nothing = new()
    {
        To = "dana", Today = Today, Pushed = [], Listed = [], Tasks = [], Drafts = [], Ended = [],
    };

    [Fact]
    public void It_says_in_order_what_to_act_on_what_is_due_what_waits_and_what_is_over()
    {
        var written = Write(Nothing with
        {
            Pushed =
            [
                Alert("Acme") with { ArrAtRisk = 40_000, Severity = "red" },
                Alert("Bolt") with { Acknowledged = true },
            ],
            Tasks = [new("Acme", "Call the champion", Today, false), new("Bolt", "Send the roadmap", Today.AddDays(-3), true)],
            Drafts = [new("Cove", "Ask for a meeting", Today.AddDays(2), false)],
            Listed = [.. Enumerable.Range(1, 7).Select(k => Alert($"Listed {k}"))],
            ListedBecause = "At most three a week",
            Ended = [Alert("Dune") with { How = "recovered" }],
        });
        Assert.Equal("Your accounts on 23 November", written.Subject);
        Assert.Equal(
            """
            For you to act on:
            - Acme (red, €40,000 at risk, since 20 November): No login for a week. Call them.
            - Bolt (yellow, since 20 November, acknowledged): No login for a week. Call them.

            Due today:
            - Acme: Call the champion
            - Bolt: Send the roadmap (was due 20 November)

            Drafts that wait for you: 1
            - Cove: Ask for a meeting, until 25 November

            In the list and not pushed: 7 (At most three a week). First:
            - Listed 1 (yellow): No login for a week
            - Listed 2 (yellow): No login for a week
            - Listed 3 (yellow): No login for a week
            - Listed 4 (yellow): No login for a week
            - Listed 5 (yellow): No login for a week

            Over since the last digest:
            - Dune: No login for a week (recovered)
            """.ReplaceLineEndings("\n"), written.Text);
        Assert.Empty(written.Missing);
    }

    [Fact]
    public void What_there_is_nothing_of_is_not_mentioned() =>
        Assert.Equal("Due today:\n- Acme: Call", Write(Nothing with { Tasks = [new("Acme", "Call", Today, false)] }).Text);

    private static WrittenText Write(DigestFacts facts)
    {
        var writer = new HandlebarsWriter();
        var practice = DefaultPractice.Book(writer).Practice;
        var rule = practice.Guardrails.Single(rule => rule.Kind == GuardrailKind.Digest);
        return writer.Write(practice.Template(rule.Template!)!, facts);
    }

    private static DigestAlert Alert(string account) =>
        new(account, "No login for a week", "yellow", "Call them.", Today.AddDays(-3), false, null, "EUR", null);
}
