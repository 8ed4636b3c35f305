using HealthGrains.Plays.Files;

namespace HealthGrains.Core.Tests.Plays.Files;

/// <summary>Every kind of mistake, at its exact place: the ¤ in a sample stands before what is wrong and is taken out.</summary>
public sealed class MistakeTests
{
    [Theory]
    [InlineData("""{ "id": "x", "version": 1, "title": "X" ¤"goal": "Y" }""", "not JSON: ")]
    [InlineData("""¤[ 1 ]""", "a playbook is an object, { ... }, not a list")]
    [InlineData("""¤{ "version": 1, "title": "X", "goal": "Y", "steps": [{ "id": "a", "day": 0, "kind": "task", "title": "A" }] }""",
        "a playbook needs id: the name by which other files and decisions know it")]
    [InlineData("{\n  \"id\": \"x\", \"version\": 1, \"title\": \"X\", \"goal\": \"Y\",\n  ¤\"stepz\": [],\n  \"steps\": [{ \"id\": \"a\", \"day\": 0, \"kind\": \"task\", \"title\": \"A\" }] }",
        "'stepz' is no field of a playbook: id, version, title, goal, trigger, who, priority, steps, exits, replaces, notDuring, then, cooldownDays, features, outcomes; did you mean steps?")]
    public void A_playbook_that_is_none(string sample, string reason) => AssertWrong("playbooks/x.json", sample, reason);

    [Theory]
    [InlineData(""" "people": [{ "name": ¤"anna" }] """, "'anna' is neither the manager nor a member of this team; did you mean ana?")]
    [InlineData(""" "people": [{ "name": "ana" }, { "name": ¤"ana" }] """, "'ana' stands in people twice: take one out")]
    [InlineData(""" "people": [{ "name": "ana", "by": ¤"email" }] """, "ana is told by e-mail, but where? add email")]
    [InlineData(""" "people": [{ "name": "ana", "by": ¤"mail" }] """, "'mail' is no way to tell somebody: chat, email; did you mean email?")]
    [InlineData(""" "people": [{ "name": "ana", "email": ¤"ana" }] """, "'ana' is no e-mail address: somebody@example.com")]
    [InlineData(""" "people": [{ "name": "ana", "timeZone": ¤"Madrid" }] """,
        "'Madrid' is no time zone: timeZone is such as Europe/Madrid, America/New_York or UTC")]
    [InlineData(""" "people": [¤{ "by": "chat" }] """, "a person needs name: who: the manager or a member")]
    [InlineData(""" "unowned": ¤"yes" """, "unowned is true or false, not 'yes'")]
    public void How_people_are_told(string field, string reason) =>
        AssertWrong("teams/north.json", $$"""{ "manager": "maria", "members": ["tom", "ana"], {{field}} }""", reason);

    [Fact]
    public void Two_managers_who_answer_for_accounts_that_nobody_owns()
    {
        var first = Samples.Loaded().With(Samples.Team.Path, """{ "manager": "maria", "members": ["tom", "ana"], "unowned": true }""");
        Assert.Empty(first.Problems);
        var second = first.Book.With("teams/south.json", """{ "manager": "otto", "members": ["olga"], "unowned": true }""");
        Assert.Equal("teams/south.json:1:54: teams/north.json is told of accounts that nobody owns already: take 'unowned' out of one team",
            Assert.Single(second.Problems).ToString());
    }

    [Theory]
    [InlineData("¤\"sorry\"", "a digest is of no single account: templates/sorry.hbs names contact.name in line 6; it may name digest and today")]
    [InlineData("¤\"note\"", "a digest needs a subject: add 'subject: ...' to the head of templates/note.hbs")]
    [InlineData("¤\"nothing\"", "there is no template nothing: add templates/nothing.hbs")]
    public void The_template_of_a_digest(string template, string reason) => AssertWrong("guardrails/morning.json",
        $$"""{ "id": "morning", "version": 1, "title": "At eight", "kind": "digest", "at": "08:00", "template": {{template}} }""", reason);

    [Fact]
    public void A_step_whose_text_is_that_of_a_digest()
    {
        var wrong = Wrong("playbooks/x.json", Playbook("""
            "steps": [{ "id": "a", "day": 0, "kind": "brief", "title": "A", "template": ¤"digest" }]
            """));
        Assert.Equal("templates/digest.hbs is the text of a digest: it names digest.to in line 6; use another template", wrong.Reason);
    }

