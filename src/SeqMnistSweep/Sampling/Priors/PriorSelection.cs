using SeqMnistSweep.Sampling.Axes;

namespace SeqMnistSweep.Sampling.Priors;

/// <param name="State">Completed or pruned.</param>
/// <param name="Epochs">Reported.</param>
public sealed record EndedTrial(int Configuration, ParameterSet Parameters, TrialState State, double Value, int Epochs);

/// <summary>Which configurations of an earlier sweep say something of a new one's space, and in which order.</summary>
public static class PriorSelection
{
    /// <summary>Of a longer sweep the best tenth of so many is kept, and of the others an even choice: a model of some hundred points has
    /// the shape of one of thousands.</summary>
    public const int MaxPoints = 250;

    /// <param name="name">The earlier sweep's id, or a file's name.</param>
    /// <param name="maximize">Whether the earlier sweep's metric is.</param>
    public static (PriorSource Source, ImmutableArray<RankedPoint> Points) Of(
        string name, bool maximize, IEnumerable<EndedTrial> trials, SearchSpace space, bool isFile = false)
    {
        var configurations = trials.GroupBy(trial => trial.Configuration).OrderBy(group => group.Key).Select(group => Together([.. group]))
            .ToList();
        var axes = new AxisSpace(space);
        var varied = VariedIn(configurations);
        var inside = configurations
            .Select(configuration => (Point: Fitted(configuration.Parameters, axes, varied), configuration))
            .Where(pair => pair.Point is not null)
            .OrderBy(pair => pair.configuration.State == TrialState.Completed ? 0 : 1)
            .ThenByDescending(pair => pair.configuration.State == TrialState.Completed ? 0
            : pair.configuration.Epochs) // who was stopped later was better
            .ThenBy(pair => maximize ? -pair.configuration.Value : pair.configuration.Value)
            .ToList();
        ImmutableArray<RankedPoint> points = [.. Kept(inside.Count, MaxPoints)
            .Select(i => new RankedPoint(inside[i].Point!, (double)i / inside.Count))];
        return (new PriorSource(name, points.Length, configurations.Count - inside.Count, isFile), points);
    }

    /// <summary>All seeds of a configuration: as far as the furthest came, and the mean of those.</summary>
    private static EndedTrial Together(List<EndedTrial> seeds)
    {
        var completed = seeds.Where(seed => seed.State == TrialState.Completed).ToList();
        var told = completed.Count > 0 ? completed : seeds;
        return told[0] with { Value = told.Average(seed => seed.Value), Epochs = told.Min(seed => seed.Epochs) };
    }

    /// <summary>Names with more than one value. The seed is not among them: it says nothing of the others.</summary>
    private static HashSet<string> VariedIn(List<EndedTrial> configurations) =>
    [
        .. configurations.SelectMany(configuration => configuration.Parameters).Distinct().GroupBy(item => item.Key)
            .Where(values => values.Count() > 1 && values.Key != TrainableDescription.Seed).Select(values => values.Key),
    ];

    /// <summary>A configuration as one of the space; null when it is none. What the space fixes and the earlier sweep fixed too may differ
    /// (a few epochs first, more now): it was the same for all that are ranked. A parameter that the earlier sweep did not have is at its
    /// default.</summary>
    private static ParameterSet? Fitted(ParameterSet earlier, AxisSpace axes, HashSet<string> varied)
    {
        var space = axes.Space;
        if (earlier.Any(item => varied.Contains(item.Key) && Fixed(item.Key) is { } now && !now.Equals(item.Value)))
        {
            return null;
        }

        var point = ParameterSet.Empty;
        foreach (var dimension in space.Dimensions)
        {
            var value = !dimension.Distribution.Varies ? dimension.Distribution.At(0)
                : SearchSpace.Written(earlier, dimension.Name) ?? (
                    dimension.When is null ? space.Trainable.Find(dimension.Name)?.Default : null);
            if (value is null || !IsActive(dimension)) continue;

            if (!IsWithin(dimension.Distribution, value)) return null;

            point = point.With(dimension.Name, value);
        }

        var units = axes.UnitsOf(point);
        var isPlaced = axes.Axes
            .Select((axis, i) => !double.IsNaN(units[i])
            || axis.Dimensions.All(dimension => point[space.Dimensions[dimension].Name] is null)).All(placed => placed);
        return isPlaced && units.Any(unit => !double.IsNaN(unit)) && space.Check(point) is null ? point : null;

        ParameterValue? Fixed(string name) => space.Find(name) is { } dimension
            ? dimension.Distribution.Varies ? null : dimension.Distribution.At(0)
            : space.Trainable.Find(name)?.Default;

        bool IsActive(Dimension dimension) => dimension.When is not { } when
            || when.Terms.All(
                term => (Fixed(term.Name) ?? SearchSpace.Written(earlier, term.Name)) is { } chosen && term.AnyOf.Contains(chosen));
    }

    /// <summary>Whether a number is in a range, or between the ends of a list of numbers. Choices are the axis's matter.</summary>
    private static bool IsWithin(Distribution distribution, ParameterValue value)
    {
        var ends = distribution.Ends.ToList();
        if (!value.IsNumber || ends.Exists(end => end is { IsNumber: false })) return true;

        var number = value.AsReal();
        return ends.Contains(null)
            ? !(ends[0]?.AsReal() > number) && !(ends[^1]?.AsReal() < number)
            : ends.Min(end => end!.AsReal()) <= number && number <= ends.Max(end => end!.AsReal());
    }

    /// <summary>Of so many that are ranked the places of at most <paramref name="most"/>: the best tenth and an even choice.</summary>
    internal static IEnumerable<int> Kept(int count, int most)
    {
        var best = most / 10;
        return count <= most
            ? Enumerable.Range(0, count)
            : [.. Enumerable.Range(0, best),
            .. Enumerable.Range(0, most - best).Select(i => best + (int)((long)i * (count - best) / (most - best)))];
    }
}
