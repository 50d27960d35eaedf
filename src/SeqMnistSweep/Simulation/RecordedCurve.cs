namespace SeqMnistSweep.Simulation;

/// <summary>What a trial once reported.</summary>
/// <param name="Values">The metric after each epoch, from epoch 1 on without a gap; NaN and the infinities included.</param>
/// <param name="Seconds">What each of these epochs took.</param>
public sealed record RecordedCurve(string Trial, ImmutableArray<double> Values, ImmutableArray<double> Seconds)
{
    private static readonly string[] Columns = ["trial", "epoch", "metric", "seconds"];

    /// <summary>Reads comma-separated lines under a header that has the columns <c>trial</c>, <c>epoch</c>, <c>metric</c> and
    /// <c>seconds</c>, in any order; others are passed over.</summary>
    /// <returns>In the order in which the trials first occur.</returns>
    /// <exception cref="FormatException">With the line and what is wrong there.</exception>
    public static ImmutableArray<RecordedCurve> ReadAll(TextReader csv)
    {
        var places = PlacesOf(csv.ReadLine() ?? "");
        var rows = new List<(string Trial, int Epoch, double Value, double Seconds)>();
        for (var line = 2; csv.ReadLine() is { } text; line++)
        {
            if (text.Trim().Length > 0)
            {
                rows.Add(RowOf(text, places, line));
            }
        }

        return rows.Count == 0
            ? throw new FormatException("there is no curve below the header")
            : [.. rows.GroupBy(row => row.Trial).Select(trial => Of(trial.Key, [.. trial.OrderBy(row => row.Epoch)]))];
    }

    private static int[] PlacesOf(string header)
    {
        var names = header.Split(',').Select(name => name.Trim().Trim('"')).ToList();
        return Columns.FirstOrDefault(column => !names.Contains(column)) is { } lacking
            ? throw new FormatException($"line 1: the header has no column '{lacking}'; needed are {string.Join(", ", Columns)}")
            : [.. Columns.Select(column => names.IndexOf(column))];
    }

    private static (string Trial, int Epoch, double Value, double Seconds) RowOf(string text, int[] places, int line)
    {
        var cells = text.Split(',').Select(cell => cell.Trim().Trim('"')).ToList();
        if (cells.Count <= places.Max())
        {
            throw new FormatException($"line {line}: {cells.Count} values, where the header has more");
        }

        double Number(int column) => double.TryParse(
            cells[places[column]], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"line {line}: '{cells[places[column]]}' in '{Columns[column]}' is not a number");

        var (epoch, seconds) = (Number(1), Number(3));
        return epoch is < 1 or > EpochReport.MaxEpoch
            || epoch != Math.Floor(epoch) ? throw new FormatException(
                $"line {line}: epoch {cells[places[1]]} is not a whole number of 1 or more")
            : !(seconds >= 0) || double.IsInfinity(seconds) ? throw new FormatException(
                $"line {line}: an epoch cannot take {cells[places[3]]} seconds")
            : (cells[places[0]], (int)epoch, Number(2), seconds);
    }

    private static RecordedCurve Of(string trial, List<(string Trial, int Epoch, double Value, double Seconds)> rows)
    {
        var gap = Enumerable.Range(0, rows.Count).FirstOrDefault(i => rows[i].Epoch != i + 1, -1);
        return gap >= 0
            ? throw new FormatException(
                $"trial {trial}: epoch {gap + 1} "
                    + $"{(gap > 0 && rows[gap].Epoch == gap ? "follows an epoch that is there twice" : "is missing")}")
            : new RecordedCurve(trial, [.. rows.Select(row => row.Value)], [.. rows.Select(row => row.Seconds)]);
    }
}
