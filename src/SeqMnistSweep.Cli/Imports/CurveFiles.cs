namespace SeqMnistSweep.Cli.Imports;

/// <summary>Curves out of other files than that of the runs, which they name.</summary>
internal static class CurveFiles
{
    /// <summary>The table with the curves of the files beside its own.</summary>
    /// <exception cref="CommandError">A file is not there, has no curves, or none of a run in the table.</exception>
    public static ForeignTable Add(CommandContext context, ForeignTable table, IReadOnlyList<string> files)
    {
        foreach (var file in files)
        {
            var path = Path.GetFullPath(file, context.Folder);
            if (!File.Exists(path)) throw new CommandError(ExitCodes.NotFound, $"there is no file {file}");

            table = Add(table, file, StepTable.Curves(file, ForeignTable.Plain(File.ReadAllText(path))));
        }

        return table;
    }

    private static ForeignTable Add(ForeignTable table, string file, IReadOnlyDictionary<string, IReadOnlyList<CurvePoint>> curves)
    {
        var names = TableDialect.Names.Select(table.IndexOf).Where(at => at >= 0).ToList();
        var found = table.Rows.Select(row => names.Select(at => curves.GetValueOrDefault(row[at].Text))
            .FirstOrDefault(curve => curve is not null)).ToList();
        if (!found.Exists(curve => curve is not null))
        {
            throw new CommandError(
                ExitCodes.NotFound, $"no run of the table is named in {file}",
                $"it has curves of {string.Join(", ", curves.Keys.Take(5))}; the table names its runs in a column "
                    + string.Join(", ", TableDialect.Names));
        }

        return table with { Curves = [.. found.Select((curve, i) => Together(table.Curves?[i] ?? [], curve ?? []))] };
    }

    private static IReadOnlyList<CurvePoint> Together(IReadOnlyList<CurvePoint> one, IReadOnlyList<CurvePoint> other) =>
    [
        .. one.Concat(other).GroupBy(point => point.Step).OrderBy(step => step.Key).Select(step => new CurvePoint(
            step.Key, step.SelectMany(point => point.Metrics).GroupBy(metric => metric.Key)
                .ToDictionary(same => same.Key, same => same.Last().Value))),
    ];
}
