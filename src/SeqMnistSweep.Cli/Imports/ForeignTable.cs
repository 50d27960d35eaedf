using System.Text.Json;

namespace SeqMnistSweep.Cli.Imports;

/// <summary>A table of trials out of a file: a CSV file, or JSON with an object per trial, in a list or one a line.</summary>
/// <param name="Head">Names of the columns, each once.</param>
/// <param name="Rows">As many cells as the head has.</param>
internal sealed record ForeignTable(IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<ForeignCell>> Rows)
{
    private const int MostNamed = 30;

    /// <summary>The sweep of which <c>export</c> wrote the table; null where another tool did.</summary>
    public string? Sweep => Rows.Count > 0 && Head.Contains("trial") ? Rows[0][Require("trial")].Text.Split('/')[0] : null;

    /// <exception cref="CommandError">The text is no such table.</exception>
    public static ForeignTable Read(string text)
    {
        text = text.TrimStart('\uFEFF');
        return text.AsSpan().TrimStart() is ['[' or '{', ..] ? OfJson(text) : OfCsv(text);
    }

    /// <summary>The place of a column.</summary>
    /// <exception cref="CommandError">There is none of that name.</exception>
    public int Require(string column)
    {
        for (var i = 0; i < Head.Count; i++)
        {
            if (Head[i] == column) return i;
        }

        var names = string.Join(", ", Head.Take(MostNamed).Select(name => name.Length <= 60 ? name : name[..60] + "..."));
        throw new CommandError(ExitCodes.Usage, $"there is no column '{column}'",
            $"--metric names one of: {names}{(Head.Count > MostNamed ? $", and {Head.Count - MostNamed} more" : "")}");
    }

    private static ForeignTable OfCsv(string text)
    {
        var lines = CsvText.Lines(text).ToList();
        if (lines.Count == 0) throw new CommandError(ExitCodes.Usage, "the file is empty", "the first line names the columns");

        var head = lines[0].Fields.Select(field => CsvField.Original(field.Text)).ToList();
        if (head.Where(name => name.Length > 0).GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } doubled)
        {
            throw new CommandError(ExitCodes.Usage, $"the column '{doubled.Key}' is there {doubled.Count()} times",
                "give each column a name of its own");
        }

        return new ForeignTable(head, [.. lines.Skip(1).Select(line => line.Fields.Count == head.Count
            ? line.Fields.Select(field => new ForeignCell(CsvField.Original(field.Text), field.IsQuoted)).ToList()
            : throw new CommandError(
                ExitCodes.Usage, $"line {line.Number} has {line.Fields.Count} fields, the first has {head.Count}",
                "a field with a comma stands in quotes"))]);
    }

    private static ForeignTable OfJson(string text)
    {
        var rows = new List<Dictionary<string, ParameterValue>>();
        try
        {
            var isList = text.AsSpan().TrimStart()[0] == '[';
            foreach (var one in isList ? [text] : text.Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)))
            {
                using var document = JsonDocument.Parse(one);
                rows.AddRange((isList ? [.. document.RootElement.EnumerateArray()] : new[] { document.RootElement })
                    .Select(row => row.EnumerateObject().ToDictionary(item => item.Name, item => ParameterValue.FromJson(item.Value))));
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new CommandError(ExitCodes.Usage, $"it is no table in JSON: {error.Message}",
                "a list of objects with one value a name, or one such object a line");
        }

        var head = rows.SelectMany(row => row.Keys).Distinct().ToList();
        return new ForeignTable(head, [.. rows.Select(row => head.Select(name => row.TryGetValue(name, out var value)
            ? new ForeignCell(value.Kind == ParameterKind.Null ? "" : value.ToString(), IsQuoted: false, value)
            : new ForeignCell("", IsQuoted: false)).ToList())]);
    }
}

/// <param name="IsQuoted">Whether it stands in quotes in a CSV file.</param>
/// <param name="Json">The value of JSON, which says its type; null in a CSV file, and where there is none.</param>
internal sealed record ForeignCell(string Text, bool IsQuoted, ParameterValue? Json = null);
