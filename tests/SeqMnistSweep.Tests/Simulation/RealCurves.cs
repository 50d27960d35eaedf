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

    private static readonly Lazy<ImmutableArray<RecordedCurve>> All = new(Read);

    /// <summary>Of the 128 configurations under one seed, 1 or 2; in the order of the configurations.</summary>
    public static ImmutableArray<RecordedCurve> Of(int seed) => [.. All.Value.Where((_, index) => index % 2 == seed - 1)];

    public static SweepDefinition Definition(string pruner = "") => SweepFile.Parse(RepositoryFiles.Read("tests", "SeqMnistSweep.Tests", "Simulation", "curves.yaml") + $"\n{pruner}", "curves.yaml").Definition!;

    /// <summary>The best value that any of them had.</summary>
    public static double Best(IEnumerable<RecordedCurve> curves) => curves.Max(curve => curve.Values.Max());

    private static ImmutableArray<RecordedCurve> Read()
    {
        using var file = File.OpenRead(RepositoryFiles.PathOf("tests", "SeqMnistSweep.Tests", "Simulation", "curves.csv.gz"));
        using var text = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        return RecordedCurve.ReadAll(text);
    }
}
