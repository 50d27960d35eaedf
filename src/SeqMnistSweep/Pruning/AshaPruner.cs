using static SeqMnistSweep.SearchSpaces.TrainableParameter;

namespace SeqMnistSweep.Pruning;

/// <summary>Asynchronous successive halving, the stopping variant as Optuna and Determined have it: at a rung a trial goes on if it is
/// among the best 1/eta of those that have been there, itself included, and always if it is the best. One that is stopped never comes
/// back.</summary>
internal sealed class AshaPruner(RungLadder ladder, double eta) : IPruner
{
    private static readonly TrainableParameter<long> MinEpochs = Integer("min_epochs", 1, 1, int.MaxValue, "The first rung.");
    private static readonly TrainableParameter<long?> MaxEpochs = OptionalInteger(
        "max_epochs", 2, int.MaxValue, "Epochs of a full training: rungs lie below it. Needed for brackets.");

    private static readonly TrainableParameter<double> Eta = Real(
        "eta", 3, 1.1, 1000, "Each rung lies eta times as far as the one before, and one in eta trials passes it.");

    private static readonly TrainableParameter<string> Mode = Choice(
        "mode", "stopping", ["stopping", "promotion"],
        "stopping: who is not among the best at its arrival ends there. promotion: everyone pauses at every rung, and goes on from its "
            + "checkpoint once it is.");

    private static readonly TrainableParameter<long> Brackets = Integer("brackets", 1, 1, 20,
        "More than one share the configurations: the second leaves out the first rung, and so on. As many as there can be are Hyperband.");

    public static PrunerType Type { get; } = new(
        "asha",
        "Compares trials at rungs, each eta times as far as the one before: the best 1/eta of them go on.",
        [MinEpochs, MaxEpochs, Eta, Mode, Brackets],
        Create)
    {
        Problem = settings => MaxEpochs.In(settings) is null && Brackets.In(settings) > 1
            ? ("'brackets' need 'max_epochs'", "add max_epochs: the epochs of a full training")
            : MaxEpochs.In(settings) <= MinEpochs.In(settings)
            ? ("'max_epochs' must be above 'min_epochs': there is no rung otherwise", "the first rung is at min_epochs")
            : null,
    };

    public bool IsRung(int epoch) => ladder.IsRung(epoch);

    public Verdict Judge(LearningCurve trial, IEnumerable<LearningCurve> others)
    {
        if (ladder.JustReached(trial) is not { } rung) return Verdict.Continue;

        var bracket = ladder.BracketOf(trial.Configuration);
        var rivals = others.Where(other => ladder.BracketOf(other.Configuration) == bracket);
        var order = RungOrder.Among(trial.At(rung), rivals.Select(rival => rival.At(rung)));
        return order.Place <= Math.Max(1, (int)(order.Of / eta)) ? Verdict.Continue : Verdict.Stop;
    }

    private static IPruner Create(ParameterSet settings)
    {
        var eta = Eta.In(settings);
        var ladder = new RungLadder((int)MinEpochs.In(settings), (int?)MaxEpochs.In(settings), eta, (int)Brackets.In(settings));
        return Mode.In(settings) == "promotion" ? new AshaPromoter(ladder, eta) : new AshaPruner(ladder, eta);
    }
}
