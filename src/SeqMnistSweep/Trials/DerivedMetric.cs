namespace SeqMnistSweep.Trials;

/// <summary>Metrics that the head adds to a report where the sweep names them and the program does not tell them itself. They are those of
/// the trial up to the report; of them the last report counts, not the best.</summary>
public static class DerivedMetric
{
    /// <summary>Trainable numbers of the model: the fact of that name, which the trial tells.</summary>
    public const string Parameters = "parameters";

    /// <summary>Seconds that the trial's attempts have run, all of them together.</summary>
    public const string Seconds = "seconds";

    /// <summary>Epochs trained.</summary>
    public const string Epochs = "epochs";

    /// <summary>Their names.</summary>
    public static ImmutableArray<string> All { get; } = [Parameters, Seconds, Epochs];

    /// <summary>Whether the metric is one of them, whoever tells it.</summary>
    public static bool Is(string metric) => All.Contains(metric);
}
