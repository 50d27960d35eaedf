using System.Text.Json;
using SeqMnistSweep.Clients;

namespace SeqMnistSweep.Cli.Imports;

/// <summary>A table of runs out of a file: a CSV file, or JSON with an object per run, in a list or one a line. A table with a row per step
/// has become one with a row per run.</summary>
/// <param name="Head">Names of the columns, each once.</param>
/// <param name="Rows">As many cells as the head has.</param>
internal sealed record ForeignTable(IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<ForeignCell>> Rows)
{
    private const int MostNamed = 30;

    /// <summary>What each run reported, by ascending steps; null where the table does not say.</summary>
    public IReadOnlyList<IReadOnlyList<CurvePoint>>? Curves { get; init; }

    /// <summary>The sweep of which <c>export</c> wrote the table; null where another tool did.</summary>
    public string? Sweep => Rows.Count > 0 && IndexOf("trial") is >= 0 and var at ? Rows[0][at].Text.Split('/')[0] : null;

    /// <exception cref="CommandError">The text is no such table.</exception>
    public static ForeignTable Read(string text) => StepTable.Fold(NestedCells.Spread(Plain(text)));

    /// <summary>The table as it stands.</summary>
    /// <exception cref="CommandError">The text is none.</exception>
    public static ForeignTable Plain(string text)
    {
        text = text.TrimStart('\uFEFF');
        return text.AsSpan().TrimStart() is ['[' or '{', ..] ? OfJson(text) : OfCsv(text);
    }

    /// <summary>A table of rows that need not have the same columns.</summary>
    public static ForeignTable Of(IReadOnlyList<IReadOnlyDictionary<string, ForeignCell>> rows)
    {
        var head = rows.SelectMany(row => row.Keys).Distinct().ToList();
        return new ForeignTable(
            head, [.. rows.Select(row => head.Select(name => row.GetValueOrDefault(name) ?? ForeignCell.Empty).ToList())]);
    }

    /// <summary>The place of a column; below 0 where there is none of that name.</summary>
    public int IndexOf(string column)
    {
        for (var i = 0; i < Head.Count; i++)
        {
            if (Head[i] == column) return i;
        }

        return -1;
    }

    /// <summary>The place of a column.</summary>
    /// <exception cref="CommandError">There is none of that name.</exception>
    public int Require(string column)
    {
        if (IndexOf(column) is >= 0 and var at) return at;

        var names = string.Join(", ", Head.Take(MostNamed).Select(name => name.Length <= 60 ? name : name[..60] + "..."));
        throw new CommandError(ExitCodes.Usage, $"there is no column '{column}'",
            $"--metric names one of: {names}{(Head.Count > MostNamed ? $", and {Head.Count - MostNamed} more" : "")}");
    }

    /// <summary>Whether a column has numbers alone, and one at least.</summary>
    public bool IsNumeric(int column) =>
        Rows.Any(row => row[column].Text.Length > 0) && Rows.All(row => row[column].Text.Length == 0 || row[column].Number is not null);

    private static ForeignTable OfCsv(string text)
    {
        var lines = CsvText.Lines(text).ToList();
        if (lines.Count == 0) throw new CommandError(ExitCodes.Usage, "the file is empty", "the first line names the columns");

        var head = lines[0].Fields.Select(field => CsvField.Original(field.Text)).ToList();
        if (head.Contains("Name") && head.Contains("State"))
        {
            head = [.. head.Select((name, i) => head.IndexOf(name) < i ? "" : name)]; // W&B has a name twice that is logged and configured
        }

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
            text = PythonJson.Quoted(text);
            foreach (var one in Whole(text) is { } whole ? [whole]
                : text.Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)).Select(Json))
            {
                rows.AddRange((one.Kind == ParameterKind.List ? one.AsList() : Columns(one) ?? [one])
                    .Select(row => row.AsMap().ToDictionary(item => item.Key, item => item.Value)));
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new CommandError(ExitCodes.Usage, $"it is no table in JSON: {error.Message}",
                "a list of objects with one value a name, or one such object a line");
        }

        return Of([.. rows.Select(row => row.ToDictionary(item => item.Key, item => ForeignCell.Of(item.Value)))]);
    }

    private static ParameterValue Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return ParameterValue.FromJson(document.RootElement);
    }

    /// <summary>Null where it is an object a line.</summary>
    private static ParameterValue? Whole(string text)
    {
        try
        {
            return Json(text);
        }
        catch (JsonException) when (text.AsSpan().TrimStart()[0] == '{')
        {
            return null;
        }
    }

    /// <summary>The rows of a table that pandas writes by columns, each a map by the number of the row; null where it is no such.</summary>
    private static IEnumerable<ParameterValue>? Columns(ParameterValue table)
    {
        var columns = table.Kind == ParameterKind.Map ? table.AsMap() : [];
        if (columns.IsEmpty || !columns.All(column => column.Value.Kind == ParameterKind.Map)) return null;

        var numbers = columns[0].Value.AsMap().Select(cell => cell.Key).ToList();
        return columns.All(column => column.Value.AsMap().Select(cell => cell.Key).SequenceEqual(numbers))
            && numbers.TrueForAll(number => int.TryParse(number, CultureInfo.InvariantCulture, out _))
            ? numbers.Select((_, i) => ParameterValue.MapOf(
                columns.Select(column => KeyValuePair.Create(column.Key, column.Value.AsMap()[i].Value))))
            : null;
    }
}

/// <param name="IsQuoted">Whether it stands in quotes in a CSV file.</param>
/// <param name="Json">The value of JSON, which says its type; null in a CSV file, and where there is none.</param>
internal sealed record ForeignCell(string Text, bool IsQuoted, ParameterValue? Json = null)
{
    private const double UnixMilliseconds = 1e11;

    public static readonly ForeignCell Empty = new("", IsQuoted: false);

    /// <summary>Null where it is none; NaN and the infinities are numbers.</summary>
    public double? Number => Json switch
    {
        { IsNumber: true } number => number.AsReal(),
        { Kind: ParameterKind.Boolean or ParameterKind.List or ParameterKind.Map or ParameterKind.Null } => null,
        _ => Text is "inf" or "+inf" ? double.PositiveInfinity
            : Text is "-inf" ? double.NegativeInfinity
            : double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
            : null,
    };

    /// <summary>A time, or the seconds or milliseconds of Unix; null where it is none.</summary>
    public DateTimeOffset? Time =>
        Number is { } number
            ? number is not (> 0 and < 1e14) ? null
                : DateTimeOffset.FromUnixTimeMilliseconds((long)(number < UnixMilliseconds ? number * 1000 : number))
            : DateTimeOffset.TryParse(Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time)
                ? time.ToUniversalTime()
                : null;

    public static ForeignCell Of(ParameterValue value) =>
        new(value.Kind == ParameterKind.Null ? "" : value.ToString(), IsQuoted: false, value);
}
