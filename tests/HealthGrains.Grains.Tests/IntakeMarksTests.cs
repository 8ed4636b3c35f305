using HealthGrains.Grains.Accounts;
using HealthGrains.Signals;

namespace HealthGrains.Grains.Tests;

/// <summary>What an account remembers so that nothing counts twice.</summary>
public sealed class IntakeMarksTests
{
    [Fact]
    public void A_large_entry_is_known_again_in_any_order_and_after_others()
    {
        var marks = new IntakeMarks();
        Assert.Equal(1_000, Add(marks, Ids(1, 1_000)));
        for (var i = 1; i < IntakeMarks.MostEntries; i++) Assert.Equal(300, Add(marks, Ids(i * 10_000, 300)));

        Assert.Equal(0, Add(Stored(marks), Ids(1, 1_000)));
        Assert.Equal(0, Add(Stored(marks), [.. Ids(1, 1_000).Reverse()]));
        Assert.Equal(0, Add(Stored(marks), [.. Ids(1, 1_000), .. Ids(1, 1_000)]));
        // One entry more, and the first is forgotten.
        Add(marks, Ids(900_000, 300));
        Assert.Equal(1_000, Add(Stored(marks), Ids(1, 1_000)));
    }

    [Fact]
    public void An_entry_that_holds_an_earlier_one_and_more_counts_what_is_more()
    {
        var marks = new IntakeMarks();
        Add(marks, Ids(1, 200));
        Assert.Equal(50, Add(marks, Ids(1, 250)));
        Assert.Equal(0, Add(marks, Ids(240, 5)));
    }

    [Fact]
    public void An_id_that_comes_twice_in_an_entry_counts_once()
    {
        Assert.Equal(600, Add(new IntakeMarks(), [.. Ids(1, 600), .. Ids(1, 600)]));
        Assert.Equal(5, Add(new IntakeMarks(), [.. Ids(1, 5), .. Ids(1, 5)]));
    }

    [Fact]
    public void Large_entries_push_out_no_ids_of_small_ones()
    {
        var marks = new IntakeMarks();
        Add(marks, Ids(1, 20));
        Add(marks, Ids(1_000, 5_000));
        Assert.Equal(0, Add(Stored(marks), Ids(1, 20)));
    }

    [Fact]
    public void What_never_had_a_large_entry_is_stored_as_builds_before_read_it()
    {
        var marks = new IntakeMarks();
        for (var i = 0; i < 20; i++) Add(marks, Ids(1 + i * 100, IntakeMarks.LargeEntry));
        var bytes = marks.Write();
        Assert.Equal((1, 4 + IntakeMarks.MostIds * 8), (bytes[0], bytes.Length));
        Add(marks, Ids(9_000, IntakeMarks.LargeEntry + 1));
        Assert.Equal(2, marks.Write()[0]);
    }

    [Fact]
    public void Of_an_erased_account_no_set_of_ids_is_kept()
    {
        var marks = new IntakeMarks();
        Add(marks, Ids(1, 1_000));
        Assert.Null(IntakeMarks.OfErased(marks.Write()));
        marks.Taken(1, 2, 3);
        var kept = IntakeMarks.Read(IntakeMarks.OfErased(marks.Write()));
        Assert.True(kept.IsTaken(1, 2, 3));
        Assert.Equal(1_000, Add(kept, Ids(1, 1_000)));
    }

    [Fact]
    public void Marks_that_are_cut_off_or_too_long_are_refused()
    {
        var marks = new IntakeMarks();
        marks.Taken(1, 2, 3);
        Add(marks, Ids(1, 100));
        var bytes = marks.Write();
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => IntakeMarks.Read(bytes.AsSpan(0, length)));
        Assert.Throws<InvalidDataException>(() => IntakeMarks.Read([.. bytes, 0]));
        Assert.Throws<InvalidDataException>(() => IntakeMarks.Read([3, .. bytes[1..]]));
    }

    private static Signal[] Ids(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(id => new Signal((ulong)id, 0, SignalKind.Login))];

    private static int Add(IntakeMarks marks, Signal[] entry)
    {
        var fresh = new Signal[entry.Length];
        return marks.Add(entry, fresh);
    }

    private static IntakeMarks Stored(IntakeMarks marks) => IntakeMarks.Read(marks.Write());
}
