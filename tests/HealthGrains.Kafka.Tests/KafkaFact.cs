namespace HealthGrains.Kafka.Tests;

/// <summary>A test that needs librdkafka; skipped, with the reason, where it cannot be loaded.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KafkaFactAttribute : Xunit.FactAttribute
{
    public KafkaFactAttribute() => Skip = MockKafka.WhyNot;
}

/// <summary>The same, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KafkaTheoryAttribute : Xunit.TheoryAttribute
{
    public KafkaTheoryAttribute() => Skip = MockKafka.WhyNot;
}
