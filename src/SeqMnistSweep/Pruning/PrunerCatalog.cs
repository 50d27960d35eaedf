using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Pruning;

/// <summary>The pruners by the name that <c>early_terminate.type</c> gives them; <see cref="PrunerSettings"/> has their settings.</summary>
public static class PrunerCatalog
{
    /// <summary>The pruner of a sweep; null when every trial runs to its end.</summary>
    /// <param name="termination">With every setting, as the sweep file's reader fills them in.</param>
    public static IPruner? Create(EarlyTermination? termination) => termination?.Type switch
    {
        null => null,
        "median" => new MedianPruner(Integer(termination, "startup"), Integer(termination, "warmup")),
        var unknown => throw new ArgumentException($"there is no pruner '{unknown}'", nameof(termination)),
    };

    private static int Integer(EarlyTermination termination, string name) => (int)termination.Settings[name]!.AsInteger();
}
