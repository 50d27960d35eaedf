using System.Collections.Immutable;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Pruning;

/// <summary>A value of <c>early_terminate.type</c> with the settings that it takes; a setting without a default must be given.</summary>
/// <param name="Description">One line of documentation.</param>
public sealed record PrunerType(string Name, string Description, ImmutableArray<TrainableParameter> Settings)
{
    public TrainableParameter? Find(string setting) => Settings.FirstOrDefault(candidate => candidate.Name == setting);
}

/// <summary>The settings of every pruner: what the sweep file's <c>early_terminate</c> is checked against.</summary>
public static class PrunerSettings
{
    public static ImmutableArray<PrunerType> All { get; } =
    [
        new("median", "Stops a trial whose best value so far is worse than the median of the others' at the same epoch.",
        [
            TrainableParameter.Integer("startup", 5, 0, int.MaxValue, "Trials that must have ended before any is stopped."),
            TrainableParameter.Integer("warmup", 1, 0, int.MaxValue, "Epochs of every trial that are never judged."),
        ]),
    ];

    /// <summary>Types that are known by name but not in this version.</summary>
    public static ImmutableArray<string> NotYet { get; } = ["hyperband", "asha", "percentile", "patience"];

    public static PrunerType? Find(string type) => All.FirstOrDefault(candidate => candidate.Name == type);
}
