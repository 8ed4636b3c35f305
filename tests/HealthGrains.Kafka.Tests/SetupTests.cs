using System.Diagnostics.Metrics;
using Confluent.Kafka;
using HealthGrains.Signals;
using Microsoft.Extensions.Configuration;

namespace HealthGrains.Kafka.Tests;

public sealed class SetupTests
{
    [Theory]
    [InlineData("BootstrapServers", "", "BootstrapServers is empty: name the brokers, such as kafka-1:9092,kafka-2:9092")]
    [InlineData("GroupId", " ", "GroupId is empty: name the consumer group, the same on every silo")]
    [InlineData("Topics:Usage", "a b", "Topics:Usage is 'a b'; a topic's name is 1 to 249 characters of A-Z a-z 0-9 . _ -")]
    [InlineData("Formats:Billing", "xml", "Formats:Billing is 'xml', which is no format; known: native, segment, stripe, any, packed")]
    [InlineData("Formats:Billing", "profile", "Formats:Billing is 'profile', which is no format; known: native, segment, stripe, any, packed")]
    [InlineData("Rejected", "healthgrains.usage", "Rejected is healthgrains.usage, which is read as well; what is rejected would come in again: name another topic")]
    [InlineData("LowWater", "20000", "LowWater is 20000; it must be between 0 and 19999")]
    [InlineData("CommitInterval", "00:00:00", "CommitInterval is 00:00:00; it must be between 00:00:00.0100000 and 00:05:00")]
    [InlineData("Settings:enable.auto.commit", "true", "Settings:enable.auto.commit is not to be set: what is acknowledged and committed hangs on it; take it out")]
    [InlineData("Settings:group_id", "x", "Settings:group_id is not to be set: what is acknowledged and committed hangs on it; take it out")]
    public void A_setting_that_cannot_be_is_told_with_what_would_be_right(string name, string value, string told)
    {
        var failure = Assert.Throws<KafkaSetupException>(() => Bind((name, value)));
        Assert.Equal($"HealthGrains:Kafka:{told}", failure.Message);
    }

