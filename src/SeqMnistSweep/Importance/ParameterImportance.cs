namespace SeqMnistSweep.Importance;

/// <summary>How much of what makes configurations good is one parameter's doing, beyond what chance alone would show; those that can be told
/// from noise sum to 1.</summary>
/// <param name="Share">0 for a parameter that has no say.</param>
/// <param name="Low">Where nine of ten bootstraps lie, 0 at least.</param>
/// <param name="High">1 at most.</param>
/// <param name="IsNoise">Whether these include that it has no say: it cannot be told from noise.</param>
public sealed record ParameterImportance(string Name, double Share, double Low, double High, bool IsNoise);

/// <summary>Which parameters matter for being among the best of a sweep.</summary>
/// <param name="Configurations">Those that it is computed from.</param>
/// <param name="Unfinished">Those of them that a pruner stopped or holds.</param>
/// <param name="Epoch">They are compared by what they had reached at this epoch; null where all ran to their end.</param>
/// <param name="Needed">With fewer there are no shares.</param>
/// <param name="Enough">With fewer only the strongest effects show.</param>
/// <param name="Shares">Those that can be told from noise first, the most important of them first.</param>
public sealed record ImportanceAnswer(
    int Configurations, int Unfinished, long? Epoch, int Needed, int Enough, IReadOnlyList<ParameterImportance> Shares)
{
    /// <summary>Whether the search looked at results: of a parameter that it narrowed early all configurations are alike, and what it has
    /// to say cannot be told from noise any more.</summary>
    public bool IsAdaptive { get; init; }

    /// <inheritdoc cref="ImportanceEstimate.Of"/>
    public static ImportanceAnswer Of(SearchSpace space, ComparedPoints compared, bool maximize, double quantile) => new(
        compared.Points.Count, compared.Points.Count(point => point.Unfinished), compared.Epoch, ImportanceEstimate.Fewest,
        ImportanceEstimate.Enough,
        ImportanceEstimate.Of(space, [.. compared.Points.Select(point => (point.Parameters, point.Value))], maximize, quantile));
}
