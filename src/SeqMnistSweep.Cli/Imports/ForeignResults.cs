
namespace SeqMnistSweep.Cli.Imports;

/// <summary>Results as observations for a new sweep. What is better must be certain: nobody would see later that it was wrong.</summary>
internal static class ForeignResults
{
    /// <summary>The search keeps some hundred of them anyway.</summary>
    private const int MostTrials = 20_000;

    /// <param name="metric">Of a CSV file the column with the values.</param>
    /// <param name="goal">As asked for; null leaves it to the file.</param>
    /// <exception cref="CommandError">The file does not say what is better, has no value, or no parameter of the sweep.</exception>
    public static ImportedResults Read(string text, string name, string metric, string? goal, SweepDefinition sweep)
    {
        var (points, own) = JournalPoints.Is(text)
            ? OfJournal(text)
            : (CsvPoints.Read(text, metric), metric == sweep.Metric.Name ? sweep.Metric.Maximize : null);
        if ((goal is null ? own : goal == "maximize") is not { } maximize)
        {
            throw new CommandError(
                ExitCodes.Usage,
                $"{name} does not say whether a larger '{metric}' is better",
                $"add --goal maximize or --goal minimize; only for the sweep's own metric, {sweep.Metric.Name}, its goal "
                    + $"({(sweep.Metric.Maximize ? "maximize" : "minimize")}) is taken");
        }

        if (goal is not null && own is { } said && said != maximize)
        {
            throw new CommandError(
                ExitCodes.Usage,
                $"--goal {goal} contradicts {(JournalPoints.Is(text) ? $"the study in {name}" : $"the sweep's metric {metric}")}, which "
                    + $"is to be {(said ? "maximized" : "minimized")}",
                "leave out --goal");
        }

        var told = points.Where(point => point.Value is { } value && double.IsFinite(value)).ToList();
        if (told.Count == 0)
        {
            throw new CommandError(
                ExitCodes.NotFound, $"{name} has no completed trial with a finite value",
                $"of a CSV file --metric names the column with the values, here '{metric}'");
        }

        CheckNames(told, name, sweep);
        return new ImportedResults(
            name, maximize, [.. told.Take(MostTrials).Select(point => new ImportedResult(point.Parameters, point.Value!.Value))]);
    }

    private static (IReadOnlyList<PriorPoint> Points, bool? Maximize) OfJournal(string text)
    {
        var journal = JournalPoints.Read(text);
        return (journal.Points, journal.Maximize);
    }

    private static void CheckNames(List<PriorPoint> told, string name, SweepDefinition sweep)
    {
        var theirs = told.SelectMany(point => point.Parameters).Select(parameter => parameter.Key).Distinct().Order(StringComparer.Ordinal)
            .ToList();
        var missing = sweep.Space.Dimensions
            .Where(dimension => dimension.Distribution.Varies && dimension.When is null
            && !theirs.Any(their => IsOf(dimension.Name, their))).Select(dimension => dimension.Name)
            .FirstOrDefault(parameter => sweep.Space.Trainable.Find(parameter)?.Default is null);
        if (missing is not null)
        {
            throw new CommandError(
                ExitCodes.Usage,
                $"{name} has no parameter '{missing}', which the sweep varies",
                theirs.Count == 0 ? "a CSV file has a column for each" : $"{NearestName.Suggest(missing, theirs)}; rename its column");
        }
    }

    /// <summary>A nested parameter stands as a whole, or part by part.</summary>
    private static bool IsOf(string parameter, string their) =>
        parameter == their || parameter.StartsWith(their + ".", StringComparison.Ordinal);
}

/// <summary>A configuration that somebody has tried elsewhere.</summary>
/// <param name="Value">What it came to; null where nobody says.</param>
internal sealed record PriorPoint(ParameterSet Parameters, double? Value)
{
    /// <summary>The best first, each configuration once, those without a value last.</summary>
    public static IReadOnlyList<PriorPoint> Best(IEnumerable<PriorPoint> points, bool maximize, int most) =>
    [
        .. points
            .OrderBy(point => point.Value is { } value && double.IsFinite(value) ? maximize ? -value : value : double.PositiveInfinity)
            .DistinctBy(point => point.Parameters)
            .Take(most),
    ];
}
