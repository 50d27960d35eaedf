using Xunit.Sdk;

namespace SeqMnistSweep.Head.Tests.Membership;

/// <summary>A case of <see cref="MembershipTableContract"/>, skipped by name where the class needs a program that is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("SeqMnistSweep.Cli.Tests.Hosting.Membership.ServerCaseDiscoverer", "SeqMnistSweep.Cli.Tests")]
public sealed class ContractFactAttribute : FactAttribute;
