using System.Text;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Intake.Tests;

public class NativeReaderTests
{
    private readonly Fixture _intake = new();

    [Fact]
    public void A_signal_with_all_properties_is_read()
    {
        var batch = _intake.Native(
            """{ "id": "evt-1", "account": "acme", "source": "usage", "kind": "featureUsed", "at": "2026-11-21T10:15:30Z", "subject": "u-17", "name": "reports", "value": 1 }""");
        var (account, signal) = Assert.Single(batch.Signals.ToArray());
        Assert.Equal("acme", account);
        Assert.Equal(SignalKind.FeatureUsed, signal.Kind);
        Assert.Equal(Fixture.Ms("2026-11-21T10:15:30Z"), signal.At);
        Assert.Equal(Pseudonyms.OfSignal(TenantKeys.Repeatable, SignalSource.Usage, "evt-1"u8), signal.Id);
        Assert.Equal(Pseudonyms.OfSubject(TenantKeys.Repeatable, "u-17"u8), signal.Subject);
        Assert.Equal(NameId.Of("reports"), signal.Name);
        Assert.Equal(1f, signal.Value);
        Assert.Equal(Signal.NoSentiment, signal.Sentiment);
        Assert.Equal(new NewName(NameId.Of("reports"), "reports"), Assert.Single(batch.Names));
        Assert.False(batch.CountsLines);
    }
}
