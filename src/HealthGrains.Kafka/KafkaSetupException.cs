namespace HealthGrains.Kafka;

/// <summary>
/// Kafka is not set up as the settings say. The message tells an operator what is wrong and what to do; a program that starts
/// says it and exits.
/// </summary>
public sealed class KafkaSetupException(string reason, Exception? inner = null) : Exception(reason, inner);
