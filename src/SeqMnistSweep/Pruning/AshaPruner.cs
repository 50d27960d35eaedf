using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;
using static SeqMnistSweep.Trainables.TrainableParameter;

namespace SeqMnistSweep.Pruning;

/// <summary>
/// Asynchronous successive halving, the stopping variant as Optuna and Determined have it: at a rung a trial goes on if it is among the
/// best 1/eta of those that have been there, itself included, and always if it is the best. One that is stopped never comes back.
/// </summary>
public sealed class AshaPruner(RungLadder ladder, double eta) : IPruner
{
    public static PrunerType Type { get; } = new(
        "asha",
        "Compares trials at rungs, each eta times as far as the one before: the best 1/eta of them go on.",
        [
            Integer("min_epochs", 1, 1, int.MaxValue, "The first rung."),
            Integer("max_epochs", null, 2, int.MaxValue, "Epochs of a full training: rungs lie below it. Needed for brackets."),
            Real("eta", 3, 1.1, 1000, "Each rung lies eta times as far as the one before, and one in eta trials passes it."),
            Choice("mode", "stopping", ["stopping", "promotion"], "stopping: who is not among the best at its arrival ends there. promotion: everyone pauses at every rung, and goes on from its checkpoint once it is."),
            Integer("brackets", 1, 1, 20, "More than one share the configurations: the second leaves out the first rung, and so on. As many as there can be are Hyperband."),
        ],
        Create)
    {
        Problem = settings => settings["max_epochs"] is null && settings["brackets"]!.AsInteger() > 1 ? ("'brackets' need 'max_epochs'", "add max_epochs: the epochs of a full training")
            : settings["max_epochs"]?.AsInteger() <= settings["min_epochs"]!.AsInteger() ? ("'max_epochs' must be above 'min_epochs': there is no rung otherwise", "the first rung is at min_epochs")
            : null,
    };

    public bool IsRung(int epoch) => ladder.IsRung(epoch);

    public Verdict Judge(LearningCurve trial, IEnumerable<LearningCurve> others)
    {
        if (ladder.JustReached(trial) is not { } rung)
        {
            return Verdict.Continue;
        }

        var bracket = ladder.BracketOf(trial.Configuration);
        var rivals = others.Where(other => ladder.BracketOf(other.Configuration) == bracket);
        var ranks = Ranks.Among(trial.At(rung), rivals.Select(rival => rival.At(rung)));
        return ranks.Place <= Math.Max(1, (int)(ranks.Of / eta)) ? Verdict.Continue : Verdict.Stop;
    }

    private static IPruner Create(ParameterSet settings)
    {
        var eta = settings["eta"]!.AsReal();
        var ladder = new RungLadder((int)settings["min_epochs"]!.AsInteger(), (int?)settings["max_epochs"]?.AsInteger(), eta, (int)settings["brackets"]!.AsInteger());
        return settings["mode"]!.AsText() == "promotion" ? new AshaPromoter(ladder, eta) : new AshaPruner(ladder, eta);
    }
}