    [Theory]
    [InlineData("""{ "id": ¤"draft", "version": 1, "title": "X", "when": { "fact": "atRisk", "is": true } }""")]
    [InlineData("""
        { "id": ¤"churnRisk", "version": 1, "title": "X", "when": { "fact": "atRisk", "is": true },
          "alert": { "severity": "red", "approach": "Call." } }
        """)]
    public void An_id_that_alerts_of_others_bear(string sample) => AssertWrong("triggers/x.json", sample,
        $"'{(sample.Contains("draft", StringComparison.Ordinal) ? "draft" : "churnRisk")}' is taken: its alerts would bear the ids of other "
        + "things; give the trigger another id");

    [Theory]
    [InlineData("\"id\": ¤7", "id is a text in quotation marks, not 7")]
    [InlineData("\"id\": ¤\"at risk\"", "'at risk' cannot be an id: letters, digits and . _ -, a letter first, at most 64")]
    [InlineData("\"version\": ¤0", "version is 0: it goes from 1 to 1000000")]
    [InlineData("\"version\": ¤1.5", "version is a whole number, not 1.5")]
    [InlineData("\"version\": ¤\"1\"", "version is a whole number, not '1'")]
    [InlineData("\"title\": ¤\"  \"", "title is empty: say what it is, for people")]
    [InlineData("\"cooldownDays\": ¤-1", "cooldownDays is -1: it goes from 0 to 3650")]
    [InlineData("\"outcomes\": [\"won\", ¤\"won\"]", "'won' stands in outcomes twice: take one out")]
    [InlineData("\"exits\": ¤true", "exits is an object, such as { \"recovered\": ... }, not true")]
    [InlineData("\"exits\": { \"recovered\": ¤\"yes\" }", "recovered is true or false, not 'yes'")]
    [InlineData("\"exits\": { ¤\"recoverd\": true }", "'recoverd' is no field of an exits: recovered, renewed, when; did you mean recovered?")]
    [InlineData("\"trigger\": ¤\"detracter\"", "there is no trigger detracter; did you mean detractor?")]
    [InlineData("\"trigger\": ¤\"moonPhase\"", "there is no trigger moonPhase: add triggers/moonPhase.json")]
    [InlineData("\"replaces\": [¤\"folowUp\"]", "there is no playbook folowUp; did you mean followUp?")]
    [InlineData("\"notDuring\": ¤\"nothingLikeIt\"", "there is no playbook nothingLikeIt: add playbooks/nothingLikeIt.json")]
    [InlineData("\"then\": ¤\"x\"", "a circle: x -> x; each would start the next for ever; take one 'then' out")]
    [InlineData("\"steps\": ¤[]", "a playbook without a step does nothing: add one")]
    [InlineData("\"steps\": ¤{}", "steps is a list of objects, [ { ... } ], not an object")]
    [InlineData("\"id\": \"x\", ¤\"id\": \"y\"", "id is given twice: take one out")]
    public void A_field_of_a_playbook(string field, string reason) => AssertWrong("playbooks/x.json", Playbook(field), reason);

