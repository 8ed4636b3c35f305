using HealthGrains.Plays;
using HealthGrains.Plays.Files;

namespace HealthGrains.Core.Tests.Plays.Files;

public sealed class PracticeBookTests
{
    [Fact]
    public void Files_that_need_each_other_are_taken_together_in_any_order()
    {
        Assert.Equal(PracticeWriter.Write(Samples.Loaded().Practice.Playbooks[0]),
            PracticeWriter.Write(PracticeReader.Read([.. Samples.All.Reverse()], Samples.Check).Practice.Playbooks[0]));
        Assert.NotEmpty(PracticeBook.Empty(Samples.Check).With([Samples.Playbook]).Problems);
    }

    [Fact]
    public void A_file_is_read_into_what_it_says()
    {
        var practice = Samples.Loaded().Practice;
        var trigger = Assert.Single(practice.Triggers);
        Assert.Equal(("detractor", "nps at most 6 and npsAgeDays at most 14", "npsAgeDays"), (trigger.Id, trigger.When.Words, trigger.Per!.Key));
        var book = Assert.Single(practice.Playbooks);
        Assert.Equal((StepKind.Email, 1, "sorry", "champion", "call"),
            (book.Steps[1].Kind, book.Steps[1].Day, book.Steps[1].Template, book.Steps[1].To[0], book.Steps[1].After[0]));
        Assert.Equal(("Thank you", "Dear {{contact.name}},"), (practice.Template("sorry")!.Subject, practice.Template("sorry")!.Body));
        Assert.Equal("maria", practice.ManagerOf("ana"));
        Assert.Equal((2, 7), (practice.Guardrails[0].Most, practice.Guardrails[0].Days));
    }

    [Fact]
    public void A_bad_file_leaves_the_running_version_and_the_good_ones_beside_it_are_taken()
    {
        var book = Samples.Loaded();
        var change = book.With([Samples.Book("followUp", 2, "Better") with { Content = "{" }, Samples.Book("other")]);
        Assert.Equal(["playbooks/followUp.json"], change.Refused);
        Assert.Equal("playbooks/followUp.json", Assert.Single(change.Problems).File);
        Assert.Equal([("followUp", 1), ("other", 1)], change.Book.Practice.Playbooks.Select(one => (one.Id, one.Version)));
    }

    [Fact]
    public void A_version_that_was_loaded_with_other_content_is_refused_and_says_what_would_be_right()
    {
        var second = Samples.Loaded().With([Samples.Book("followUp", 2, "Second")]).Book;
        var problem = Assert.Single(second.With([Samples.Book("followUp", 2, "Other")]).Problems);
        Assert.Equal("version 2 of followUp was already loaded with other content: raise the version to 3", problem.Reason);
        Assert.Equal(4, problem.Line);
        // The first was replaced long ago, and still is what it was.
        Assert.Single(second.With([Samples.Book("followUp", 1, "Other")]).Problems);
    }

    [Fact]
    public void Comments_and_spaces_may_change_without_a_new_version()
    {
        var reformatted = Samples.Playbook with { Content = "// A remark.\n" + Samples.Playbook.Content.Replace(",\n", " ,\n\n", StringComparison.Ordinal) };
        var change = Samples.Loaded().With([reformatted]);
        Assert.Empty(change.Problems);
        Assert.Contains(reformatted, change.Book.Files);
    }

    [Fact]
    public void A_rollback_is_the_old_file_put_back()
    {
        var second = Samples.Loaded().With([Samples.Book("followUp", 2, "Second")]).Book;
        Assert.Equal(2, second.Practice.Find("followUp")!.Version);
        var back = second.With([Samples.Playbook]);
        Assert.Empty(back.Problems);
        Assert.Equal(1, back.Book.Practice.Find("followUp")!.Version);
        Assert.Equal("Second", back.Book.Practice.Find("followUp", 2)!.Title);
    }

    [Fact]
    public void Of_two_files_with_one_id_the_higher_version_decides_and_the_same_version_twice_is_refused()
    {
        var book = Samples.Loaded();
        var both = book.With("playbooks/newer.json", Samples.Book("followUp", 2, "Second").Content);
        Assert.Equal(2, both.Book.Practice.Find("followUp")!.Version);
        var twice = book.With("playbooks/copy.json", Samples.Playbook.Content);
        Assert.Equal("version 1 of followUp also stands in playbooks/followUp.json: raise the version to 2, or give it an id of its own",
            Assert.Single(twice.Problems).Reason);
    }

