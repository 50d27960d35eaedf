using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Pruning;

/// <summary>The pruners by the name that <c>early_terminate.type</c> gives them.</summary>
public static class PrunerCatalog
{
    /// <summary>The pruner of a sweep; null when every trial runs to its end.</summary>
    public static IPruner? Create(EarlyTermination? termination) => termination?.Type switch
    {
        null => null,
        "median" => new MedianPruner(Integer(termination, "startup", 5), Integer(termination, "warmup", 1)),
        var unknown => throw new ArgumentException($"there is no pruner '{unknown}'", nameof(termination)),
    };

    private static int Integer(EarlyTermination termination, string name, int @default) =>
        termination.Settings[name] is { } value ? (int)value.AsInteger() : @default;
}
