using SeqMnistSweep.Pruning;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.Sampling.Auto;
using SeqMnistSweep.Sampling.Cma;
using SeqMnistSweep.Sampling.Gp;
using SeqMnistSweep.Sampling.Nsga;
using SeqMnistSweep.Sampling.Priors;
using SeqMnistSweep.Sampling.Sobol;
using SeqMnistSweep.Sampling.Tpe;

namespace SeqMnistSweep.Methods;

/// <param name="Description">One line of documentation.</param>
/// <param name="Create">Makes the sampler, without the enqueued points.</param>
/// <param name="IsFinite">Whether it enumerates points, each of them once.</param>
/// <param name="IsAdaptive">Whether it looks at results: what it proposes early it proposes knowing less.</param>
/// <param name="TakesSeveralMetrics">Of an adaptive one: whether it can search for compromises of <c>metrics</c>.</param>
public sealed record SamplerEntry(string Name, string Description, Func<SweepDefinition, ISampler> Create, bool IsFinite = false,
    bool IsAdaptive = false, bool TakesSeveralMetrics = false)
{
    /// <summary>Whether it searches with <c>metrics</c> only.</summary>
    public bool NeedsSeveralMetrics { get; init; }

    /// <summary>Of a method that chooses by the definition: what it chooses and why, for a person; null for a method that has no
    /// choice.</summary>
    public Func<SweepDefinition, string>? Choice { get; init; }

    /// <summary>Makes the pruner that belongs to the method, which takes no other; null for a method without one.</summary>
    public Func<SweepDefinition, IPruner>? Pruner { get; init; }

    /// <summary>Makes the sampler of a method that can begin with what other sweeps found; null for a method that cannot.</summary>
    public Func<SweepDefinition, SearchPrior, ISampler>? CreateWithPrior { get; init; }
}

/// <summary>The values of <c>method</c>.</summary>
public static class SamplerCatalog
{
    /// <summary>In the order in which they are listed for people.</summary>
    public static ImmutableArray<SamplerEntry> All { get; } =
    [
        new(
            "auto",
            "Chooses: a Gaussian process and TPE by turns, TPE alone where that serves better, as for several metrics; plan says which.",
            definition => Auto(definition, SearchPrior.None), IsAdaptive: true, TakesSeveralMetrics: true)
        {
            CreateWithPrior = Auto, Choice = definition => AutoChoice.Of(definition).Why,
        },
        new("grid", "Every combination of the listed values, parameter names sorted, the last one fastest; infeasible points are left out.",
            definition => new GridSampler(definition.Space), IsFinite: true),
        new(
            "sobol",
            "Points spread evenly over all parameters together: Sobol's sequence, scrambled by the seed; an infeasible point is passed "
                + "over.",
            definition => new SobolSampler(definition.Space, definition.SamplerSeed, definition.Scramble)),
        new("bayes", "The tree-structured Parzen estimator, multivariate: proposes near the best so far what is unlike the rest.",
            definition => Tpe(definition, SearchPrior.None), IsAdaptive: true, TakesSeveralMetrics: true) { CreateWithPrior = Tpe },
        new("tpe", "The same as bayes.", definition => Tpe(definition, SearchPrior.None), IsAdaptive: true, TakesSeveralMetrics: true)
        {
            CreateWithPrior = Tpe,
        },
        new("gp", "Bayesian optimisation with a Gaussian process, for budgets of up to some 200 configurations.",
            definition => Gp(definition, SearchPrior.None), IsAdaptive: true) { CreateWithPrior = Gp },
        new(
            "cmaes",
            "CMA-ES: an evolution strategy that learns the scale and the direction of steps; for ranges that depend on each other and "
                + "some hundreds of configurations.",
            definition => new CmaSampler(definition.Space, definition.SamplerSeed), IsAdaptive: true),
        new("nsga2", "NSGA-II: a genetic search for the best compromises of several metrics.",
            definition => new NsgaSampler(definition.Space, definition.SamplerSeed), IsAdaptive: true, TakesSeveralMetrics: true)
        {
            NeedsSeveralMetrics = true,
        },
        new("random", "Independent draws from every parameter's distribution; an infeasible draw is replaced by the next.",
            definition => new RandomSampler(definition.Space, definition.SamplerSeed)),
        new("pbt",
            "Population based training: a random population of run_cap trials, whose worst are replaced by changed copies of the best.",
            definition => new RandomSampler(definition.Space, definition.SamplerSeed))
        {
            Pruner = definition => new PopulationPromoter(definition.RunCap!.Value, definition.Population, definition.SamplerSeed,
                new ParameterMutation(definition.Space, definition.Population.Resample)),
        },
    ];

