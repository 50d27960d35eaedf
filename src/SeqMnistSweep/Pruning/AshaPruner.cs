using static SeqMnistSweep.SearchSpaces.TrainableParameter;

namespace SeqMnistSweep.Pruning;

/// <summary>Asynchronous successive halving, the stopping variant as Optuna and Determined have it: at a rung a trial goes on if it is
/// among the best 1/eta of those that have been there, itself included, and always if it is the best. One that is stopped never comes
/// back.</summary>
internal sealed class AshaPruner(RungLadder ladder, double eta) : IPruner
{
    /// <summary>Epochs of a full training from which the first rung is at epoch 2. The first epoch tells least, but to train a second one of
    /// everybody costs a short training too much: on recorded curves of nine and of twelve epochs a third to a half more regret.</summary>
    private const int LongTraining = 16;

    /// <summary>The same before <see cref="SweepDefinition.LatestDefaults"/>.</summary>
    private const int EarlierLongTraining = 12;

    private static readonly TrainableParameter<long?> MinEpochs = OptionalInteger(
        "min_epochs", 1, int.MaxValue,
        $"The first rung. Without it 2 where a full training is known to have {LongTraining} epochs or more, otherwise 1.");

    private static readonly TrainableParameter<long?> MaxEpochs = OptionalInteger(
        "max_epochs", 2, int.MaxValue, "Epochs of a full training: rungs lie below it. Needed for brackets.");

    private static readonly TrainableParameter<double> Eta = Real(
        "eta", 4, 1.1, 1000, "Each rung lies eta times as far as the one before, and one in eta trials passes it.");

    private static readonly TrainableParameter<string> Mode = Choice(
        "mode", Promotion, [Promotion, Stopping],
        "promotion: everyone pauses at every rung, and goes on from its checkpoint once it is among the best. stopping: who is not at its "
            + "arrival ends there; so is judged who has no checkpoint.");

    private static readonly TrainableParameter<long> Brackets = Integer("brackets", 1, 1, 20,
        "More than one share the configurations: the second leaves out the first rung, and so on. As many as there can be are Hyperband.");

    private const string Promotion = "promotion";
    private const string Stopping = "stopping";

    public static PrunerType Type { get; } = new(
        "asha",
        "Compares trials at rungs, each eta times as far as the one before: the best 1/eta of them go on.",
        [MinEpochs, MaxEpochs, Eta, Mode, Brackets],
        Create)
    {
        Complete = Complete,
        Problem = settings => MaxEpochs.In(settings) is null && Brackets.In(settings) > 1
            ? ("'brackets' need 'max_epochs'", "add max_epochs: the epochs of a full training")
            : MaxEpochs.In(settings) <= (MinEpochs.In(settings) ?? 1)
            ? ("'max_epochs' must be above 'min_epochs': there is no rung otherwise", "the first rung is at min_epochs")
            : null,
    };

    public bool IsRung(int epoch) => ladder.IsRung(epoch);

    public ImmutableArray<int> Ladder => ladder.Rungs;

    public Verdict Judge(LearningCurve trial, IEnumerable<LearningCurve> others)
    {
        if (ladder.JustReached(trial) is not { } rung) return Verdict.Continue;

        var bracket = ladder.BracketOf(trial.Configuration);
        var rivals = others.Where(other => ladder.BracketOf(other.Configuration) == bracket);
        var order = RungOrder.Among(trial, rivals, rung);
        return order.Place <= Math.Max(1, (int)(order.Of / eta)) ? Verdict.Continue : Verdict.Stop;
    }

    private static ParameterSet Complete(ParameterSet settings, SweepDefinition definition)
    {
        var isEarlier = definition.Defaults < SweepDefinition.PromotionByDefault;
        var epochs = MaxEpochs.In(settings) ?? definition.LongestTraining;
        var isLong = epochs >= (definition.Defaults < SweepDefinition.LatestDefaults ? EarlierLongTraining : LongTraining);
        settings = Otherwise(settings, MinEpochs, ParameterValue.Of(isLong && !isEarlier ? 2L : 1L));
        return isEarlier
            ? Otherwise(Otherwise(settings, Eta, ParameterValue.Of(3.0)), Mode, ParameterValue.Of(Stopping))
            : settings;
    }

    private static ParameterSet Otherwise(ParameterSet settings, TrainableParameter setting, ParameterValue value) =>
        settings[setting.Name] is null ? settings.With(setting.Name, value) : settings;

    private static IPruner Create(ParameterSet settings)
    {
        var eta = Eta.In(settings);
        var ladder = new RungLadder((int)(MinEpochs.In(settings) ?? 1), (int?)MaxEpochs.In(settings), eta, (int)Brackets.In(settings));
        return Mode.In(settings) == Promotion ? new AshaPromoter(ladder, eta) : new AshaPruner(ladder, eta);
    }
}
