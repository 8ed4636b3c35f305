using System.Text;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Intake.Tests;

public class IdentityTests
{
    // Key 00 01 .. 0f, as in the paper's appendix and the reference implementation's vectors.
    private static readonly TenantKeys PaperKey = new(0x0706050403020100, 0x0f0e0d0c0b0a0908);

    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(1, 0x74f839c593dc67fd)]
    [InlineData(2, 0x0d6c8009d9a94f5a)]
    [InlineData(7, 0xab0200f58b01d137)]
    [InlineData(8, 0x93f5f5799a932462)]
    [InlineData(15, 0xa129ca6149be45e5)]
    public void SipHash_gives_the_paper_s_vectors(int length, ulong expected) =>
        Assert.Equal(expected, SipHash.Hash(PaperKey, [.. Enumerable.Range(0, length).Select(i => (byte)i)]));

    [Fact]
    public void The_same_id_from_two_sources_is_two_signals_and_no_subject()
    {
        var keys = TenantKeys.Repeatable;
        Assert.NotEqual(Pseudonyms.OfSignal(keys, SignalSource.Usage, "1"u8), Pseudonyms.OfSignal(keys, SignalSource.Ticket, "1"u8));
        Assert.NotEqual(Pseudonyms.OfSignal(keys, SignalSource.Usage, "1"u8), Pseudonyms.OfSubject(keys, "1"u8));
    }

    [Fact]
    public void Another_tenant_s_key_gives_other_pseudonyms() =>
        Assert.NotEqual(Pseudonyms.OfSubject(TenantKeys.Repeatable, "ann@acme.com"u8), Pseudonyms.OfSubject(PaperKey, "ann@acme.com"u8));

    [Fact]
    public void An_e_mail_is_the_same_person_in_any_case_and_an_id_is_not()
    {
        var keys = TenantKeys.Repeatable;
        Assert.Equal(Pseudonyms.OfSubject(keys, "ann@acme.com"u8), Pseudonyms.OfSubject(keys, "Ann@ACME.com"u8));
        Assert.NotEqual(Pseudonyms.OfSubject(keys, "u-a"u8), Pseudonyms.OfSubject(keys, "u-A"u8));
        Assert.Equal(0u, Pseudonyms.OfSubject(keys, ""u8));
    }

    [Fact]
    public void Ids_and_subjects_up_to_their_limits_are_hashed_and_longer_ones_refused()
    {
        var keys = TenantKeys.Repeatable;
        Assert.NotEqual(0u, Pseudonyms.OfSignal(keys, SignalSource.Crm, new byte[128]));
        Assert.NotEqual(0u, Pseudonyms.OfSubject(keys, new byte[1024]));
        Assert.Throws<ArgumentException>(() => Pseudonyms.OfSignal(keys, SignalSource.Crm, new byte[129]));
        Assert.Throws<ArgumentException>(() => Pseudonyms.OfSubject(keys, new byte[1025]));
    }

    [Fact]
    public void The_pool_gives_one_string_for_the_same_bytes()
    {
        var pool = new Utf8StringPool(16);
        Assert.Same(pool.Get("acme"u8), pool.Get("acme"u8));
        Assert.Equal("", pool.Get(""u8));
        Assert.Equal("Zoë", pool.Get("Zoë"u8));
        Assert.Null(pool.Find("Zoë"u8));
    }

    [Fact]
    public void The_pool_is_bounded_and_right_when_it_is_full()
    {
        var pool = new Utf8StringPool(1_000);
        for (var round = 0; round < 3; round++)
            for (var i = 0; i < 5_000; i++)
            {
                var id = $"account-{i}";
                Assert.Equal(id, pool.Get(Encoding.UTF8.GetBytes(id)));
            }
        Assert.InRange(pool.Count, 500, 1_000);
    }

    [Fact]
    public void The_pool_grows_to_its_capacity_and_keeps_what_it_has()
    {
        var pool = new Utf8StringPool(50_000);
        var first = Enumerable.Range(0, 20_000).Select(i => pool.Get(Encoding.UTF8.GetBytes($"a{i}"))).ToArray();
        var kept = Enumerable.Range(0, 20_000).Count(i => ReferenceEquals(first[i], pool.Get(Encoding.UTF8.GetBytes($"a{i}"))));
        Assert.InRange(kept, 19_900, 20_000); // a string in a crowded place may have had to make way
    }

    [Fact]
    public void The_pool_serves_many_threads()
    {
        var pool = new Utf8StringPool(10_000);
        Parallel.For(0, 8, thread =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                var id = $"account-{(i * 31 + thread) % 12_000}";
                Assert.Equal(id, pool.Get(Encoding.UTF8.GetBytes(id)));
            }
        });
    }
}
