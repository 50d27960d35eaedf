using Xunit.Abstractions;
using Xunit.Sdk;

namespace SeqMnistSweep.Cli.Tests.Hosting.Membership;

/// <summary>The server program without which a class's tests cannot run.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsServerAttribute(string program) : Attribute
{
    public string Program { get; } = program;
}

/// <summary>Makes cases that are skipped where the class's server is not installed. Unlike a fact's, a contract's cases are written once for classes with different needs.</summary>
public sealed class ServerCaseDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new ServerCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

internal sealed class ServerCase : XunitTestCase
{
    [Obsolete("For deserialisation alone.", error: true)]
    public ServerCase()
    {
    }

    public ServerCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(diagnostics, display, options, method)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute)
    {
        var needs = TestMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsServerAttribute)).SingleOrDefault();
        return needs?.GetNamedArgument<string>(nameof(NeedsServerAttribute.Program)) is { } program && DebianPrograms.Find(program) is null
            ? $"{program} is not installed"
            : null;
    }
}