    [Fact]
    public void What_is_taken_out_starts_nothing_and_is_still_found_by_the_runs_that_began_with_it()
    {
        var change = Samples.Loaded().Change([], [Samples.Playbook.Path, Samples.Template.Path]);
        Assert.Empty(change.Problems);
        Assert.Null(change.Book.Practice.Find("followUp"));
        Assert.Equal("Follow-up", change.Book.Practice.Find("followUp", 1)!.Title);
        Assert.Equal("Thank you", change.Book.Practice.Template("sorry")!.Subject);
    }

    [Fact]
    public void What_others_need_is_not_taken_out()
    {
        var book = Samples.Loaded();
        var change = book.Without(Samples.Template.Path);
        Assert.Same(book, change.Book);
        var problem = Assert.Single(change.Problems);
        Assert.Equal((Samples.Playbook.Path, 7), (problem.File, problem.Line));
        Assert.StartsWith("there is no template sorry", problem.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_with_a_mistake_is_named_where_it_is_used_too()
    {
        var change = PracticeBook.Empty(Samples.Check).With(
            [.. Samples.All.Except([Samples.Template]), Samples.Template with { Content = Samples.Template.Content + "{{moon}}" }]);
        Assert.Equal([
            "playbooks/followUp.json:7:79: there is no template sorry: templates/sorry.hbs has mistakes of its own",
            "templates/sorry.hbs:7:1: there is no field moon",
        ], change.Problems.Select(problem => problem.ToString()));
        Assert.Single(change.Book.Practice.Triggers);
    }

    [Fact]
    public void A_circle_of_playbooks_is_named_in_full_where_it_was_closed()
    {
        var book = Samples.Loaded().With([Samples.Book("a", more: "\n\"then\": \"b\""), Samples.Book("b", more: "\n\"then\": \"c\""), Samples.Book("c")]).Book;
        var change = book.With([Samples.Book("c", 2, more: "\n\"then\": \"a\"")]);
        Assert.Equal("playbooks/c.json:9:9: a circle: a -> b -> c -> a; each would start the next for ever; take one 'then' out",
            Assert.Single(change.Problems).ToString());
        Assert.Equal(1, change.Book.Practice.Find("c")!.Version);
    }

    [Fact]
    public void Marks_of_the_companys_own_are_known_where_a_guardrail_looks_for_them()
    {
        var marked = new PracticeFile("playbooks/legal.json", """
            { "id": "legal", "version": 1, "title": "L", "goal": "L", "steps": [{ "id": "a", "day": 0, "kind": "task", "title": "A", "marks": "legal" }] }
            """);
        var rule = new PracticeFile("guardrails/legal.json",
            """{ "id": "legal", "version": 1, "title": "The manager reads contracts", "kind": "approval", "marks": "legal" }""");
        Assert.Equal("no guardrail looks for the mark 'legal': concession, sensitive",
            Assert.Single(Samples.Loaded().With([marked]).Problems).Reason);
        Assert.Empty(Samples.Loaded().With([marked, rule]).Problems);
    }

    [Fact]
    public void A_book_is_restored_from_its_files()
    {
        var book = Samples.Loaded().With([Samples.Book("followUp", 2, "Second")]).Book.Change([Samples.Book("other")], [Samples.Team.Path]).Book;
        var restored = PracticeBook.Restore(Samples.Check, book.Files, book.Earlier);
        Assert.Empty(restored.Problems);
        Assert.Equal(book.Files, restored.Book.Files);
        Assert.Equal(book.Earlier, restored.Book.Earlier);
        Assert.Equal("Follow-up", restored.Book.Practice.Find("followUp", 1)!.Title);
    }

    [Fact]
    public void The_same_files_again_change_nothing()
    {
        var book = Samples.Loaded();
        Assert.Same(book, book.With(Samples.All).Book);
        Assert.Same(book, book.Without("playbooks/never.json").Book);
    }
}
