using SeqMnistSweep.Sampling.Axes;

namespace SeqMnistSweep.Sampling.Auto;

/// <summary>Which samplers search.</summary>
internal enum AutoKind
{
    /// <summary>TPE by fronts, later by turns with NSGA-II.</summary>
    Compromises,

    /// <summary>The tree-structured Parzen estimator alone.</summary>
    Tpe,

    /// <summary>A Gaussian process and TPE by turns.</summary>
    Turns,
}

/// <summary>What <c>method: auto</c> means for a definition, and why: a function of the definition alone.</summary>
/// <param name="Why">For a person, without a full stop.</param>
internal sealed record AutoChoice(AutoKind Kind, string Why)
{
    /// <summary>Results beyond which TPE goes on alone: what a Gaussian process costs grows with their square.</summary>
    public const int MaxResults = 250;

    /// <summary>Results of several metrics beyond which TPE has company.</summary>
    public const int MaxResultsOfTpe = 150;

    public static AutoChoice Of(SweepDefinition definition)
    {
        if (definition.Metrics.Length > 1)
        {
            return definition.EarlyTerminate is { } some
                ? new(AutoKind.Tpe, $"TPE by fronts, for there are several metrics and {some.Type} ends some trials early")
                : new(
                    AutoKind.Compromises,
                    $"TPE by fronts, for there are several metrics, by turns with NSGA-II after {MaxResultsOfTpe} results");
        }

        if (definition.EarlyTerminate is { } pruner)
        {
            return new(AutoKind.Tpe, $"TPE, which compares trials at the same epoch, for {pruner.Type} ends some early");
        }

        if (definition.Space.Dimensions.Any(dimension => dimension.When is not null))
        {
            return new(AutoKind.Tpe, "TPE, for some parameters exist under a condition only");
        }

        if (definition.RunCap > MostConfigurations)
        {
            return new(AutoKind.Tpe, $"TPE, for run_cap is above {MostConfigurations}");
        }

        var axes = new AxisSpace(definition.Space).Axes;
        var lists = axes.Count(axis => !axis.IsOrdered);
        return lists * 4 > axes.Length * 3
            ? new(AutoKind.Tpe, $"TPE, for {lists} of {axes.Length} parameters are lists without an order")
            : new(AutoKind.Turns, $"a Gaussian process and TPE by turns, TPE alone after {MaxResults} results");
    }

    private const int MostConfigurations = 1000;
}
