using System.Text;
using SeqMnistSweep.Files;
using SeqMnistSweep.Outside;

namespace SeqMnistSweep.Cli.Console;

/// <summary>One list of columns and rows, written as <c>-o</c> asks. Names of columns are made unique: <c>a</c>, <c>a_2</c>.</summary>
internal sealed class TableOutput(IEnumerable<string> columns)
{
    private const int Gap = 2;
    private const int NarrowestText = 8;

    /// <summary>Columns that nobody can use in part: what they hold is copied into the next command.</summary>
    private static readonly HashSet<string> Whole = ["sweep", "trial", "state", "example", "time"];

    private readonly List<string> _columns = Unique(columns);
    private readonly List<IReadOnlyList<Cell>> _rows = [];

    public int Rows => _rows.Count;

    /// <summary>A table with a row for each of <paramref name="items"/>.</summary>
    public static TableOutput Of<T>(IEnumerable<string> columns, IEnumerable<T> items, Func<T, IReadOnlyList<object?>> row)
    {
        var table = new TableOutput(columns);
        foreach (var item in items)
        {
            table.Add(row(item));
        }

        return table;
    }

    /// <param name="row">Cells, or values that are shown as <see cref="Cell.Of"/> says.</param>
    public void Add(params IReadOnlyList<object?> row)
    {
        if (row.Count != _columns.Count)
        {
            throw new ArgumentException($"the row has {row.Count} cells, the table {_columns.Count} columns", nameof(row));
        }

        _rows.Add([.. row.Select(value => value is Cell cell ? cell : Cell.Of(value))]);
    }

    /// <returns>How many columns a terminal had no room for; 0 for every other form.</returns>
    public int Write(TextWriter writer, string format, ConsoleProfile profile)
    {
        switch (format)
        {
            case OutputFormat.Json:
                writer.WriteLine(ToText(ToJson(), indented: true));
                return 0;
            case OutputFormat.JsonLines:
                foreach (var row in _rows)
                {
                    writer.WriteLine(ToText(ToJson(row), indented: false));
                }

                return 0;
            case OutputFormat.Csv:
                WriteLines(
                    writer, ',', _columns.Select(name => Quote(CsvField.Harmless(name))),
                    row => row.Select(cell => Quote(cell.IsNumber ? cell.Data : CsvField.Harmless(cell.Data))));
                return 0;
            case OutputFormat.Table when !profile.IsTerminal:
                WriteLines(writer, '\t', _columns, row => row.Select(cell => Plain(cell.Data)));
                return 0;
            default:
                return WriteAligned(writer, profile);
        }
    }

    public JsonArray ToJson() => new([.. _rows.Select(ToJson)]);

    /// <summary>JSON as every <c>-o json</c> prints it.</summary>
    public static string ToText(JsonNode json, bool indented) => json.ToJsonString(indented ? JsonPolicy.Indented : JsonPolicy.OneLine);

    /// <summary>Text on one line and without control characters: what a sweep's author wrote must not steer a terminal.</summary>
    public static string Plain(string text) => OutsideText.OnOneLine(text);