    /// <summary>The method of that name; null where there is none.</summary>
    public static SamplerEntry? Find(string name) => All.FirstOrDefault(entry => entry.Name == name);

    /// <summary>The definition's sampler: enqueued points first. <c>run_cap</c> is not applied here; it counts configurations.</summary>
    public static ISampler Create(SweepDefinition definition) => Create(definition, SearchPrior.None);

    /// <param name="prior">Must be none for a method that takes none.</param>
    public static ISampler Create(SweepDefinition definition, SearchPrior prior)
    {
        var entry = Find(definition.Method) ?? throw new ArgumentException($"there is no method '{definition.Method}'", nameof(definition));
        var sampler = prior.Points.IsEmpty ? entry.Create(definition) : entry.CreateWithPrior!(definition, prior);
        return definition.Enqueue.IsEmpty
            ? sampler
            : new EnqueuedSampler(definition.Enqueue, definition.Baseline, sampler, entry.IsFinite);
    }

    /// <summary>Why a sweep cannot begin with a prior; null when it can.</summary>
    public static string? WhyNoPrior(SweepDefinition definition)
    {
        var method = Find(definition.Method)!;
        var those = All.Where(entry => entry.CreateWithPrior is not null).Select(entry => entry.Name).ToList();
        if (method.CreateWithPrior is not null)
        {
            return definition.Metrics.Length > 1 ? $"method {method.Name} takes no prior for several metrics" : null;
        }

        var why = method.IsAdaptive ? "" : ": it does not look at results";
        return $"method {method.Name} takes no prior{why}; {string.Join(", ", those.SkipLast(1))} and {those[^1]} do";
    }

    /// <summary>Why nobody tells by how much a proposal is expected to be better; null where a Gaussian process does.</summary>
    public static string? WhyNoImprovement(SweepDefinition definition) => definition.Method switch
    {
        "gp" => null,
        "auto" when AutoChoice.Of(definition) is var choice => choice.Kind == AutoKind.Turns
            ? null
            : $"without a Gaussian process nobody expects an improvement: auto searches here with {choice.Why}",
        var other => $"method {other} expects no improvement: only gp and auto have the model for limits.expected_improvement",
    };

    private static ISampler Auto(SweepDefinition definition, SearchPrior prior) => AutoChoice.Of(definition).Kind switch
    {
        AutoKind.Compromises => new CompromisesSampler(definition.Space, definition.SamplerSeed, definition.Metrics.Length),
        AutoKind.Tpe => Tpe(definition, prior),
        _ => new TurnsSampler(definition.Space, definition.SamplerSeed, prior),
    };

    private static GaussianSampler Gp(SweepDefinition definition, SearchPrior prior) =>
        new(definition.Space, definition.SamplerSeed, prior);

    private static TpeSampler Tpe(SweepDefinition definition, SearchPrior prior) =>
        new(definition.Space, definition.SamplerSeed, prior, definition.Metrics.Length)
        {
            // Brackets hedge against first rungs that mislead by themselves: those of later ones never stand there.
            DoubtsFirstRung = definition.EarlyTerminate is { Type: "asha" } asha && (asha.Settings["brackets"]?.AsInteger() ?? 1) == 1
                && definition.Metrics.Length == 1,
        };
}