    [Theory]
    [InlineData("""{ "id": "a", "day": 0, "kind": ¤"emial", "title": "A" }""",
        "'emial' is no kind of step: task, email, inApp, notice, brief, approval, wait; did you mean email?")]
    [InlineData("""{ "id": "a", "day": 5, "kind": "task", "title": "A" }, { "id": "b", "day": ¤3, "kind": "task", "title": "B" }""",
        "day 3 after day 5: steps stand in the order of their days; move it up, or give it day 5 or later")]
    [InlineData("""{ "id": "a", "day": ¤-1, "kind": "task", "title": "A" }""", "day is -1: it goes from 0 to 730")]
    [InlineData("""{ "id": "a", "day": 0, "kind": "task", "title": "A" },{ "id": ¤"a", "day": 1, "kind": "task", "title": "B" }""",
        "a step a stands in line 2 already: give this one an id of its own")]
    [InlineData("""{ "id": "a", "day": 0, "kind": "task", "title": "A", "after": ["c"] }, { "id": "b", "day": 0, "kind": "task", "title": "B", "after": [¤"a"] }, { "id": "c", "day": 0, "kind": "task", "title": "C", "after": ["b"] }""",
        "a circle: a -> c -> b -> a; each waits for the next and none is ever done; take one 'after' out")]
    [InlineData("""{ "id": "a", "day": 0, "kind": "task", "title": "A", "after": ¤"a" }""",
        "a circle: a -> a; each waits for the next and none is ever done; take one 'after' out")]
    [InlineData("""{ "id": "call", "day": 0, "kind": "task", "title": "A" }, { "id": "b", "day": 1, "kind": "task", "title": "B", "after": ¤"cal" }""",
        "there is no step cal in this playbook; did you mean call?")]
    [InlineData("""{ "id": "a", "day": 0, "kind": "task", "title": "A", "after": ¤"b" }, { "id": "b", "day": 2, "kind": "task", "title": "B" }""",
        "a is for day 0, but b is for day 2: give it day 2 or later")]
    [InlineData("""¤{ "id": "a", "day": 0, "kind": "email", "title": "A", "to": "champion" }""", "email needs template: the template of its text")]
    [InlineData("""{ "id": "a", "day": 0, "kind": "email", "title": "A", "to": "champion", "template": ¤"sory" }""",
        "there is no template sory; did you mean sorry?")]
    [InlineData("""{ "id": "a", "day": 0, "kind": "email", "title": "A", "to": "champion", "template": ¤"note" }""",
        "an e-mail needs a subject: add 'subject: ...' to the head of templates/note.hbs")]
    [InlineData("""{ "id": "a", "day": 0, "kind": "brief", "title": "A", "template": ¤"sorry" }""",
        "a brief goes to colleagues and has no contact: templates/sorry.hbs names contact.name in line 6; take it out, or use another template")]
    [InlineData("""{ "id": "a", "day": 0, "kind": "task", "title": "A", ¤"to": "champion" }""",
        "to says nothing for task, only for email and inApp: take it out")]
    [InlineData("""{ "id": "a", "day": 0, "kind": "task", "title": "A", ¤"until": { "fact": "atRisk", "is": false } }""",
        "until says nothing for task, only for wait: take it out")]
    [InlineData("""{ "id": "a", "day": 0, "kind": "inApp", "title": "A", "to": ["champion", ¤"boss"], "template": "sorry" }""",
        "'boss' is no role of a contact: champion, executive, admin, user")]
    [InlineData("""{ "id": "a", "day": 0, "kind": "task", "title": "A", "by": ¤"manger" }""",
        "'manger' is no role of a colleague: owner, manager; did you mean manager?")]
    [InlineData("""{ "id": "a", "day": 0, "kind": "inApp", "title": "A", "to": "user", "template": "sorry", "automatic": ¤"small" }""",
        "'small' is no tier: enterprise, standard, smb")]
    [InlineData("""{ "id": "a", "day": 0, "kind": "task", "title": "A", "marks": ¤"concesion" }""",
        "no guardrail looks for the mark 'concesion': concession, sensitive; did you mean concession?")]
    [InlineData("""{ "id": "a", "day": 0, "kind": "task", "title": "A", "withinDays": ¤0 }""", "withinDays is 0: it goes from 1 to 365")]
    [InlineData("""¤"call" """, "a step is an object, { ... }, not 'call'")]
    public void A_step(string steps, string reason) => AssertWrong("playbooks/x.json", Playbook($"\"steps\": [\n{steps}\n]"), reason);

