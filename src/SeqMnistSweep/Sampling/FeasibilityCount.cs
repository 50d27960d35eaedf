using System.Runtime.CompilerServices;

namespace SeqMnistSweep.Sampling;

/// <summary>How many points of a space are feasible, which rules drop the others, and what came nearest.</summary>
internal sealed class FeasibilityCount
{
    /// <summary>Rules checked at points of connected parameters: some seconds. Beyond it a grid is not counted.</summary>
    private const long MaxChecks = 500_000;

    /// <summary>A head counts the same grid when it reads the file, when it plans and at every edit.</summary>
    private static readonly ConditionalWeakTable<SearchSpace, FeasibilityCount> OfGrids = [];

    private FeasibilityCount(int rules) => NearMisses = new NearMiss?[rules];

    public Int128 Points { get; private set; }

    public Int128 Feasible { get; private set; }

    /// <summary>For each rule the points whose first broken rule it is.</summary>
    public Int128[] Dropped { get; private set; } = [];

    /// <summary>For each rule the dropped point that misses it by least; of rules that are no comparison the first one.</summary>
    public NearMiss?[] NearMisses { get; }

    /// <summary>The first rule that could not be computed.</summary>
    public (int Rule, ExpressionException Error, Candidate At)? Problem { get; private set; }

    /// <summary>False when there were more points than looked at; the counts are then of no use.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>The rules and parameters of a part of a grid in which nothing is feasible; null when there is no such part.</summary>
    public EmptyPart? Nothing { get; private set; }

    /// <param name="Left">Value of the left side of the rule's comparison.</param>
    public sealed record NearMiss(Candidate At, ParameterValue? Left, double Distance);

    public sealed record EmptyPart(int Rule, Int128 Points, ImmutableArray<int> Dimensions);

    /// <summary>Counts a grid that is counted in a few seconds. Any thread may call.</summary>
    /// <inheritdoc cref="OfGrid(SearchSpace, long)"/>
    public static FeasibilityCount OfGrid(SearchSpace space) => OfGrids.GetValue(space, known => OfGrid(known, MaxChecks));

    /// <summary>Counts a grid without walking through all of it: unconnected parameters are counted apart and multiplied.</summary>
    /// <param name="limit">Points of one connected part, times its rules, beyond which it is not counted.</param>
    public static FeasibilityCount OfGrid(SearchSpace space, long limit) => OfGrid(space, new Grid(space), limit);

    /// <inheritdoc cref="OfGrid(SearchSpace, long)"/>
    public static FeasibilityCount OfGrid(SearchSpace space, Grid grid, long limit)
    {
        var rules = space.Constraints.Length;
        var count = new FeasibilityCount(rules) { Points = 1 };
        // Tails[r]: points whose first broken rule is r or a later one, or none.
        var tails = Enumerable.Repeat((Int128)1, rules + 1).ToArray();
        foreach (var part in GridParts.Of(space, grid))
        {
            var sub = grid.Over(part.Axes);
            if (part.Rules.IsEmpty && part.Axes is [_] )
            {
                count.Points *= sub.Count;
                Multiply(tails, Enumerable.Repeat(sub.Count, rules + 1).ToArray());
                continue;
            }

            if (sub.Count * Math.Max(1, part.Rules.Length) > limit)
            {
                count.IsComplete = false;
                return count;
            }

            var counts = count.CountPart(sub, part);
            count.Points *= counts.Sum();
            Multiply(tails, [.. Enumerable.Range(0, rules + 1).Select(r => counts[r..].Sum())]);
        }

        count.Feasible = tails[rules];
        count.Dropped = [.. Enumerable.Range(0, rules).Select(r => tails[r] - tails[r + 1])];
        return count;
    }

    /// <summary>Estimates by drawing; stops early where plenty is feasible.</summary>
    public static FeasibilityCount OfDraws(SearchSpace space, long seed, int draws)
    {
        var draw = new RandomDraw(space, seed);
        var count = new FeasibilityCount(space.Constraints.Length) { Dropped = new Int128[space.Constraints.Length] };
        for (var number = 0; number < draws && !(number >= 2000 && count.Feasible * 20 > count.Points); number++)
        {
            count.Points++;
            var candidate = draw.At(number);
            if (count.Judge(candidate, Enumerable.Range(0, space.Constraints.Length)) is { } rule)
            {
                count.Dropped[rule]++;
            }
            else
            {
                count.Feasible++;
            }
        }

        if (count.Feasible == 0)
        {
            var worst = Array.IndexOf(count.Dropped, count.Dropped.Max());
            count.Nothing = new EmptyPart(worst, count.Points, []);
        }

        return count;
    }

    /// <summary>Points of one part by their first broken rule; the feasible ones last.</summary>
    private Int128[] CountPart(Grid grid, GridPart part)
    {
        var counts = new Int128[NearMisses.Length + 1];
        for (long index = 0; index < grid.Count; index++)
        {
            if (grid.At(index) is { } candidate)
            {
                counts[Judge(candidate, part.Rules) ?? NearMisses.Length]++;
            }
        }

        if (counts[^1] == 0)
        {
            Nothing ??= new EmptyPart(
                Array.IndexOf(counts, counts.Max()), counts.Sum(), [.. part.Axes.SelectMany(axis => axis.Dimensions)]);
        }

        return counts;
    }

    private int? Judge(Candidate candidate, IEnumerable<int> rules)
    {
        var scope = candidate.Rules();
        foreach (var rule in rules)
        {
            if (scope.Check(rule) is not { } violation) continue;

            if (violation.Problem is { } problem)
            {
                Problem ??= (rule, problem, candidate);
            }

            var margin = scope.Margin(rule);
            var distance = margin?.Distance ?? double.MaxValue;
            if (NearMisses[rule] is not { } best || distance < best.Distance)
            {
                NearMisses[rule] = new NearMiss(candidate, margin?.Left, distance);
            }

            return rule;
        }

        return null;
    }

    private static void Multiply(Int128[] left, Int128[] right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            left[i] *= right[i];
        }
    }
}

file static class Sums
{
    public static Int128 Sum(this IEnumerable<Int128> numbers) => numbers.Aggregate((Int128)0, (sum, number) => sum + number);
}
