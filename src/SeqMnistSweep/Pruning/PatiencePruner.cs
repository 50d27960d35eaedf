using static SeqMnistSweep.SearchSpaces.TrainableParameter;

namespace SeqMnistSweep.Pruning;

/// <summary>Stops a trial that has not become better for a while, whatever the others do.</summary>
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
        "Stops a trial that has not become better for some epochs, whatever the others do.",
        [Patience, MinDelta, Warmup],
        settings => new PatiencePruner((int)Patience.In(settings), MinDelta.In(settings), (int)Warmup.In(settings)));

    public bool IsRung(int epoch) => epoch > warmup + patience;

    public Verdict Judge(LearningCurve trial, IEnumerable<LearningCurve> others)
    {
        var (best, since) = (double.NegativeInfinity, 0);
        for (var epoch = warmup + 1; epoch <= trial.Values.Count; epoch++)
        {
            var better = trial.Values[epoch - 1] > best + minDelta;
            (best, since) = better ? (trial.Values[epoch - 1], 0) : (best, since + 1);
        }

        return since >= patience ? Verdict.Stop : Verdict.Continue;
    }
}