    [Theory]
    [InlineData("""{ "fact": ¤"scroe", "below": 40 }""", "'scroe' is no fact; did you mean score?")]
    [InlineData("""{ "fact": ¤"moonPhase", "is": "full" }""", "'moonPhase' is no fact: 'healthgrains playbook facts' lists them")]
    [InlineData("""{ "fact": ¤"loginFrequncy.change", "below": -0.3 }""", "'loginFrequncy.change' is no fact; did you mean loginFrequency.change?")]
    [InlineData("""{ "fact": ¤"milestne:firstValue", "is": true }""", "'milestne:firstValue' is no fact; did you mean milestone:firstValue?")]
    [InlineData("""{ "fact": ¤"milestone:", "is": true }""", "milestone: needs a name behind the colon, such as milestone:firstValue")]
    [InlineData("""{ "fact": ¤"milestone", "is": true }""", "milestone needs a colon and a name, such as milestone:firstValue")]
    [InlineData("""{ "fact": ¤7, "is": true }""", "fact is the key of a fact in quotation marks, not 7")]
    [InlineData("""¤{ "fact": "score" }""", "'score' is compared with nothing: above, atLeast, below, atMost, is, known")]
    [InlineData("""{ "fact": "score", ¤"under": 40 }""", "'under' is no comparison: above, atLeast, below, atMost, is, known")]
    [InlineData("""{ "fact": "score", ¤"abov": 40 }""", "'abov' is no comparison: above, atLeast, below, atMost, is, known; did you mean above?")]
    [InlineData("""{ "fact": "score", "below": ¤"red" }""", "score is a number (0 to 100), not 'red'")]
    [InlineData("""{ "fact": "score", "below": ¤400 }""", "score goes from 0 to 100, and is never near 400")]
    [InlineData("""{ "fact": "seatsUsed", "above": ¤80 }""",
        "seatsUsed goes from -1 to 10, and is never near 80: it is a share, of which 1 is the whole and 0.8 is 80 %")]
    [InlineData("""{ "fact": "npsAgeDays", "atMost": ¤-3 }""", "npsAgeDays goes from 0 to 36500, and is never near -3")]
    [InlineData("""{ "fact": "band", ¤"below": 40 }""", "band is a word and cannot be below something: use \"is\" with a word or a list of words")]
    [InlineData("""{ "fact": "band", "is": ¤"orange" }""", "band is never 'orange': red, yellow, green")]
    [InlineData("""{ "fact": "band", "is": ["red", ¤"yelow"] }""", "band is never 'yelow': red, yellow, green; did you mean yellow?")]
    [InlineData("""{ "fact": "segment", "is": ¤[] }""", "segment is one of no words: it never holds; name one")]
    [InlineData("""{ "fact": "segment", "is": ¤true }""", "segment is a word in quotation marks, not true")]
    [InlineData("""{ "fact": "atRisk", "is": ¤"yes" }""", "atRisk is true or false, not 'yes'")]
    [InlineData("""{ "fact": "atRisk", ¤"above": 0 }""", "atRisk is yes or no and cannot be above something: use \"is\": true or false")]
    [InlineData("""{ "fact": "nps", "known": ¤1 }""", "known is true or false, not 1")]
    [InlineData("""¤{ "fact": "score", "above": 65, "below": 40 }""", "never true: score above 65 and score below 40")]
    [InlineData("""¤{ "fact": "score", "above": 40, "atMost": 40 }""", "never true: score above 40 and score at most 40")]
    [InlineData("""{ "all": [{ "fact": "score", "below": 40 }], ¤"any": [{ "fact": "score", "below": 40 }] }""",
        "all and any in one object: put one within the other")]
    [InlineData("""{ "fact": "score", "below": 40, ¤"not": { "fact": "atRisk", "is": true } }""", "fact and not in one object: put one within the other")]
    [InlineData("""{ "all": ¤[] }""", "an empty all holds always: name a condition, or leave the field out")]
    [InlineData("""{ "any": ¤[] }""", "an empty any never holds: name a condition")]
    [InlineData("""{ "all": ¤{ "fact": "score", "below": 40 } }""", "all is a list of conditions in square brackets, not an object")]
    [InlineData("""{ "not": ¤"score" }""", "a condition is an object such as {\"fact\":\"score\",\"below\":40}, not 'score'")]
    [InlineData("""¤{ }""", "an empty condition: name a fact, all, any or not")]
    [InlineData("""{ ¤"below": 40 }""", "below compares nothing: say which fact, such as {\"fact\":\"score\",\"below\":...}")]
    [InlineData("""{ ¤"al": [{ "fact": "score", "below": 40 }] }""", "'al' says nothing in a condition: all, any, not, fact; did you mean all?")]
    public void A_condition(string condition, string reason) => AssertWrong("triggers/x.json",
        $$"""{ "id": "x", "version": 1, "title": "X", "when": {{condition}} }""", reason);

    [Theory]
    [InlineData("""{ "id": "x", "version": 1, "title": "X", "when": { "fact": "atRisk", "is": true }, "clearDays": ¤91 }""",
        "clearDays is 91: it goes from 0 to 90")]
    [InlineData("""{ "id": "x", "version": 1, "title": "X", "when": { "fact": "nps", "atMost": 6 }, "per": ¤"npsAgeDays" }""",
        "what happened npsAgeDays ago may be long past: say in 'when' how long it counts, such as {\"fact\":\"npsAgeDays\",\"atMost\":14}")]
    [InlineData("""{ "id": "x", "version": 1, "title": "X", "when": { "fact": "atRisk", "is": true }, "alert": { "severity": ¤"orange", "approach": "Call." } }""",
        "'orange' is no severity: red, yellow")]
    [InlineData("""{ "id": "x", "version": 1, "title": "X", "when": { "fact": "atRisk", "is": true }, "alert": ¤{ "severity": "red" } }""",
        "an alert needs approach: what to do about it, in a sentence or two")]
    [InlineData("""{ "id": "x", "version": 1, "title": "X", "when": { "fact": "atRisk", "is": true }, "alert": { "severity": "red", "approach": "Call.", "rank": ¤101 } }""",
        "rank is 101: it goes from 0 to 100")]
    public void A_trigger(string sample, string reason) => AssertWrong("triggers/x.json", sample, reason);

