using SeqMnistSweep.Pruning;

namespace SeqMnistSweep.Methods;

/// <summary>The values of <c>early_terminate.type</c>.</summary>
public static class PrunerCatalog
{
    /// <summary>In the order in which they are listed for people.</summary>
    public static ImmutableArray<PrunerType> All { get; } =
    [
        AshaPruner.Type,
        HyperbandPruner.Type,
        PercentilePruner.Median,
        PercentilePruner.Percentile,
        PatiencePruner.Type,
    ];

    /// <summary>The pruner of that name; null where there is none.</summary>
    public static PrunerType? Find(string type) => All.FirstOrDefault(candidate => candidate.Name == type);

    /// <summary>The pruner of a sweep, its method's own or the one it names; null when every trial runs to its end.</summary>
    public static IPruner? Create(SweepDefinition definition) =>
        SamplerCatalog.Find(definition.Method)?.Pruner is { } own ? own(definition)
        : definition.EarlyTerminate is { } termination
        ? Create(Find(termination.Type) ?? throw new ArgumentException($"there is no pruner '{termination.Type}'", nameof(definition)),
            termination.Settings, definition)
        : null;

    /// <summary>The rungs of a sweep up to an epoch, or hyperband's bands; empty where trials are compared at every epoch, or nowhere.</summary>
    public static IReadOnlyList<int> RungsOf(SweepDefinition definition, int longest) =>
        [.. (Create(definition)?.Ladder ?? []).Where(rung => rung <= longest)];

    private static IPruner Create(PrunerType type, ParameterSet settings, SweepDefinition definition) =>
        type.Create(type.Complete(settings, definition));
}