    [Fact]
    public void Settings_that_are_not_numbers_are_told()
    {
        var failure = Assert.Throws<KafkaSetupException>(() => Bind(("BatchMessages", "many")));
        Assert.StartsWith("HealthGrains:Kafka cannot be read: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Topics_formats_and_librdkafkas_own_settings_come_from_the_configuration()
    {
        var options = Bind(("Topics:Usage", "product.events"), ("Formats:usage", "segment"), ("Settings:security_protocol", "SASL_SSL"),
            ("MemberId", "silo-1"), ("CommitInterval", "00:00:02"));
        Assert.Equal("product.events", options.TopicOf(SignalSource.Usage));
        Assert.Equal("healthgrains.tickets", options.TopicOf(SignalSource.Ticket));
        Assert.Equal("segment", options.FormatOf(SignalSource.Usage));
        var consumer = ClientSettings.Consumer(options);
        Assert.Equal(("SASL_SSL", "silo-1", false),
            (consumer.Get("security.protocol"), consumer.GroupInstanceId, consumer.EnableAutoCommit!.Value));
    }

    [Fact]
    public void Sources_that_share_a_topic_share_its_format()
    {
        var failure = Assert.Throws<KafkaSetupException>(() => Bind(("Topics:Usage", "all"), ("Topics:Crm", "all"), ("Formats:Crm", "segment")));
        Assert.Contains("which share the topic all, two formats; give them one", failure.Message, StringComparison.Ordinal);
        Assert.Equal(4, Bind(("Topics:Usage", "all"), ("Topics:Crm", "all")).SourceTopics.Count);
    }

    [KafkaFact]
    public async Task A_broker_that_does_not_answer_is_told_at_start()
    {
        var options = new KafkaOptions { BootstrapServers = "127.0.0.1:1", CheckTimeout = TimeSpan.FromMilliseconds(500) };
        var failure = await Assert.ThrowsAsync<KafkaSetupException>(() => KafkaCheck.RunAsync(options, CancellationToken.None));
        Assert.StartsWith("No broker of 127.0.0.1:1 answers within 0.5 s (", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Start Kafka, or correct HealthGrains:Kafka:BootstrapServers", failure.Message, StringComparison.Ordinal);
    }

    [KafkaFact]
    public async Task Topics_that_are_missing_or_forbidden_are_told_at_start_and_not_made()
    {
        using var kafka = new MockKafka();
        var options = kafka.Options();
        await KafkaCheck.RunAsync(options, CancellationToken.None);
        options.Topics[SignalSource.Billing] = "invoices";
        options.Rejected = "dead";
        kafka.Break(options.TopicOf(SignalSource.Crm), ErrorCode.TopicAuthorizationFailed);
        for (var time = 0; time < 2; time++)
        {
            var failure = await Assert.ThrowsAsync<KafkaSetupException>(() => KafkaCheck.RunAsync(options, CancellationToken.None));
            Assert.Equal(
                "The topic invoices does not exist: make it, or name another one in HealthGrains:Kafka:Topics:Billing. "
                + "No permission to see the topic healthgrains.crm: allow this user to read it (and to write it, where the API takes signals). "
                + "The topic dead does not exist: make it, or name another one in HealthGrains:Kafka:Rejected", failure.Message);
        }
    }

    [KafkaFact]
    public async Task A_setting_that_librdkafka_refuses_is_told_at_start()
    {
        var options = new KafkaOptions { BootstrapServers = "127.0.0.1:1", Settings = { ["security.protocol"] = "carrier pigeon" } };
        var failure = await Assert.ThrowsAsync<KafkaSetupException>(() => KafkaCheck.RunAsync(options, CancellationToken.None));
        Assert.Contains("carrier pigeon", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("Look at HealthGrains:Kafka:Settings", failure.Message, StringComparison.Ordinal);
    }

    [KafkaFact]
    public async Task Lag_and_rates_are_measured_by_topic()
    {
        await using var kafka = new KafkaFixture();
        var counted = new System.Collections.Concurrent.ConcurrentDictionary<(string, string?), long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Meter == kafka.Figures.Meter) to.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => counted.AddOrUpdate(
            (instrument.Name, tags.Length == 0 ? null : tags[0].Value?.ToString()), value,
            (_, sum) => instrument is Counter<long> ? sum + value : value));
        listener.Start();

        var sink = new RecordingSink { SavesAtOnce = false };
        var member = await kafka.StartAsync(sink);
        Assert.All(member.Lags(), lag => Assert.Equal(-1, lag.Messages));
        await kafka.SendLoginsAsync(0, 10);
        await kafka.SendAsync(SignalSource.Usage, KafkaFixture.Message("acme", "{broken"));
        await kafka.UntilHandedAsync(sink, 10);
        sink.SaveBefore(kafka.First, 4);
        await Wait.Until(() => member.Lags().Any(lag => lag.Topic == kafka.Usage && lag.Messages == 7),
            () => $"a lag of 7: {string.Join(", ", member.Lags())}");
        listener.RecordObservableInstruments();
        Assert.Equal(7, counted[("healthgrains.kafka.lag", kafka.Usage)]);
        Assert.Equal(11, counted[("healthgrains.kafka.consumed", kafka.Usage)]);
        Assert.Equal(10, counted[("healthgrains.kafka.signals", kafka.Usage)]);
        Assert.Equal(1, counted[("healthgrains.kafka.rejected", kafka.Usage)]);
        Assert.True(counted[("healthgrains.kafka.commits", "done")] > 0);
        Assert.True(counted[("healthgrains.kafka.rebalances", "assigned")] > 0);
    }

    private static KafkaOptions Bind(params (string Name, string Value)[] settings) => KafkaExtensions.Bind(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Prepend(("BootstrapServers", "kafka:9092")).GroupBy(one => one.Item1)
            .Select(one => KeyValuePair.Create($"HealthGrains:Kafka:{one.Key}", (string?)one.Last().Item2)))
        .Build());
}
