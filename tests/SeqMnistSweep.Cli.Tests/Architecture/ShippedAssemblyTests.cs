using System.Reflection;
using System.Runtime.CompilerServices;

namespace SeqMnistSweep.Cli.Tests.Architecture;

/// <summary>What users install is the product: test equipment is beside the tests, and a project has no door that only a neighbour may use.</summary>
public sealed class ShippedAssemblyTests
{
    private static readonly string[] Shipped =
        ["SeqMnistSweep", "SeqMnistSweep.Datasets", "SeqMnistSweep.Results", "SeqMnistSweep.Training", "SeqMnistSweep.Head", "SeqMnistSweep.Worker", "seqsweep"];

    private static readonly string[] Equipment = ["Bench", "Benchmark", "Fault", "Faults", "Chaos", "Planted", "Soak", "Fake", "Rig"];

    public static TheoryData<string> Assemblies => new(Shipped);

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Only_tests_and_their_equipment_see_what_is_internal(string assembly) => Assert.Empty(
        Assembly.Load(assembly).GetCustomAttributes<InternalsVisibleToAttribute>().Select(friend => friend.AssemblyName).Intersect(Shipped));

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void No_test_equipment_is_installed(string assembly) => Assert.DoesNotContain(
        Assembly.Load(assembly).GetTypes(),
        type => type.Namespace?.StartsWith("SeqMnistSweep", StringComparison.Ordinal) == true && Words(type.Name).Intersect(Equipment).Any());

    /// <summary>Of a name in Pascal case.</summary>
    private static IEnumerable<string> Words(string name) =>
        System.Text.RegularExpressions.Regex.Matches(name, "[A-Z][a-z]*").Select(match => match.Value);
}
