using System.Reflection;

namespace SeqMnistSweep.Cli.Tests.Architecture;

/// <summary>One place per foreign technology.</summary>
public sealed class ForeignTechnologyTests
{
    private static readonly string[] Projects =
    [
        "SeqMnistSweep", "SeqMnistSweep.Results", "SeqMnistSweep.Datasets", "SeqMnistSweep.Training", "SeqMnistSweep.Head", "SeqMnistSweep.Worker", "seqsweep",
    ];

    [Theory]
    [InlineData("YamlDotNet", "SeqMnistSweep")]
    [InlineData("Microsoft.Data.Sqlite", "SeqMnistSweep.Results")]
    [InlineData("SQLitePCLRaw", "SeqMnistSweep.Results")]
    [InlineData("Dapper", "SeqMnistSweep.Results")]
    [InlineData("TorchSharp", "SeqMnistSweep.Training")]
    [InlineData("Spectre.Console", "seqsweep")]
    [InlineData("System.CommandLine", "seqsweep")]
    [InlineData("StackExchange.Redis", "seqsweep")]
    [InlineData("Orleans.Clustering.Redis", "seqsweep")]
    [InlineData("Npgsql", "seqsweep")]
    [InlineData("Orleans.Clustering.AdoNet", "seqsweep")]
    [InlineData("Orleans.Connections.Security", "seqsweep")]
    [InlineData("ModelContextProtocol.Core", "seqsweep")]
    public void Only_one_project_knows_it(string technology, string home) => Assert.Equal([home], Users(technology));

    /// <summary>The head answers over HTTP; the command line hosts it and adds the page of metrics.</summary>
    [Fact]
    public void Only_the_head_and_its_host_know_ASP_NET() => Assert.Equal(["SeqMnistSweep.Head", "seqsweep"], Users("Microsoft.AspNetCore"));

    private static IEnumerable<string> Users(string technology) =>
        Projects.Where(project => Assembly.Load(project).GetReferencedAssemblies().Any(reference =>
            reference.Name == technology || reference.Name!.StartsWith(technology + ".", StringComparison.Ordinal)));

    [Fact]
    public void The_domain_sees_nothing_of_Orleans_that_runs()
    {
        var orleans = Assembly.Load("SeqMnistSweep").GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(name => name.StartsWith("Orleans", StringComparison.Ordinal));
        Assert.DoesNotContain("Orleans.Runtime", orleans);
        Assert.DoesNotContain("Orleans.Server", orleans);
    }

    [Fact]
    public void Whatever_crosses_the_wire_has_a_serializer_and_a_name_of_its_own()
    {
        var wire = Assembly.Load("SeqMnistSweep").GetTypes()
            .Where(type => type.Namespace?.StartsWith("SeqMnistSweep", StringComparison.Ordinal) == true)
            .Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null).ToList();
        Assert.NotEmpty(wire);
        Assert.All(wire, type => Assert.NotEmpty(type.GetCustomAttributes<AliasAttribute>(inherit: false)));
        Assert.Equal(wire.Count, wire.Select(type => type.GetCustomAttributes<AliasAttribute>(inherit: false).First().Alias).Distinct().Count());
    }

    [Fact]
    public void Names_explain_themselves()
    {
        string[] empty = ["Manager", "Service", "Services", "Helper", "Helpers", "Util", "Utils", "Common"];
        var bad = Projects.SelectMany(project => Assembly.Load(project).GetTypes())
            .Where(type => type.Namespace?.StartsWith("SeqMnistSweep", StringComparison.Ordinal) == true)
            .Where(type => empty.Any(word => type.Name.EndsWith(word, StringComparison.Ordinal)));
        Assert.Empty(bad);
    }
}
