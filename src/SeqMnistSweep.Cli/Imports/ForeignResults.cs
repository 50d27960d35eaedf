namespace SeqMnistSweep.Cli.Imports;

/// <summary>Results as observations for a new sweep. What is better must be certain: nobody would see later that it was wrong.</summary>
internal static class ForeignResults
{
    /// <summary>The search keeps some hundred of them anyway.</summary>
    private const int MostTrials = 20_000;

    /// <param name="metric">Of a CSV file the column with the values.</param>
    /// <param name="goal">As asked for; null leaves it to the file.</param>
    /// <param name="named">The columns that are parameters; empty leaves it to the file.</param>
    /// <exception cref="CommandError">The file does not say what is better, has no value, or no parameter of the sweep.</exception>
    public static (ImportedResults Results, string? LeftOut) Read(
        ForeignFile file, string metric, string? goal, SweepDefinition sweep, IReadOnlyCollection<string>? named = null)
    {
        var name = file.Name;
        var runs = file.Runs(metric, sweep, named);
        var maximize = Maximize(file, metric, goal, sweep);
        var points = ImportedPoints.Of(runs);
        if (points.Whole is not { Count: > 0 } told)
        {
            throw new CommandError(
                ExitCodes.NotFound, $"{name} has no completed trial with a finite value",
                points.LeftOut ?? $"of a table --metric names the column with the values, here '{metric}'");
        }

        CheckNames(told, name, sweep);
        var completed = told.Select(point => new ImportedResult(point.Parameters, point.Value)).ToList();
        var known = points.Results.Select(point => point.Parameters).ToHashSet();
        var stopped = runs.Where(run => run.End == RunEnd.Pruned && !known.Contains(run.Parameters));
        var pruned = FinishedSweep.Trials([.. stopped], metric, maximize)
            .Where(trial => trial is { Value: not null, Reports.IsEmpty: false })
            .Select(trial => new ImportedResult(trial.Parameters, trial.Value!.Value, trial.Reports[^1].Epoch)).ToList();
        var leftOut = pruned.Count == 0 ? points.LeftOut : $"{points.LeftOut}; of the pruned ones {pruned.Count} count as such";
        return (new ImportedResults(name, maximize, [.. completed.Concat(pruned).Take(MostTrials)]), leftOut);
    }

    /// <summary>Whether a larger value is better.</summary>
    /// <param name="sweep">Whose metric it may be; null where there is none.</param>
    /// <exception cref="CommandError">Nothing says so, or the file says otherwise than is asked.</exception>
    public static bool Maximize(ForeignFile file, string metric, string? goal, SweepDefinition? sweep)
    {
        var own = file.Study is { } study ? study.Directions[0]
            : metric == sweep?.Metric.Name ? sweep.Metric.Maximize
            : (bool?)null;
        if ((goal is null ? own : goal == "maximize") is not { } maximize)
        {
            throw new CommandError(
                ExitCodes.Usage,
                $"{file.Name} does not say whether a larger '{metric}' is better",
                "add --goal maximize or --goal minimize" + (sweep is null ? "" : $"; only for the sweep's own metric, {sweep.Metric.Name}, "
                    + $"its goal ({(sweep.Metric.Maximize ? "maximize" : "minimize")}) is taken"));
        }

        return goal is null || own is not { } said || said == maximize
            ? maximize
            : throw new CommandError(
                ExitCodes.Usage,
                $"--goal {goal} contradicts {(file.Study is not null ? $"the study in {file.Name}" : $"the sweep's metric {metric}")}, "
                    + $"which is to be {(said ? "maximized" : "minimized")}",
                "leave out --goal");
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
