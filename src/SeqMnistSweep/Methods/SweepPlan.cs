using SeqMnistSweep.Sampling;

namespace SeqMnistSweep.Methods;

/// <summary>Points that a rule takes out.</summary>
/// <param name="Rule">The rule's text.</param>
/// <param name="Count">Points whose first broken rule it is.</param>
/// <param name="Message">What is said of the example.</param>
/// <param name="Example">The dropped point that comes nearest to satisfying the rule: <c>levels=6 kernel_size=7</c>.</param>
/// <param name="NearestFeasible">What to change in the example: <c>levels 7 (1525 at kernel_size=7)</c>; null for nothing small.</param>
public sealed record DroppedPoints(string Rule, long Count, string Message, string Example, string? NearestFeasible);

/// <summary>What a sweep will try, counted before it runs.</summary>
/// <param name="Points">Points of the grid, or of a space of few; else <c>run_cap</c>, null without one.</param>
/// <param name="Feasible">Those that satisfy all rules; of draws all, for an infeasible one is made again.</param>
/// <param name="Seeds">Seeds of every configuration.</param>
/// <param name="Trials">Configurations that will be tried, enqueued ones and <c>run_cap</c> taken into account, times seeds.</param>
/// <param name="FeasibleShare">Of the space: exact for a grid, estimated for draws.</param>
public sealed record SweepPlan(
    long? Points, long? Feasible, int Seeds, long? Trials, ImmutableArray<DroppedPoints> Dropped, double FeasibleShare)
{
    private const int Draws = 20_000;

    private string _unit = "grid points";

    /// <summary>Whether it is a grid with more points than were to be looked at: then neither points nor trials are known.</summary>
    public bool IsTooLarge { get; private init; }

    /// <summary>Counts a grid exactly, and estimates from draws what share of another space is feasible.</summary>
    /// <param name="whole">Counts a grid of any size, however long that takes, instead of one that is counted in a few seconds.</param>
    public static SweepPlan Of(SweepDefinition definition, bool whole = false)
    {
        var isGrid = SamplerCatalog.Find(definition.Method)!.IsFinite;
        var count = isGrid
            ? whole ? FeasibilityCount.OfGrid(definition.Space, long.MaxValue) : FeasibilityCount.OfGrid(definition.Space)
            : FeasibilityCount.OfDraws(definition.Space, definition.SamplerSeed, definition.Space.Constraints.IsEmpty ? 1 : Draws);
        var dropped = isGrid && count.IsComplete ? DroppedFrom(definition, count) : [];
        var share = (double)count.Feasible / (double)Int128.Max(1, count.Points);
        var seeds = definition.Seeds.Count;
        if (!isGrid)
        {
            var points = Finite(definition)?.Count;
            return new SweepPlan(
                points ?? definition.RunCap, points ?? definition.RunCap, seeds, ConfigurationsOf(definition, points) * seeds, dropped,
                share)
            {
                _unit = points is null ? "draws" : "points",
            };
        }

        if (!count.IsComplete)
        {
            return new SweepPlan(null, null, seeds, definition.RunCap * seeds, [], 1) { IsTooLarge = true };
        }

        var feasible = (long)count.Feasible;
        var configurations = feasible + EnqueuedOutside(definition);
        configurations = Math.Min(configurations, definition.RunCap ?? long.MaxValue);
        return new SweepPlan((long)count.Points, feasible, seeds, configurations * seeds, dropped, share);
    }

    /// <summary>Trials of a sweep that has begun, when that is known: those of the definition and those made besides.</summary>
    /// <param name="made">The configurations that have trials.</param>
    public static long? TrialsWith(SweepDefinition definition, IEnumerable<ParameterSet> made)
    {
        if (!SamplerCatalog.Find(definition.Method)!.IsFinite)
        {
            return ConfigurationsOf(definition, Finite(definition)?.Count, made) * definition.Seeds.Count;
        }

        var count = FeasibilityCount.OfGrid(definition.Space);
        if (!count.IsComplete) return definition.RunCap * definition.Seeds.Count;

        var feasible = (long)count.Feasible;
        var enqueued = definition.Enqueue.ToHashSet();
        var besides = made.Where(point => !enqueued.Contains(point) && !GridMembership.Contains(definition.Space, point)).Distinct()
            .Count();
        return Math.Min(feasible + EnqueuedOutside(definition) + besides, definition.RunCap ?? long.MaxValue) * definition.Seeds.Count;
    }

    /// <summary>Points of a grid that break a rule; 0 where they are not counted.</summary>
    public static long InfeasiblePoints(SweepDefinition definition)
    {
        var count = FeasibilityCount.OfGrid(definition.Space);
        return count.IsComplete ? (long)(count.Points - count.Feasible) : 0;
    }

    /// <summary>The last line of <c>plan</c>, which scripts read: <c>128 grid points, 64 feasible, 3 seeds, 192 trials</c>.</summary>
    public override string ToString() => IsTooLarge ? $"too many grid points to be counted, {Seeds} seeds"
        : Points is null ? $"no end set, {Seeds} seeds"
        : $"{Points} {_unit}, {Feasible} feasible, {Seeds} seeds, {Trials} trials";

    private static FiniteSpace? Finite(SweepDefinition definition) =>
        SamplerCatalog.Find(definition.Method)!.Pruner is null ? FiniteSpace.Of(definition.Space) : null;

    /// <summary>Of a method that draws: as many as <c>run_cap</c> says, or as there are.</summary>
    /// <param name="points">Of a space of few; null for others.</param>
    /// <param name="made">Beside those that the file enqueues.</param>
    private static long? ConfigurationsOf(SweepDefinition definition, long? points, IEnumerable<ParameterSet>? made = null)
    {
        if (points is null || Finite(definition) is not { } finite) return definition.RunCap;

        var doubled = definition.Enqueue.Length - definition.Enqueue.Distinct().Count();
        var outside = definition.Enqueue.Concat(made ?? []).Distinct().Count(point => !finite.Contains(point));
        return Math.Min(points.Value + doubled + outside, definition.RunCap ?? long.MaxValue);
    }

    private static ImmutableArray<DroppedPoints> DroppedFrom(SweepDefinition definition, FeasibilityCount count)
    {
        var rules = ImmutableArray.CreateBuilder<DroppedPoints>();
        for (var i = 0; i < count.Dropped.Length; i++)
        {
            if (count.Dropped[i] > 0 && count.NearMisses[i] is { } miss)
            {
                var space = definition.Space;
                rules.Add(new DroppedPoints(space.Constraints[i].Require.Text, (long)count.Dropped[i],
                    miss.At.Rules().Check(i)?.Message ?? "", NearestFeasible.Describe(space, i, miss.At),
                    NearestFeasible.Of(space, i, miss.At) is [var nearest, ..] ? nearest : null));
            }
        }

        return rules.ToImmutable();
    }

    /// <summary>Enqueued points that the grid does not hold.</summary>
    private static long EnqueuedOutside(SweepDefinition definition)
    {
        var enqueued = definition.Enqueue.ToHashSet();
        return enqueued.Count(point => !GridMembership.Contains(definition.Space, point)) + (definition.Enqueue.Length - enqueued.Count);
    }
}