    public static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        double number => double.IsFinite(number)
            ? JsonValue.Create(number)
            : JsonValue.Create(number.ToString(CultureInfo.InvariantCulture)),
        JsonNode node => node.DeepClone(),
        long number => JsonValue.Create(number),
        int number => JsonValue.Create(number),
        bool flag => JsonValue.Create(flag),
        _ => JsonValue.Create(Cell.Of(value).Text),
    };

    private JsonObject ToJson(IReadOnlyList<Cell> row) =>
        new(_columns.Zip(row, (name, cell) => KeyValuePair.Create(name, ToJson(cell.Value))));

    private void WriteLines(
        TextWriter writer, char separator, IEnumerable<string> head, Func<IReadOnlyList<Cell>, IEnumerable<string>> fields)
    {
        writer.WriteLine(string.Join(separator, head));
        foreach (var row in _rows)
        {
            writer.WriteLine(string.Join(separator, fields(row)));
        }
    }

    private int WriteAligned(TextWriter writer, ConsoleProfile profile)
    {
        var texts = _rows.Select(row => row.Select(cell => Plain(cell.Text)).ToList()).ToList();
        var right = _columns.Select((_, i) => _rows.Count > 0 && _rows.All(row => row[i].IsNumber || row[i].Value is null)).ToList();
        var full = _columns.Select((name, i) => texts.Select(row => Width(row[i])).Append(Width(name)).Max()).ToList();
        var least = full
            .Select((width, i) => right[i]
            || Whole.Contains(_columns[i]) ? width : Math.Min(width, Math.Max(NarrowestText, Width(_columns[i])))).ToList();
        var room = profile.Width ?? int.MaxValue;
        if (least.Sum() + (Gap * (least.Count - 1)) > room && WithoutEmpty() is { } fuller) return fuller.WriteAligned(writer, profile);

        var widths = Fit(full, least, room);
        writer.WriteLine(profile.Bold(Line(_columns)));
        foreach (var row in texts)
        {
            writer.WriteLine(Line(row));
        }

        return _columns.Count - widths.Count;

        string Line(IReadOnlyList<string> cells)
        {
            var line = new StringBuilder();
            for (var i = 0; i < widths.Count; i++)
            {
                var text = Cut(cells[i], widths[i], profile.Unicode);
                var space = new string(' ', widths[i] - Width(text));
                line.Append(i > 0 ? new string(' ', Gap) : "").Append(right[i] ? space + text : text + space);
            }

            return line.ToString().TrimEnd();
        }
    }

    /// <summary>Columns that say nothing are the first that a narrow terminal leaves out; null where there is none.</summary>
    private TableOutput? WithoutEmpty()
    {
        var filled = Enumerable.Range(0, _columns.Count).Where(i => _rows.Any(row => row[i].Text.Length > 0)).ToList();
        if (filled.Count == 0 || filled.Count == _columns.Count) return null;

        var table = new TableOutput(filled.Select(i => _columns[i]));
        foreach (var row in _rows)
        {
            table._rows.Add([.. filled.Select(i => row[i])]);
        }

        return table;
    }

    /// <summary>The widest columns of text give way first, each down to its least; then columns are left out from the right.</summary>
    private static List<int> Fit(List<int> widths, List<int> least, int room)
    {
        while (widths.Count > 1 && least.Take(widths.Count).Sum() + (Gap * (widths.Count - 1)) > room)
        {
            widths.RemoveAt(widths.Count - 1);
        }

        for (var over = widths.Sum() + (Gap * (widths.Count - 1)) - room; over > 0; over--)
        {
            var widest = Enumerable.Range(0, widths.Count).Where(i => widths[i] > least[i]).DefaultIfEmpty(-1).MaxBy(
                i => i < 0 ? 0 : widths[i]);
            if (widest < 0) break;

            widths[widest]--;
        }

        return widths;
    }

    public static string Cut(string text, int width, bool unicode)
    {
        if (Width(text) <= width) return text;

        var mark = unicode ? "…" : "~";
        return new StringInfo(text).SubstringByTextElements(0, width - 1) + mark;
    }

    private static int Width(string text) => new StringInfo(text).LengthInTextElements;

    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static List<string> Unique(IEnumerable<string> names)
    {
        var unique = new List<string>();
        foreach (var name in names.Select(Plain))
        {
            var candidate = name;
            for (var n = 2; unique.Contains(candidate); n++)
            {
                candidate = $"{name}_{n}";
            }

            unique.Add(candidate);
        }

        return unique;
    }
}

/// <summary>The values of <c>-o</c>.</summary>
internal static class OutputFormat
{
    public const string Table = "table";
    public const string Json = "json";
    public const string JsonLines = "jsonl";
    public const string Csv = "csv";

    public static readonly string[] All = [Table, Json, JsonLines, Csv];
}
