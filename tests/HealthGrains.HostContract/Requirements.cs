using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace HealthGrains.HostContract;

/// <summary>
/// On a class that inherits the contract: what its host needs beside this code. Where that is not at hand, every test of the class is
/// skipped with the reason.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class RequirementAttribute : Attribute
{
    /// <summary>Why the tests cannot run; null when they can.</summary>
    public abstract string? Missing { get; }

    internal static string? MissingOf(ITestMethod method) =>
        (method.TestClass.Class as IReflectionTypeInfo)?.Type.GetCustomAttribute<RequirementAttribute>()?.Missing;
}

// By these names, so that the contract's tests are marked as tests are everywhere.

[XunitTestCaseDiscoverer("HealthGrains.HostContract.RequiringFactDiscoverer", "HealthGrains.HostContract")]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactAttribute : Xunit.FactAttribute;

[XunitTestCaseDiscoverer("HealthGrains.HostContract.RequiringTheoryDiscoverer", "HealthGrains.HostContract")]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TheoryAttribute : Xunit.TheoryAttribute;

/// <summary>Finds a test, or says why it is skipped.</summary>
public sealed class RequiringFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    /// <inheritdoc/>
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        RequirementAttribute.MissingOf(testMethod) is { } reason
            ? new XunitSkippedDataRowTestCase(
                DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(),
                testMethod, reason)
            : base.CreateTestCase(discoveryOptions, testMethod, factAttribute);
}

/// <summary>The same, for many rows of data.</summary>
public sealed class RequiringTheoryDiscoverer(IMessageSink messages) : TheoryDiscoverer(messages)
{
    /// <inheritdoc/>
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        RequirementAttribute.MissingOf(testMethod) is { } reason
            ? [new XunitSkippedDataRowTestCase(
                DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(),
                testMethod, reason)]
            : base.Discover(discoveryOptions, testMethod, theoryAttribute);
}
