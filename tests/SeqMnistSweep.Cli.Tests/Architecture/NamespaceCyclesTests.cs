using System.Reflection;

namespace SeqMnistSweep.Cli.Tests.Architecture;

/// <summary>Layers: whatever a namespace uses does not use it back, by whatever way around.</summary>
public sealed class NamespaceCyclesTests
{
    /// <summary>Projects whose cycles are still to be mended. Only ever shortened.</summary>
    private static readonly string[] Unmended = ["SeqMnistSweep.Results", "SeqMnistSweep.Head", "seqsweep"];

    [Theory]
    [InlineData("SeqMnistSweep")]
    [InlineData("SeqMnistSweep.Results")]
    [InlineData("SeqMnistSweep.Datasets")]
    [InlineData("SeqMnistSweep.Training")]
    [InlineData("SeqMnistSweep.Head")]
    [InlineData("SeqMnistSweep.Worker")]
    [InlineData("seqsweep")]
    public void No_namespaces_of_a_project_use_each_other(string project)
    {
        var cycles = new NamespaceGraph(Assembly.Load(project)).Cycles();
        var findings = string.Join('\n', cycles.Select(cycle => $"{string.Join(", ", cycle.Namespaces)}\n  {string.Join("\n  ", cycle.Arrows)}"));
        Assert.True(findings.Length == 0 || Unmended.Contains(project), findings);
    }
}
