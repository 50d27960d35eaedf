using System.Text;

namespace SeqMnistSweep.Cli.Imports;

/// <summary>Configurations out of a CSV file, of <c>export</c> or another tool: a column with the values, one per parameter.</summary>
internal static class CsvPoints
{
    /// <summary>Columns that are no parameters: those of <c>export</c>.</summary>
    private static readonly HashSet<string> NoParameters =
    [
        "trial", "number", "configuration", "state", "cause", "value", "epoch", "epochs", "test_loss", "test_accuracy", "seed",
            "attempts", "worker", "device", "created", "started",
        "finished", "origin", "message",
    ];

    /// <param name="metric">The column with the values.</param>
    /// <exception cref="CommandError">There is no such column, or a line has another number of fields than the first.</exception>
    public static IReadOnlyList<PriorPoint> Read(string text, string metric)
    {
        var lines = Lines(text).ToList();
        if (lines.Count == 0)
        {
            throw new CommandError(ExitCodes.Usage, "the file is empty", "the first line names the columns");
        }

        var head = lines[0];
        var value = head.IndexOf(metric);
        if (value < 0)
        {
            throw new CommandError(ExitCodes.Usage, $"there is no column '{metric}'", $"--metric names one of: {string.Join(", ", head)}");
        }

        return [.. lines.Skip(1).Select((line, i) => line.Count == head.Count
            ? Point(head, line, value)
            : throw new CommandError(
                ExitCodes.Usage, $"line {i + 2} has {line.Count} fields, the first has {head.Count}",
                "a field with a comma stands in quotes"))];
    }

    private static PriorPoint Point(List<string> head, List<string> line, int value) => new(
        new ParameterSet(head.Zip(line).Where((_, i) => i != value)
            .Where(field => field.Second.Length > 0 && !NoParameters.Contains(field.First))
            .Select(
                field => KeyValuePair.Create(
                    field.First.StartsWith("params.", StringComparison.Ordinal) ? field.First["params.".Length..] : field.First,
                    Value(field.Second)))),
        double.TryParse(line[value], CultureInfo.InvariantCulture, out var number) ? number : null);

    private static ParameterValue Value(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? ParameterValue.Of(whole)
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) ? ParameterValue
            .Of(real)
        : text is "true" or "false" or "True" or "False" ? ParameterValue.Of(text is "true" or "True")
        : ParameterValue.Of(text);

    /// <summary>RFC 4180: a field in quotes may hold commas, line ends and doubled quotes.</summary>
    private static IEnumerable<List<string>> Lines(string text)
    {
        var line = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted)
            {
                if (c != '"')
                {
                    field.Append(c);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    field.Append('"');
                    i++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (c == '"')
            {
                quoted = true;
            }
            else if (c is ',' or '\n')
            {
                line.Add(field.ToString().TrimEnd('\r'));
                field.Clear();
                if (c == '\n')
                {
                    yield return line;
                    line = [];
                }
            }
            else
            {
                field.Append(c);
            }
        }

        if (field.Length > 0 || line.Count > 0)
        {
            line.Add(field.ToString());
            yield return line;
        }
    }
}
