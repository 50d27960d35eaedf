namespace SeqMnistSweep.Cli.Watching;

/// <summary>Bars out of characters that differ, so that they can be told apart without colour.</summary>
internal static class Bar
{
    /// <param name="share">0 to 1.</param>
    public static string Of(double share, int width, bool unicode)
    {
        var full = (int)Math.Round(Math.Clamp(double.IsNaN(share) ? 0 : share, 0, 1) * width);
        return new string(unicode ? '█' : '#', full) + new string(unicode ? '░' : '.', width - full);
    }

    /// <summary>The trials of a sweep by state: those that have ended first, what is to come last.</summary>
    /// <param name="planned">Trials in all; where that is unknown those that there are.</param>
    public static Line Of(IReadOnlyDictionary<TrialState, int> counts, long? planned, int width, bool unicode)
    {
        (int Count, string Style, char Sign)[] parts =
        [
            (Count(TrialState.Completed), "green", unicode ? '█' : '#'), (Count(TrialState.Pruned), "yellow", unicode ? '▓' : '+'),
            (Count(TrialState.Failed), "red", unicode ? '×' : 'x'), (Count(TrialState.Cancelled), "dim", '-'),
            (Count(TrialState.Running), "blue", unicode ? '▒' : '='),
        ];
        var all = Math.Max(1, Math.Max(planned ?? 0, counts.Values.Sum()));
        var line = new List<(string, string)>();
        var (seen, at) = (0L, 0);
        foreach (var (count, style, sign) in parts.Where(part => part.Count > 0))
        {
            seen += count;
            var to = (int)Math.Round((double)seen * width / all);
            line.Add((new string(sign, to - at), style));
            at = to;
        }

        line.Add((new string(unicode ? '░' : '.', width - at), "dim"));
        return new Line([.. line]);

        int Count(TrialState state) => counts.GetValueOrDefault(state);
    }

    /// <summary>Values as heights of characters; without Unicode there is none.</summary>
    public static string Curve(IReadOnlyList<double?> values, int width, bool unicode)
    {
        const string Heights = "▁▂▃▄▅▆▇█";
        var finite = values.Where(value => value is { } known && double.IsFinite(known)).Select(value => value!.Value).ToList();
        if (!unicode || finite.Count < 2 || width < 1) return "";

        var (low, high) = (finite.Min(), finite.Max());
        var shown = values.Count <= width ? values
            : [.. Enumerable.Range(0, width).Select(i => values[(int)((long)i * (values.Count - 1) / Math.Max(1, width - 1))])];
        return string.Concat(shown.Select(value => value is { } known && double.IsFinite(known)
            ? Heights[high > low ? (int)Math.Round((known - low) / (high - low) * (Heights.Length - 1)) : 0]
            : ' '));
    }
}
