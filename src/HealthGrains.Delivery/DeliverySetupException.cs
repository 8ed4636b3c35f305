namespace HealthGrains.Delivery;

/// <summary>
/// The settings of the delivery cannot be. The message tells an operator what is wrong and what to do; a program that starts says it and
/// exits.
/// </summary>
public sealed class DeliverySetupException(string reason, Exception? inner = null) : Exception(reason, inner);
