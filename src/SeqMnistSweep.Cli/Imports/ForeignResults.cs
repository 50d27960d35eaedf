using SeqMnistSweep.Results.Optuna;

namespace SeqMnistSweep.Cli.Imports;

/// <summary>Results as observations for a new sweep. What is better must be certain: nobody would see later that it was wrong.</summary>
internal static class ForeignResults
{
    /// <summary>The search keeps some hundred of them anyway.</summary>
    private const int MostTrials = 20_000;

    /// <param name="metric">Of a CSV file the column with the values.</param>
    /// <param name="goal">As asked for; null leaves it to the file.</param>
    /// <exception cref="CommandError">The file does not say what is better, has no value, or no parameter of the sweep.</exception>
    public static (ImportedResults Results, string? LeftOut) Read(
        ForeignFile file, string metric, string? goal, SweepDefinition sweep)
    {
        var name = file.Name;
        var (points, own) = file.Study is { } study
            ? OfStudy(study, sweep)
            : (TablePoints.Read(file.Table!, metric, sweep), metric == sweep.Metric.Name ? sweep.Metric.Maximize : (bool?)null);
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
                $"--goal {goal} contradicts {(file.Study is not null ? $"the study in {name}" : $"the sweep's metric {metric}")}, which "
                    + $"is to be {(said ? "maximized" : "minimized")}",
                "leave out --goal");
        }

        if (points.Whole is not { Count: > 0 } told)
        {
            throw new CommandError(
                ExitCodes.NotFound, $"{name} has no completed trial with a finite value",
                points.LeftOut ?? $"of a table --metric names the column with the values, here '{metric}'");
        }

        CheckNames(told, name, sweep);
        return (
            new ImportedResults(
                name, maximize, [.. told.Take(MostTrials).Select(point => new ImportedResult(point.Parameters, point.Value))]),
            points.LeftOut);
    }

    private static (ImportedPoints Points, bool? Maximize) OfStudy(OptunaStudy study, SweepDefinition sweep)
    {
        var read = StudyPoints.Of(study, sweep.Space);
        return (read.Points, read.Maximize);
    }

    private static void CheckNames(IReadOnlyList<PriorPoint> told, string name, SweepDefinition sweep)
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
                theirs.Count == 0 ? "a table has a column for each" : $"{NearestName.Suggest(missing, theirs)}; rename its column");
        }
    }

    /// <summary>A nested parameter stands as a whole, or part by part.</summary>
    private static bool IsOf(string parameter, string their) =>
        parameter == their || parameter.StartsWith(their + ".", StringComparison.Ordinal);
}
