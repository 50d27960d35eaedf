namespace SeqMnistSweep.Cli.Imports;

/// <summary>Tables with whole objects in their cells, as W&amp;B's interface gives runs (<c>config</c>, <c>summary</c>, <c>history</c>) and
/// Ray writes results: each value gets a column of its own.</summary>
internal static class NestedCells
{
    private static readonly Dictionary<string, string> OfWandb = new(StringComparer.Ordinal)
    {
        ["config"] = "config.", ["json_config"] = "config.", ["summary"] = "summary.", ["summaryMetrics"] = "summary.",
        ["summary_metrics"] = "summary.",
    };

    private static readonly string[] Steps = ["_step", "step", "epoch"];

    public static ForeignTable Spread(ForeignTable table)
    {
        var isRay = table.IndexOf("training_iteration") >= 0;
        var nested = Enumerable.Range(0, table.Head.Count).Where(i => isRay || OfWandb.ContainsKey(table.Head[i])).Where(i =>
            table.Rows.Any(row => MapOf(row[i]) is not null)).ToHashSet();
        var history = table.IndexOf("history");
        if (nested.Count == 0 && history < 0) return table;

        var rows = table.Rows.Select(row => Row(table, row, nested, history, isRay)).ToList();
        return ForeignTable.Of(rows) with { Curves = history < 0 ? null : [.. table.Rows.Select(row => Curve(row[history]))] };
    }

    private static Dictionary<string, ForeignCell> Row(
        ForeignTable table, IReadOnlyList<ForeignCell> row, HashSet<int> nested, int history, bool isRay)
    {
        var cells = new Dictionary<string, ForeignCell>(StringComparer.Ordinal);
        for (var i = 0; i < row.Count; i++)
        {
            if (i == history) continue;

            if (nested.Contains(i) && MapOf(row[i]) is { } map)
            {
                var name = table.Head[i];
                foreach (var (path, value) in Leaves(isRay ? name + "/" : OfWandb[name], map, isRay ? '/' : '.'))
                {
                    cells.TryAdd(path, ForeignCell.Of(value));
                }
            }
            else
            {
                cells.TryAdd(table.Head[i], row[i]);
            }
        }

        return cells;
    }

    /// <summary>W&amp;B wraps a value of a configuration as <c>{"value": 1, "desc": null}</c>; maps with a leading <c>_</c> are its
    /// own.</summary>
    private static IEnumerable<(string Path, ParameterValue Value)> Leaves(string prefix, ParameterValue map, char separator) =>
        map.AsMap().Where(item => !(item.Key.StartsWith('_') && item.Value.Kind == ParameterKind.Map)).SelectMany(item =>
            Unwrapped(item.Value) is { Kind: ParameterKind.Map } inner && !inner.AsMap().IsEmpty
                ? Leaves($"{prefix}{item.Key}{separator}", inner, separator)
                : [(prefix + item.Key, Unwrapped(item.Value))]);

    private static ParameterValue Unwrapped(ParameterValue value) =>
        value.Kind == ParameterKind.Map && value.AsMap() is [{ Key: "value" or "desc" }, { Key: "value" or "desc" }]
            ? value.AsMap().First(item => item.Key == "value").Value
            : value;

    private static ParameterValue? MapOf(ForeignCell cell) => cell.Json switch
    {
        { Kind: ParameterKind.Map } map => map,
        null or { Kind: ParameterKind.Text } => PythonLiteral.Map(cell.Text) is { Kind: ParameterKind.Map } map ? map : null,
        _ => null,
    };

    private static IReadOnlyList<CurvePoint> Curve(ForeignCell cell)
    {
        if (cell.Json is not { Kind: ParameterKind.List } list) return [];

        return StepTable.Merge(list.AsList().Where(row => row.Kind == ParameterKind.Map).Select((row, i) =>
        {
            var cells = row.AsMap().ToDictionary(item => item.Key, item => ForeignCell.Of(item.Value));
            var step = Steps.Select(name => cells.GetValueOrDefault(name)?.Number).FirstOrDefault(number => number is not null) ?? i;
            return ((long)step, cells.Where(item => !item.Key.StartsWith('_')).Select(item => (item.Key, item.Value)));
        }));
    }
}
