namespace SeqMnistSweep.Cli.Client;

/// <summary>The goal of <c>wait --for</c>: <c>done</c>, <c>running</c>, or a bound that the best configuration or a trial that runs
/// reaches: <c>val_accuracy>=0.98</c>.</summary>
internal sealed record WaitGoal(Func<SweepStatus, bool> IsReached)
{
    public static WaitGoal Done { get; } = new(status => status.State.IsFinal());

    private static WaitGoal Started { get; } = new(status =>
        status.Counts.Any(count => count.Key is not (TrialState.Queued or TrialState.Leased) && count.Value > 0));

    /// <param name="metric">The sweep's metric; the bound may name it so, or as <c>metric</c>.</param>
    /// <exception cref="FormatException"><paramref name="text"/> is none of these.</exception>
    public static WaitGoal Parse(string text, string metric)
    {
        if (text is "done" or "running") return text == "done" ? Done : Started;

        var sign = text.IndexOfAny(['<', '>']);
        if (sign <= 0) throw new FormatException($"'{text}' is nothing to wait for");

        var name = text[..sign].Trim();
        var bound = text[(sign + 1)..].TrimStart('=');
        if (name != "metric" && name != metric)
        {
            throw new FormatException($"the sweep is judged by {metric}, not by '{name}'");
        }

        return double.TryParse(bound, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? new(status => status.Running.Select(running => running.Trial.Value).Append(status.Best?.Value)
                .Any(reached => text[sign] == '>' ? reached >= value : reached <= value))
            : throw new FormatException($"'{bound}' in '{text}' is no number");
    }
}
