using System.Collections.Immutable;

namespace SeqMnistSweep.Trainables;

/// <summary>What is known of a program before it runs.</summary>
/// <param name="TakesOthers">Whether parameters beyond the listed ones are passed on; then nothing is known of them.</param>
/// <param name="Metrics">What it reports after every epoch; empty when unknown.</param>
/// <param name="Metric">What is ranked on when the file does not say; null when it must.</param>
public sealed record TrainableDescription(
    string Name,
    string Description,
    ImmutableArray<TrainableParameter> Parameters,
    bool TakesOthers,
    ImmutableArray<string> Metrics,
    string? Metric,
    bool Maximize)
{
    private readonly Dictionary<string, TrainableParameter> _byName = Parameters.ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);

    public IEnumerable<string> Names => Parameters.Select(parameter => parameter.Name);

    public TrainableParameter? Find(string name) => _byName.GetValueOrDefault(name);
}
