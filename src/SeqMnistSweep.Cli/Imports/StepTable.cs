namespace SeqMnistSweep.Cli.Imports;

/// <summary>Tables with a row per step of each run: Ray's <c>progress.csv</c> and <c>result.json</c>, a chart of W&amp;B, reports of
/// <c>export</c>, or any with a column that names the run.</summary>
internal static class StepTable
{
    private const string RayStep = "training_iteration";
    private const string ChartName = " - ";

    private static readonly string[] Axes = [RayStep, "_step", "step", "Step", "epoch", "Epoch", "iteration", "global_step"];

    /// <summary>One row per run, its last values, with its steps as curve; a table that has one already is left as it is.</summary>
    public static ForeignTable Fold(ForeignTable table)
    {
        if (table.Curves is not null || IsOfRuns(table) || Axis(table) is not { } axis) return table;

        var name = TableDialect.Names.Select(table.IndexOf).FirstOrDefault(at => at >= 0, -1);
        var isRay = table.Head[axis] == RayStep;
        if (name < 0 && !isRay) return table;

        var runs = table.Rows.GroupBy(row => name < 0 ? "" : row[name].Text).ToList();

        // A trial of Ray's that was restored has steps twice, of which the later count.
        if (!isRay && (runs.Count == table.Rows.Count || runs.Exists(run => run.DistinctBy(row => row[axis].Text).Count() < run.Count())))
        {
            return table;
        }

        return table with
        {
            Rows = [.. runs.Select(run => Enumerable.Range(0, table.Head.Count)
                .Select(i => run.LastOrDefault(row => row[i].Text.Length > 0)?[i] ?? ForeignCell.Empty).ToList())],
            Curves = [.. runs.Select(run => Merge(run.Select((row, i) => (
                Step: row[axis].Number is { } step && double.IsFinite(step) ? (long)step : i,
                row.Select((cell, column) => (table.Head[column], cell)).Where(pair => pair.Item1 != table.Head[axis])))))],
        };
    }

    /// <summary>The curves of a file by the names of their runs.</summary>
    /// <exception cref="CommandError">There are none in it.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<CurvePoint>> Curves(string file, ForeignTable plain)
    {
        if (IsChart(plain)) return Chart(plain);

        var table = Fold(NestedCells.Spread(plain));
        var name = TableDialect.Names.Select(table.IndexOf).FirstOrDefault(at => at >= 0, -1);
        return table.Curves is { } curves && name >= 0
            ? table.Rows.Select((row, i) => (row[name].Text, curves[i])).DistinctBy(pair => pair.Text)
                .ToDictionary(pair => pair.Text, pair => pair.Item2)
            : throw new CommandError(
                ExitCodes.Usage, $"{file} has no curves",
                $"a row per step, with a column that names the run ({string.Join(", ", TableDialect.Names)}) and one for the step "
                    + $"({string.Join(", ", Axes)}); or a chart of W&B as CSV, with a column 'RUN - METRIC' for each run");
    }

    /// <summary>What several rows say of one step is put together; the last one stands.</summary>
    public static IReadOnlyList<CurvePoint> Merge(IEnumerable<(long Step, IEnumerable<(string Name, ForeignCell Cell)> Cells)> rows)
    {
        var steps = new SortedDictionary<long, SortedDictionary<string, double>>();
        foreach (var (step, cells) in rows)
        {
            var metrics = steps.TryGetValue(step, out var known) ? known : steps[step] = new(StringComparer.Ordinal);
            foreach (var (name, cell) in cells)
            {
                if (cell.Number is { } number)
                {
                    metrics[name] = number;
                }
            }
        }

        return [.. steps.Where(step => step.Value.Count > 0).Select(step => new CurvePoint(step.Key, step.Value))];
    }

    /// <summary>An export of trials, or a table of W&amp;B's, where several runs may have one name.</summary>
    private static bool IsOfRuns(ForeignTable table) =>
        (table.IndexOf("configuration") >= 0 && table.IndexOf("origin") >= 0)
        || (table.IndexOf("Name") >= 0 && table.IndexOf("State") >= 0);

    private static int? Axis(ForeignTable table) => Axes.Select(table.IndexOf).Where(at => at >= 0).Cast<int?>().FirstOrDefault();

    /// <summary>A column for the step and one or three for each run: the mean, the least and the most of some steps.</summary>
    private static bool IsChart(ForeignTable table) =>
        table.Head.Count > 1 && table.Head.Skip(1).All(name => name.Length == 0 || name.Contains(ChartName, StringComparison.Ordinal));

    private static Dictionary<string, IReadOnlyList<CurvePoint>> Chart(ForeignTable table) => table.Head.Index().Skip(1)
        .Where(column => column.Item.Contains(ChartName, StringComparison.Ordinal)
            && !column.Item.EndsWith("__MIN", StringComparison.Ordinal) && !column.Item.EndsWith("__MAX", StringComparison.Ordinal))
        .Select(column => (column.Index, At: column.Item.LastIndexOf(ChartName, StringComparison.Ordinal), column.Item))
        .GroupBy(column => column.Item[..column.At])
        .ToDictionary(run => run.Key, run => Merge(table.Rows.Select((row, i) => (
            Step: row[0].Number is { } step && double.IsFinite(step) ? (long)step : i,
            run.Select(column => (Name: column.Item[(column.At + ChartName.Length)..], Cell: row[column.Index]))
                .Where(pair => !pair.Name.StartsWith('_'))))));
}
