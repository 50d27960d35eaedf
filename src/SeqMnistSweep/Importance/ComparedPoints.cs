namespace SeqMnistSweep.Importance;

/// <summary>A configuration with the value by which it is compared with others.</summary>
/// <param name="Number">Of its first trial.</param>
/// <param name="Value">The mean over its seeds, finite.</param>
/// <param name="Unfinished">Whether a pruner stopped it, or holds it.</param>
public sealed record ComparedPoint(int Number, ParameterSet Parameters, double Value, bool Unfinished);

/// <summary>Configurations that can be compared, by number.</summary>
/// <param name="Epoch">Their values are the best until this epoch; null where they are those of completed trials.</param>
public sealed record ComparedPoints(long? Epoch, IReadOnlyList<ComparedPoint> Points);
