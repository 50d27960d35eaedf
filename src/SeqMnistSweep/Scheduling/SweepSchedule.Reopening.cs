using SeqMnistSweep.Definitions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Pruning;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Scheduling;

/// <content>
/// How a sweep that has ended goes on. What was cancelled because the sweep ended stays cancelled, for an ended trial never changes; each of
/// those gets a new trial of the same configuration and seed. It begins with its first epoch, also where the one before it had reported some.
/// </content>
public sealed partial class SweepSchedule
{
    private void EndWithSweep(TrialRecord trial, string reason, string by, DateTimeOffset now) =>
        Move(trial, TrialState.Cancelled, TransitionCause.SweepEnded, reason, by, now, trial => trial with
        {
            Message = $"ended with the sweep: {reason}",
            Finished = now,
        });

    /// <summary>The trials that an end of the sweep took away, and that were not made anew since.</summary>
    private List<TrialRecord> EndedWithSweep() => _index.Count[TrialState.Cancelled] == 0
        ? []
        : [.. Newest().Where(trial => trial is { State: TrialState.Cancelled, StateCause: TransitionCause.SweepEnded }).OrderBy(trial => trial.Number)];

    /// <summary>Of every configuration and seed the last trial.</summary>
    private IEnumerable<TrialRecord> Newest() => _trials.Values.GroupBy(trial => (trial.Configuration, trial.Seed)).Select(made => made.Last());

    private long? PlannedWith(SweepDefinition definition) =>
        SweepPlan.TrialsWith(definition, _configurations.All) + (_index.Count[TrialState.Cancelled] == 0 ? 0 : _trials.Count - Newest().Count());

    private void Reopen(string by, string reason, DateTimeOffset now)
    {
        if (!Sweep.State.IsFinal())
        {
            return;
        }

        var again = EndedWithSweep();
        Sweep = Sweep with { Finished = null, Planned = Sweep.Planned + again.Count };
        Move(SweepState.Running, reason, now, by);
        foreach (var trial in again)
        {
            Add(trial.Configuration, trial.Parameters, trial.Seed, $"trial {trial.Number} anew, which ended with the sweep", now);
        }
    }

    private void RequireGoingOn(SweepDefinition definition, DateTimeOffset now)
    {
        Refuse(Sweep.State switch
        {
            SweepState.Cancelled => $"sweep {Sweep.Id} was cancelled, which is for good: submit its file again as a new sweep",
            SweepState.Stopping => $"sweep {Sweep.Id} is stopping: ask again when its last trials have ended",
            _ => null,
        });
        RequireTime(definition, now);
        RequireRoom(definition, now);
        if (_pruner is PopulationPromoter && EndedWithSweep() is [var first, ..])
        {
            // A copy's weights are another's; from the beginning it would be another trial.
            throw new SweepRefusedException($"the population of sweep {Sweep.Id} ended with it, trial {first.Number} among others, and cannot be brought back: submit its file again as a new sweep");
        }
    }

    private void RequireTime(SweepDefinition definition, DateTimeOffset now)
    {
        if (definition.Limits.SweepTime is { } limit && Sweep.Started is { } started && now - started >= limit)
        {
            throw new SweepRefusedException($"sweep_time ({limit.TotalSeconds:0.###} s) has passed since the sweep started at {started.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC: give it more time as well");
        }
    }

    private void RequireRoom(SweepDefinition definition, DateTimeOffset now) =>
        Refuse(Reached(definition, now) is { } reached ? $"{reached} is reached already: give it more of that as well" : null);

    private void RequireFewFailures(SweepDefinition definition) =>
        Refuse(_index.Count[TrialState.Failed] >= definition.Limits.MaxFailures
            ? $"max_failures ({definition.Limits.MaxFailures}) is reached already: give it more of that as well, or retry what has failed"
            : null);
}
