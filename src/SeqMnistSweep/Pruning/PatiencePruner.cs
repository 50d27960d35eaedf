using static SeqMnistSweep.SearchSpaces.TrainableParameter;

namespace SeqMnistSweep.Pruning;

/// <summary>Ends a trial that has not become better for a while, whatever the others do: it has converged.</summary>
/// <param name="patience">Epochs that may pass without a new best.</param>
/// <param name="minDelta">By how much a value must be better to be a new best.</param>
internal sealed class PatiencePruner(int patience, double minDelta, int warmup) : IPruner
{
    private static readonly TrainableParameter<long> Patience = Integer(
        "patience", 5, 1, int.MaxValue, "Epochs that may pass without a new best value.");

    private static readonly TrainableParameter<double> MinDelta = Real(
        "min_delta", 0, 0, double.PositiveInfinity, "By how much a value must be better to count as a new best.", openMax: true);

    private static readonly TrainableParameter<long> Warmup = Integer(
        "warmup", 0, 0, int.MaxValue, "Epochs at the start that do not count.");

    public static PrunerType Type { get; } = new(
        "patience",
        "Ends a trial that has not become better for some epochs, whatever the others do: it has converged and is completed.",
        [Patience, MinDelta, Warmup],
        settings => new PatiencePruner((int)Patience.In(settings), MinDelta.In(settings), (int)Warmup.In(settings)));

    public bool IsRung(int epoch) => epoch > warmup + patience;

    /// <remarks>A report without the metric says nothing, so nobody is stopped by one.</remarks>
    public Verdict Judge(LearningCurve trial, IEnumerable<LearningCurve> others) =>
        BestEpoch(trial) is { } best && trial.Values.Count - best >= patience && !double.IsNaN(trial.Values[^1])
            ? Verdict.Stop
            : Verdict.Continue;

    public string? Convergence(LearningCurve trial) => $"no better since epoch {BestEpoch(trial)}";

    /// <summary>Of several metrics the last at which one became better.</summary>
    private int? BestEpoch(LearningCurve trial)
    {
        int? found = null;
        foreach (var values in trial.Others.Prepend(trial.Values))
        {
            found = BestEpoch(values) is { } best && !(best <= found) ? best : found;
        }

        return found;
    }

    private int? BestEpoch(IReadOnlyList<double> values)
    {
        int? found = null;
        for (var epoch = warmup + 1; epoch <= values.Count; epoch++)
        {
            var value = values[epoch - 1];
            found = !double.IsNaN(value) && (found is null || value > values[found.Value - 1] + minDelta) ? epoch : found;
        }

        return found;
    }
}
