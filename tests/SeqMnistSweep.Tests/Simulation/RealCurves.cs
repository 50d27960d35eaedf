using System.Collections.Immutable;
using System.IO.Compression;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Simulation;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Tests.Simulation;

/// <summary>
/// Learning curves that this program recorded: 128 random configurations of the TCN under two seeds, nine epochs each, on 2,000 images of MNIST
/// (<c>curves.yaml</c> is the file that was run, <c>curves.csv.gz</c> what came of it).
/// </summary>
internal static class RealCurves
{
    public const int Epochs = 9;

    private static readonly Lazy<ImmutableArray<RecordedCurve>> All = new(() => Read("curves"));

    /// <summary>Of the 128 configurations under one seed, 1 or 2; in the order of the configurations.</summary>
    public static ImmutableArray<RecordedCurve> Of(int seed) => [.. All.Value.Where((_, index) => index % 2 == seed - 1)];

    public static SweepDefinition Definition(string pruner = "") => SweepFile.Parse(RepositoryFiles.Read("tests", "SeqMnistSweep.Tests", "Simulation", "curves.yaml") + $"\n{pruner}", "curves.yaml").Definition!;

    /// <summary>The best value that any of them had.</summary>
    public static double Best(IEnumerable<RecordedCurve> curves) => curves.Max(curve => curve.Values.Max());

    /// <summary>Of another kind: its sweep with a pruner, and what was recorded, each epoch as long as any other.</summary>
    /// <param name="kind"><c>glyphs</c>, <c>long</c>, <c>mlp</c> or <c>boost</c>; <c>curves-KIND.yaml</c> says what that is.</param>
    public static (SweepDefinition Definition, ImmutableArray<RecordedCurve> Curves) OfKind(string kind, string pruner = "") => (
        SweepFile.Parse(
            RepositoryFiles.Read("tests", "SeqMnistSweep.Tests", "Simulation", $"curves-{kind}.yaml") + $"\n{pruner}", $"{kind}.yaml").Definition!,
        [.. Read($"curves-{kind}").Select(curve => curve with { Seconds = [.. curve.Values.Select(_ => 1.0)] })]);

    private static ImmutableArray<RecordedCurve> Read(string name)
    {
        using var file = File.OpenRead(RepositoryFiles.PathOf("tests", "SeqMnistSweep.Tests", "Simulation", $"{name}.csv.gz"));
        using var text = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        return RecordedCurve.ReadAll(text);
    }
}
