using System.Reflection;

namespace SeqMnistSweep.Cli.Tests.Architecture;

/// <summary>The arrows between projects: only towards the domain, Head -> Results and Datasets, Worker and Training -> Datasets, Cli -> all.</summary>
public sealed class ProjectReferenceTests
{
    public static TheoryData<string, string[]> AllowedReferences => new()
    {
        { "SeqMnistSweep", [] },
        { "SeqMnistSweep.Results", ["SeqMnistSweep"] },
        { "SeqMnistSweep.Datasets", ["SeqMnistSweep"] },
        { "SeqMnistSweep.Training", ["SeqMnistSweep", "SeqMnistSweep.Datasets"] },
        { "SeqMnistSweep.Head", ["SeqMnistSweep", "SeqMnistSweep.Results", "SeqMnistSweep.Datasets"] },
        { "SeqMnistSweep.Worker", ["SeqMnistSweep", "SeqMnistSweep.Datasets"] },
    };

    [Theory]
    [MemberData(nameof(AllowedReferences))]
    public void A_project_refers_only_to_those_that_the_design_allows(string project, string[] allowed)
    {
        var references = Assembly.Load(project).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => name.StartsWith("SeqMnistSweep", StringComparison.Ordinal));

        Assert.Empty(references.Except(allowed));
    }
}
