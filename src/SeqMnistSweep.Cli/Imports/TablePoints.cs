namespace SeqMnistSweep.Cli.Imports;

/// <summary>Configurations out of a table of this program's or another tool's.</summary>
internal static class TablePoints
{
    /// <param name="metric">The column with the values.</param>
    /// <param name="sweep">Says what the values are; null where it is not known, then their look does.</param>
    /// <exception cref="CommandError">There is no such column.</exception>
    public static ImportedPoints Read(ForeignTable table, string metric, SweepDefinition? sweep)
    {
        var dialect = TableDialect.Of(table);
        var value = table.Require(metric);
        var state = dialect.State is { } column ? table.Require(column) : -1;
        var parameters = table.Head.Select((name, i) => i == value || IsOtherMetric(name) ? null : dialect.Parameter(name, sweep?.Space))
            .ToList();
        var points = new ImportedPoints();
        foreach (var row in table.Rows)
        {
            var point = Point(row, parameters, sweep?.Space, dialect);
            if (state >= 0 && TableDialect.WhyNoResult(row[state].Text) is { } reason)
            {
                points.LeaveOut(point, reason);
            }
            else
            {
                points.Add(point, double.TryParse(row[value].Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : null);
            }
        }

        return points;

        bool IsOtherMetric(string name) => dialect.TypesByQuotes && sweep?.Metrics.Any(metric => metric.Name == name) == true;
    }

    private static ParameterSet Point(
        IReadOnlyList<ForeignCell> row, List<string?> parameters, SearchSpace? space, TableDialect dialect)
    {
        var values = new Dictionary<string, ParameterValue>(StringComparer.Ordinal);
        var nulls = new List<string>();
        for (var i = 0; i < row.Count; i++)
        {
            if (parameters[i] is not { } name) continue;

            if (row[i].Json?.Kind == ParameterKind.Null)
            {
                nulls.Add(name);
            }
            else if (ValueOf(row[i], dialect.TypesByQuotes) is { } value)
            {
                values.TryAdd(name, ValueText.Settle(space, name, value, row[i].Text, row[i].Json is null));
            }
        }

        return FlatParameters.Nest(FlatParameters.WithNulls(new ParameterSet(values), nulls, space), space);
    }

    /// <summary>Null where there is none. Quotes say nothing of what may be a list.</summary>
    private static ParameterValue? ValueOf(ForeignCell cell, bool typesByQuotes) =>
        cell.Json is { } json ? json
        : cell.IsQuoted && typesByQuotes && cell.Text is not ['[' or '{', ..] ? ParameterValue.Of(cell.Text)
        : cell.Text.Length == 0 ? null
        : ValueText.Guess(cell.Text);
}
