namespace SeqMnistSweep.Cli.Watching;

/// <summary>The words in which a sweep is shown to a person.</summary>
/// <param name="varied">Parameters that differ between configurations; the others go without saying. Null shows all.</param>
internal sealed class SweepText(IReadOnlySet<string>? varied)
{
    private const int ShortDigits = 4;

    /// <summary><c>42 s</c>, <c>3:05</c> (minutes), <c>1:02:03</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, time.TotalSeconds):0} s"),
        { TotalHours: < 1 } => time.ToString(@"m\:ss", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time:mm\\:ss}"),
    };

    /// <summary>Four digits, for a place that has no room for seventeen.</summary>
    public static Cell Short(ParameterValue? value) => value is null ? Cell.Of(null)
        : value.Kind == ParameterKind.Real ? Short(value.AsReal())
        : Cell.Of(JsonNode.Parse(value.ToJson()));

    /// <inheritdoc cref="Short(ParameterValue?)"/>
    public static Cell Short(double value) => new(value, Cell.Number(value, ShortDigits));

    public string Parameters(ParameterSet parameters) => string.Join(
        ' ', parameters.Where(item => varied?.Contains(item.Key) != false).Select(item => $"{item.Key}={Short(item.Value).Text}"));

    /// <summary>One line for the top: how far, since when.</summary>
    public static string Headline(SweepStatus status)
    {
        var of = status.Planned is { } planned ? $"/{planned}" : "";
        var troubles = string.Concat(new[] { TrialState.Pruned, TrialState.Failed, TrialState.Cancelled }
            .Where(status.Counts.ContainsKey).Select(state => $", {status.Counts[state]} {state.ToName()}"));
        return $"{status.Sweep}  {status.State.ToName()}  {status.Ended}{of} trials{troubles}{Since(status, ", ")}";
    }

    /// <summary>How long something of it has run, behind a separator; empty before anything did.</summary>
    public static string Since(SweepStatus status, string separator) =>
        status.Started is null ? "" : separator + Duration(TimeSpan.FromSeconds(status.RanSeconds));

    /// <summary>When, whose it is, and what happened.</summary>
    public static string Event(StatusEvent happened) => At(
        happened.Time, happened.Trial,
        happened.To is { } to && happened.Text.Length > 0 ? $"{to}: {happened.Text}" : happened.To ?? happened.Text);

    /// <param name="trial">Null for the sweep itself.</param>
    public static string At(DateTimeOffset when, int? trial, string what) =>
        $"{when.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture)}  {(trial is { } number ? $"trial {number}" : "sweep")}  {what}";

    public string Best(SweepStatus status) => status.Best is { } best
        ? ($"best {status.Metric} {Cell.Metric(status.Metric, best.Value).Text} by trial {best.Number}"
            + $"{(best.Epoch is { } epoch ? $" at epoch {epoch}" : "")}  {Parameters(best.Parameters)}").TrimEnd()
        : "nothing has completed yet";
}
