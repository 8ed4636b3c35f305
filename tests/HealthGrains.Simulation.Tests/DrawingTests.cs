using FsCheck;
using FsCheck.Fluent;

namespace HealthGrains.Simulation.Tests;

public sealed class DrawingTests
{
    [Fact]
    public void Exponential_and_logarithm_agree_with_the_platforms_to_the_last_places()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20261121, 7), Prop.ForAll<NormalFloat>(number =>
        {
            var x = Math.IEEERemainder((double)number, 600);
            var e = Math.Exp(x);
            return Math.Abs(PortableMath.Exp(x) / e - 1) < 1e-14 && Math.Abs(PortableMath.Log(e) - x) <= 1e-14 * Math.Max(1, Math.Abs(x));
        }));
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.001, -3.090232306167813)]
    public void The_normal_quantile_is_the_tables(double p, double z) => Assert.Equal(z, PortableMath.NormalQuantile(p), 7);

    [Fact]
    public void The_generator_is_xoshiro_seeded_apart_for_every_account_purpose_and_day()
    {
        HashSet<ulong> firsts = [];
        for (var account = 0; account < 30; account++)
        {
            for (var day = -3; day < 30; day++)
            {
                Assert.True(firsts.Add(new Rng(1, account, Draw.Usage, day).Bits()));
                Assert.True(firsts.Add(new Rng(1, account, Draw.Tickets, day).Bits()));
            }
        }
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(3)]
    [InlineData(50)]
    public void Poisson_has_its_mean_and_variance(double mean)
    {
        var rng = new Rng(5, 0, Draw.Facts);
        var draws = Enumerable.Range(0, 40_000).Select(_ => (double)rng.Poisson(mean)).ToArray();
        Assert.InRange(draws.Mean() / mean, 0.94, 1.06);
        Assert.InRange(draws.Variance() / mean, 0.93, 1.07);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(3)]
    [InlineData(80)]
    public void Gamma_has_mean_one_and_variance_one_over_its_shape(double shape)
    {
        var rng = new Rng(6, 0, Draw.Facts);
        var draws = Enumerable.Range(0, 60_000).Select(_ => rng.Gamma(shape)).ToArray();
        Assert.InRange(draws.Mean(), 0.97, 1.03);
        Assert.InRange(draws.Variance() * shape, 0.92, 1.08);
    }

    [Fact]
    public void Normals_are_normal()
    {
        var rng = new Rng(7, 0, Draw.Facts);
        var draws = Enumerable.Range(0, 60_000).Select(_ => rng.Normal()).ToArray();
        Assert.InRange(draws.Mean(), -0.02, 0.02);
        Assert.InRange(draws.Variance(), 0.97, 1.03);
        Assert.InRange(draws.Count(draw => Math.Abs(draw) > 1.96) / 60_000.0, 0.046, 0.054);
    }
}
