using System.Text.RegularExpressions;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trainables.Tcn;

namespace SeqMnistSweep.Cli.Tests.Architecture;

/// <summary>What is special to one trainable is said in its module, and read by everybody else from its descriptor.</summary>
public sealed class TrainableModuleTests
{
    private static readonly string Module = Path.Combine("SeqMnistSweep", "Trainables");

    /// <summary>Names of columns, of metrics' keys and of W&amp;B as well, and so written elsewhere with another meaning.</summary>
    private static readonly string[] Words = ["seed", "epochs", "dataset", "optimizer"];

    [Fact]
    public void The_default_programs_name_decides_nowhere_but_in_its_module() =>
        Assert.Empty(FilesWith(new Regex($"\"{TrainableCatalog.Default.Name}\"")));

    [Fact]
    public void Its_parameters_names_decide_nowhere_but_in_its_module()
    {
        var names = TcnParameters.All.Select(parameter => parameter.Name).Except(Words);
        Assert.DoesNotContain(
            FilesWith(new Regex($"\"({string.Join('|', names)})\"")), file => !file.StartsWith("SeqMnistSweep.Training", StringComparison.Ordinal));
    }

    private static IEnumerable<string> FilesWith(Regex literal)
    {
        var source = RepositoryFiles.PathOf("src");
        return Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(source, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(folder => folder is "obj" or "Benchmarks") && !file.StartsWith(Module, StringComparison.Ordinal))
            .Where(file => literal.IsMatch(Regex.Replace(File.ReadAllText(Path.Combine(source, file)), "^ *///.*$", "", RegexOptions.Multiline)));
    }
}
