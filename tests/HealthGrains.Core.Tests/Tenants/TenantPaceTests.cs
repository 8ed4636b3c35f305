using HealthGrains.Accounts;
using Xunit;

namespace HealthGrains.Core.Tests.Tenants;

public sealed class TenantPaceTests
{
    private const int Monday = 20_500 + 4;

    [Fact]
    public void A_holiday_is_told_against_the_same_weekday_of_the_other_weeks()
    {
        var pace = Made(days: 84, day => day == 70 ? 0.2 : IsWeekend(day) ? 0.1 : 0.8);
        Assert.Equal(0.25, pace.Against(Monday - 83 + 70), 3);
        Assert.Equal(1, pace.Against(Monday - 83 + 69), 3);
    }

    [Fact]
    public void A_weekend_is_a_weekend_and_not_a_lack_of_use()
    {
        var pace = Made(days: 84, day => IsWeekend(day) ? 0.02 : 0.8);
        for (var day = Monday - 83; day <= Monday; day++) Assert.Equal(1, pace.Against(day));
    }

    [Fact]
    public void What_is_not_known_says_nothing()
    {
        var pace = Made(days: 20, day => day == 10 ? double.NaN : 0.5);
        Assert.Equal(double.NaN, pace.On(Monday - 19 + 10));
        Assert.Equal(1, pace.Against(Monday - 19 + 10));
        Assert.Equal(double.NaN, pace.On(Monday + 1));
        Assert.Equal(double.NaN, TenantPace.Unknown.On(Monday));
        Assert.Equal(1, TenantPace.Unknown.Against(Monday));
    }

    [Fact]
    public void The_last_ninety_days_are_kept_and_read_back_as_they_were_written()
    {
        var pace = Made(days: 100, day => day / 100.0);
        Assert.Equal(TenantPace.Kept, pace.Thousandths.Count);
        var read = TenantPace.Of(pace.LastDay, pace.Thousandths);
        for (var day = Monday - 99; day <= Monday; day++) Assert.Equal(pace.On(day), read.On(day));
        Assert.Equal(0.99, read.On(Monday), 3);
        Assert.Equal(double.NaN, read.On(Monday - 95));
    }

    private static bool IsWeekend(int day) => (day - 83) % 7 is -1 or -2 or 5 or 6;

    private static TenantPace Made(int days, Func<int, double> share)
    {
        var shares = new double[days];
        for (var day = 0; day < days; day++) shares[day] = share(day);
        return TenantPace.Of(Monday, shares);
    }
}
