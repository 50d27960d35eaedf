using System.Reflection;

namespace SeqMnistSweep.Cli.Tests.Architecture;

/// <summary>Layers: whatever a namespace uses does not use it back, by whatever way around.</summary>
public sealed class NamespaceCyclesTests
{
    /// <summary>The domain's folders from the bottom up: each uses those before it only.</summary>
    private static readonly string[] Layers =
    [
        "Outside", "Files", "Security", "Trials", "SearchSpaces", "Trainables", "Definitions", "Importance", "Fronts", "Pruning", "Sampling", "Methods", "Scheduling", "Simulation",
        "SweepFiles", "Grains",
    ];

    [Fact]
    public void The_domain_is_built_in_layers()
    {
        var upwards = new NamespaceGraph(Assembly.Load("SeqMnistSweep")).Arrows
            .Where(arrow => LayerOf(arrow.To) > LayerOf(arrow.From)).Select(arrow => $"{arrow.From} -> {arrow.To}: {arrow.Example}");
        Assert.Empty(upwards);
    }

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
        Assert.True(findings.Length == 0, findings);
    }

    /// <summary>What stands in no folder is below all of them.</summary>
    private static int LayerOf(string name)
    {
        if (name == "SeqMnistSweep") return -1;

        var layer = Array.IndexOf(Layers, name.Split('.')[1]);
        return layer >= 0 ? layer : throw new ArgumentException($"{name} has no place among the layers", nameof(name));
    }
}
