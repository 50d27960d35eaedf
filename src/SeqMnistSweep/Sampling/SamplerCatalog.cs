using System.Collections.Immutable;
using SeqMnistSweep.Pruning;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Sampling;

/// <param name="Description">One line of documentation.</param>
/// <param name="Create">Makes the sampler, without the enqueued points.</param>
/// <param name="IsFinite">Whether it enumerates points, each of them once.</param>
/// <param name="IsAdaptive">Whether it looks at results: what it proposes early it proposes knowing less.</param>
public sealed record SamplerEntry(string Name, string Description, Func<SweepDefinition, ISampler> Create, bool IsFinite = false, bool IsAdaptive = false)
{
    /// <summary>Makes the pruner that belongs to the method, which takes no other; null for a method without one.</summary>
    public Func<SweepDefinition, IPruner>? Pruner { get; init; }
}

/// <summary>The values of <c>method</c>.</summary>
public static class SamplerCatalog
{
    public static ImmutableArray<SamplerEntry> All { get; } =
    [
        new("grid", "Every combination of the listed values, parameter names sorted, the last one fastest; infeasible points are left out.", definition => new GridSampler(definition.Space), IsFinite: true),
        new("random", "Independent draws from every parameter's distribution; an infeasible draw is replaced by the next.", definition => new RandomSampler(definition.Space, definition.SamplerSeed)),
        new("pbt", "Population based training: a random population of run_cap trials, whose worst are replaced by changed copies of the best.", definition => new RandomSampler(definition.Space, definition.SamplerSeed))
        {
            Pruner = definition => new PopulationPromoter(definition.RunCap!.Value, definition.Population, definition.SamplerSeed, new ParameterMutation(definition.Space, definition.Population.Resample)),
        },
    ];

    /// <summary>Methods that are known by name but not in this version.</summary>
    public static ImmutableArray<string> NotYet { get; } = ["sobol", "bayes", "tpe", "cmaes", "gp", "nsga2"];

    public static SamplerEntry? Find(string name) => All.FirstOrDefault(entry => entry.Name == name);

    /// <summary>The definition's sampler: enqueued points first. <c>run_cap</c> is not applied here; it counts configurations.</summary>
    public static ISampler Create(SweepDefinition definition)
    {
        var entry = Find(definition.Method) ?? throw new ArgumentException($"there is no method '{definition.Method}'", nameof(definition));
        var sampler = entry.Create(definition);
        return definition.Enqueue.IsEmpty ? sampler : new EnqueuedSampler(definition.Enqueue, sampler, entry.IsFinite);
    }
}
