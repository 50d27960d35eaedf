using SeqMnistSweep.Sampling;
using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.SweepFiles.Reading;

/// <summary>Looks for configurations that satisfy the rules before anything runs: all of a grid, a sample of anything else.</summary>
internal sealed class FeasibilityCheck(IReadOnlyList<FileScalar?> places, SourceSpan builtInPlace, DiagnosticBag bag)
{
    private const int Draws = 100_000;

    public void Check(SearchSpace space, bool isGrid, long seed)
    {
        if (isGrid && new Grid(space).Count > Grid.MaxPoints)
        {
            bag.Error(DiagnosticCodes.GridTooLarge, builtInPlace, $"the grid has more than {Grid.MaxPoints:N0} points",
                help: "list fewer values, or use method: random with a run_cap");
            return;
        }

        if (space.Constraints.IsEmpty) return;

        var count = isGrid ? FeasibilityCount.OfGrid(space) : FeasibilityCount.OfDraws(space, seed, Draws);
        if (count.Problem is { } problem)
        {
            var at = places[problem.Rule]?.Part(problem.Error.Offset, problem.Error.Length) ?? builtInPlace;
            // An error inside of a derived value has the offset of its own text.
            if (space.Constraints[problem.Rule].Require.Names.Any(name => space.Derived.Any(derived => derived.Name == name.Name)))
            {
                at = places[problem.Rule]?.Span ?? builtInPlace;
            }

            bag.Error(
                DiagnosticCodes.Evaluation, at,
                "the rule cannot be computed at "
                    + $"{(NearestFeasible.Describe(space, problem.Rule, problem.At) is { Length: > 0 } point ? point : "the defaults")}: "
                    + $"{problem.Error.Message}",
                help: problem.Error.Message.StartsWith("division", StringComparison.Ordinal)
                    ? "guard it, for example: a / b > 1 if b != 0 else false"
                    : null);
        }
        else if (count.Nothing is { } nothing)
        {
            ReportNothing(space, count, nothing, isGrid);
        }
        else if (!isGrid && count.Feasible * 100 < count.Points)
        {
            bag.Warning(DiagnosticCodes.FewFeasible, PlaceOf(Array.IndexOf(count.Dropped, count.Dropped.Max())),
                $"only {(double)count.Feasible / (double)count.Points:P2} of {count.Points:N0} draws satisfy the constraints",
                help: "narrow the ranges: every miss is drawn again");
        }
    }

    /// <summary>A rule that only warns: said once, with the worst case's numbers.</summary>
    public void Warn(SearchSpace space, BuiltInRule wish, bool isGrid, long seed)
    {
        var wished = new SearchSpace(space.Dimensions, space.Zips, space.Derived, [wish.Rule], space.Trainable);
        var count = isGrid ? FeasibilityCount.OfGrid(wished) : FeasibilityCount.OfDraws(wished, seed, 2000);
        if (count.IsComplete && count.Dropped[0] > 0 && count.NearMisses[0] is { } miss)
        {
            var share = isGrid
                ? $"{count.Dropped[0]:N0} of {count.Points:N0} configurations do"
                : $"about {(double)count.Dropped[0] / (double)count.Points:P0} of the configurations do";
            bag.Warning(
                DiagnosticCodes.ReceptiveField, builtInPlace,
                $"{share} {wish.Shortcoming}, for example {NearestFeasible.Describe(wished, 0, miss.At)}: "
                    + $"{miss.At.Rules().Check(0)?.Message}");
        }
    }

    /// <summary>Computes each derived value at one point: a formula that fails there is most likely wrong everywhere.</summary>
    public void TryDerived(SearchSpace space, IReadOnlyDictionary<string, FileScalar> derived, bool isGrid, long seed)
    {
        var candidate = isGrid ? new Grid(space).At(0) : new RandomDraw(space, seed).At(0);
        if (candidate is null) return;

        foreach (var (name, node) in derived)
        {
            try
            {
                _ = candidate.Rules().Lookup(name);
            }
            catch (ExpressionException problem) when (problem.UnknownName is null)
            {
                bag.Error(
                    DiagnosticCodes.Evaluation, node.Span,
                    $"'derived.{name}' cannot be computed at {(space.Dimensions.IsEmpty ? "the defaults" : candidate.ToParameterSet())}: "
                        + $"{problem.Message}");
            }
            catch (ExpressionException)
            {
                // It needs a parameter that is inactive at this point.
            }
        }
    }

    private void ReportNothing(SearchSpace space, FeasibilityCount count, FeasibilityCount.EmptyPart nothing, bool isGrid)
    {
        var miss = count.NearMisses[nothing.Rule];
        var varied = nothing.Dimensions.Where(i => space.Dimensions[i].Distribution.Varies).Select(i => space.Dimensions[i].Name).ToList();
        var what = isGrid
            ? $"{nothing.Points} {(varied.Count > 0 ? $"({string.Join(", ", varied)}) " : "")}point{(nothing.Points == 1 ? "" : "s")}"
            : $"{nothing.Points:N0} draws";
        var nearest = "";
        string? help = null;
        if (miss is not null)
        {
            nearest = $"; nearest: {miss.Left?.ToString() ?? "false"} at "
                + $"{(NearestFeasible.Describe(space, nothing.Rule, miss.At) is { Length: > 0 } point ? point : "the defaults")}";
            var changes = NearestFeasible.Of(space, nothing.Rule, miss.At);
            help = changes.Count > 0 ? "allow " + string.Join(" or ", changes) : miss.At.Rules().Check(nothing.Rule)?.Message;
        }

        var rule = places[nothing.Rule] is null ? $": {space.Constraints[nothing.Rule].Require}" : "";
        bag.Error(DiagnosticCodes.NothingFeasible, PlaceOf(nothing.Rule), "no configuration satisfies the constraints" + rule,
            $"true for 0 of {what}{nearest}", help);
    }

    private SourceSpan PlaceOf(int rule) => places[rule]?.Span ?? builtInPlace;
}