    [Fact]
    public void What_a_trigger_counts_by_must_be_an_age()
    {
        var problem = Wrong("triggers/x.json", """{ "id": "x", "version": 1, "title": "X", "when": { "fact": "nps", "atMost": 6 }, "per": ¤"npsAgDays" }""");
        Assert.StartsWith("'npsAgDays' does not say how long ago something happened; per is one of ", problem.Reason, StringComparison.Ordinal);
        Assert.EndsWith("; did you mean npsAgeDays?", problem.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("daysToRenewal", problem.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"kind\": ¤\"quitHours\"", "'quitHours' is no kind of guardrail: messagesPerContact, messagesPerAccount, quietHours, consent, suppression, holdout, approval, playsAtOnce, escalation, alertBudget, digest; did you mean quietHours?")]
    [InlineData("\"kind\": \"quietHours\", \"from\": ¤\"6 pm\", \"to\": \"08:00\"", "from is a time of day such as \"18:00\", not '6 pm'")]
    [InlineData("\"kind\": \"quietHours\", \"from\": \"18:00\", \"to\": ¤\"24:00\"", "to is a time of day such as \"18:00\", not '24:00'")]
    [InlineData("\"kind\": \"quietHours\", \"from\": \"18:00\", \"to\": ¤\"18:00\"", "from 18:00 to 18:00 is all day or none of it: give another end")]
    [InlineData("\"kind\": \"messagesPerContact\", \"most\": ¤0, \"days\": 7", "most is 0: it goes from 1 to 1000")]
    [InlineData("\"kind\": \"holdout\", \"percent\": ¤120", "percent is 120: it goes from 0 to 100")]
    [InlineData("\"kind\": \"holdout\", \"percent\": 10, ¤\"most\": 3",
        "most says nothing for holdout, only for messagesPerContact, messagesPerAccount, playsAtOnce and alertBudget: take it out")]
    [InlineData("\"kind\": \"approval\", \"marks\": [¤\"sensitiv\"]", "no step is marked 'sensitiv': concession, sensitive; did you mean sensitive?")]
    [InlineData("\"kind\": \"escalation\", \"hours\": ¤0", "hours is 0: it goes from 1 to 8760")]
    public void A_guardrail(string fields, string reason) =>
        AssertWrong("guardrails/x.json", $$"""{ "id": "x", "version": 1, "title": "X", {{fields}} }""", reason);

    [Theory]
    [InlineData("quietHours", "quietHours needs from: when the quiet hours begin, local time")]
    [InlineData("escalation", "escalation needs hours: after how many hours")]
    [InlineData("suppression", "suppression needs names: e-mail addresses, domains (@example.com) and accounts")]
    public void A_guardrail_without_what_its_kind_needs(string kind, string reason) => Assert.Contains(
        Problems("guardrails/x.json", $$"""{ "id": "x", "version": 1, "title": "X", "kind": "{{kind}}" }"""), problem => problem.Reason == reason);

    [Theory]
    [InlineData("""{ "manager": "kim", "members": ¤[] }""", "a team of nobody: name its members")]
    [InlineData("""{ "manager": "kim", "members": ["eve", ¤"tom"] }""",
        "'tom' is in teams/north.json too: a CSM has one manager; take them out of one team")]
    public void A_team(string sample, string reason) => AssertWrong("teams/south.json", sample, reason);

    [Theory]
    [InlineData("¤id: x\nversion: 1\n\nHello", "a template begins with its head: ---, id: ..., version: ..., subject: ..., ---, each on a line of its own")]
    [InlineData("¤---\nid: x\nversion: 1\nHello", "the head is never closed: put --- on a line of its own below it")]
    [InlineData("¤---\nversion: 1\n---\nHello", "the head of a template needs id: the name by which other files and decisions know it")]
    [InlineData("---\nid: x\nversion: ¤one\n---\nHello", "version is a whole number, not 'one'")]
    [InlineData("---\nid: x\nversion: 1\n¤subjct: Hi\n---\nHello", "'subjct' does not go in the head of a template: id, version, subject; did you mean subject?")]
    [InlineData("---\nid: x\nversion: 1\n¤Hello\n---\nHello", "'Hello' is no 'name: value': id, version, subject go in the head, the text below it")]
    [InlineData("---\nid: x\nversion: 1\n¤id: y\n---\nHello", "id is given twice: take one out")]
    [InlineData("---\nid: x\nversion: 1\n¤---\n", "a template without a text: write it below the head")]
    [InlineData("---\nid: x\nversion: 1\n---\n\nHello ¤{{contact.nam}}", "there is no field contact.nam")]
    [InlineData("---\nid: x\nversion: 1\nsubject: Hello ¤{{who}}\n---\nHello", "there is no field who")]
    [InlineData("---\nid: ¤a b\nversion: 1\n---\nHello", "'a b' cannot be an id: letters, digits and . _ -, a letter first, at most 64")]
    public void A_template(string sample, string reason) => AssertWrong("templates/x.hbs", sample, reason);

    [Theory]
    [InlineData("playboks/x.json", "'playboks' is no folder of a practice: triggers, playbooks, guardrails, templates, teams; did you mean playbooks?")]
    [InlineData("x.json", "it lies in none of the folders triggers, playbooks, guardrails, templates or teams: move it into the one that says what it is")]
    [InlineData("playbooks/x.yaml", "files in playbooks/ end in .json: rename it")]
    [InlineData("templates/x.html", "files in templates/ end in .hbs: rename it")]
    public void A_file_in_a_wrong_place(string path, string reason) => AssertWrong(path, "¤{}", reason);

    [Fact]
    public void All_mistakes_of_a_file_are_told_at_once_in_the_order_of_their_lines()
    {
        var problems = Problems("playbooks/x.json", """
            {
              "id": "x", "version": 0, "title": "X", "goal": "Y",
              "who": { "fact": "scroe", "below": 40 },
              "steps": [
                { "id": "a", "day": 4, "kind": "emial", "title": "A" },
                { "id": "a", "day": 2, "kind": "task" }
              ],
              "colour": "red"
            }
            """);
        Assert.Equal([2, 3, 5, 6, 6, 6, 8], problems.Select(problem => problem.Line));
        Assert.All(problems, problem => Assert.StartsWith("playbooks/x.json:", problem.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Columns_are_counted_in_characters() =>
        AssertWrong("teams/south.json", """{ "manager": "Zoë Łukasz", "members": ¤[] }""", "a team of nobody: name its members");

    [Fact]
    public void A_file_that_is_too_large_is_refused() => Assert.StartsWith("300 KiB: a file may have 256 KiB",
        Assert.Single(Problems("teams/south.json", new string(' ', 300 * 1024))).Reason, StringComparison.Ordinal);

    private static string Playbook(string field)
    {
        var others = new Dictionary<string, string>
        {
            ["id"] = "\"x\"", ["version"] = "1", ["title"] = "\"X\"", ["goal"] = "\"Y\"",
            ["steps"] = """[{ "id": "only", "day": 0, "kind": "task", "title": "Only" }]""",
        };
        others.Remove(field.Split('"')[1]);
        return "{ " + string.Join(", ", others.Select(other => $"\"{other.Key}\": {other.Value}").Append(field)) + " }";
    }

    private static IReadOnlyList<PracticeProblem> Problems(string path, string content)
    {
        var book = Samples.Loaded();
        var change = book.With(path, content);
        Assert.Same(book, change.Book);
        Assert.NotEmpty(change.Problems);
        Assert.Equal([path], change.Refused);
        return change.Problems;
    }

    private static PracticeProblem Wrong(string path, string sample)
    {
        var before = sample[..sample.IndexOf('¤')];
        var problem = Assert.Single(Problems(path, sample.Remove(before.Length, 1)));
        var (line, column) = (before.Count(c => c == '\n') + 1, before.Length - before.LastIndexOf('\n'));
        Assert.Equal((path, line, column), (problem.File, problem.Line, problem.Column));
        return problem;
    }

    private static void AssertWrong(string path, string sample, string reason)
    {
        var problem = Wrong(path, sample);
        if (reason.EndsWith(": ", StringComparison.Ordinal)) Assert.StartsWith(reason, problem.Reason, StringComparison.Ordinal);
        else Assert.Equal(reason, problem.Reason);
    }
}
