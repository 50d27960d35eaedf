namespace SeqMnistSweep.Worker.Programs;

/// <summary>Reports in the lines of one stream of a program that only prints, as <c>metrics_pattern</c> finds them.</summary>
internal sealed class PatternLines
{
    /// <summary>What may follow a number at once: <c>93.1%</c>, <c>0.5,</c>, <c>(0.5)</c>.</summary>
    private const string After = "%,;:)]}|";

    private readonly MetricsPattern _pattern;

    /// <summary>The last one that was told, also on a line of its own; null before.</summary>
    private int? _epoch;

    private PatternLines(string pattern) => _pattern = MetricsPattern.Parse(pattern);

    /// <summary>Null where the sweep file has no pattern.</summary>
    public static PatternLines? Of(TrialAssignment assignment) =>
        assignment.ProgramSettings.MetricsPattern is { } pattern ? new PatternLines(pattern) : null;

    /// <summary>What a line tells; null for one without a metric.</summary>
    public ProgramLine? In(string line)
    {
        long? step = null;
        var metrics = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (var (name, text) in _pattern.In(line))
        {
            if (ProgramLine.NumberOf(text.Trim().TrimEnd(After.ToCharArray())) is not { } number) continue;

            switch (name)
            {
                case "epoch" when number == Math.Truncate(number):
                    _epoch = (int)Math.Clamp(number, int.MinValue, int.MaxValue);
                    break;
                case "step" when number == Math.Truncate(number) && number >= 0:
                    step = (long)Math.Min(number, long.MaxValue);
                    break;
                default:
                    ProgramLine.Add(metrics, name, number);
                    break;
            }
        }

        return metrics.Count == 0 ? null : new ProgramLine(_epoch, metrics.ToImmutable(), null) { Step = step };
    }
}
