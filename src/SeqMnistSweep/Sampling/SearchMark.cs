namespace SeqMnistSweep.Sampling;

/// <summary>What an adaptive sampler knew when it proposed.</summary>
/// <param name="Configurations">Their number; all but those in <paramref name="Open"/> had ended.</param>
public sealed record SearchMark(int Configurations, ImmutableArray<OpenConfiguration> Open)
{
    /// <summary>For people: <c>40 configurations, open 38@2 40</c> is 40, all ended but 38, which told of 2 epochs, and 40.</summary>
    public override string ToString() => $"{Configurations} configurations{(Open.IsEmpty ? "" : $", open {string.Join(' ', Open)}")}";
}

/// <summary>A configuration that had not ended.</summary>
/// <param name="Epochs">Epochs that it had reported.</param>
/// <param name="IsPaused">Whether it waited at a rung.</param>
public readonly record struct OpenConfiguration(int Configuration, int Epochs, bool IsPaused)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Configuration}{(Epochs > 0 ? $"@{Epochs}{(IsPaused ? "p" : "")}" : "")}";
}
