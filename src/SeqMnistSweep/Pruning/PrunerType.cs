namespace SeqMnistSweep.Pruning;

/// <summary>A value of <c>early_terminate.type</c> with the settings that it takes; a setting without a default may be left out.</summary>
/// <param name="Description">One line of documentation.</param>
/// <param name="Create">From settings that are accepted and have no <see cref="Problem"/>, defaults filled in.</param>
public sealed record PrunerType(
    string Name, string Description, ImmutableArray<TrainableParameter> Settings, Func<ParameterSet, IPruner> Create)
{
    /// <summary>Settings that are accepted each but make no sense together: what is wrong, and the fix. Null when nothing is.</summary>
    public Func<ParameterSet, (string Problem, string Fix)?> Problem { get; init; } = _ => null;

    /// <summary>The setting of that name; null where it takes none.</summary>
    public TrainableParameter? Find(string setting) => Settings.FirstOrDefault(candidate => candidate.Name == setting);
}
