using System.Globalization;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Benchmarks.Chaos;

/// <summary>Everything of a sweep that must not depend on who trained it, where, or what died on the way.</summary>
internal static class SweepOutcome
{
    private static readonly string[] Ends = [TrialState.Completed.ToName(), TrialState.Pruned.ToName(), TrialState.Failed.ToName(), TrialState.Cancelled.ToName()];

    /// <summary>What the sweep lacks by itself: trials that did not complete, epochs that are not there once each.</summary>
    public static IReadOnlyList<string> Flaws(RestoredSweep sweep)
    {
        var flaws = new List<string>();
        if (sweep.Sweep.State != SweepState.Completed)
        {
            flaws.Add($"the sweep is {sweep.Sweep.State.ToName()}: {sweep.Sweep.Reason}");
        }

        var epochs = sweep.Reports.ToLookup(report => report.Trial, report => report.Report.Epoch);
        foreach (var trial in sweep.Trials)
        {
            if (trial.State != TrialState.Completed)
            {
                flaws.Add($"trial {trial.Number} is {trial.State.ToName()}: {trial.Cause?.ToName()} {trial.Message}");
            }
            else if (!epochs[trial.Number].SequenceEqual(Enumerable.Range(1, trial.Epoch)))
            {
                flaws.Add($"trial {trial.Number} has the epochs {string.Join(", ", epochs[trial.Number])} and not each of 1 to {trial.Epoch} once");
            }
        }

        return flaws;
    }

    /// <summary>What two runs of one sweep file ended with differently: values, test metrics and digests of the last checkpoints, and every report.</summary>
    public static IReadOnlyList<string> Differences(RestoredSweep expected, RestoredSweep found)
    {
        var (wanted, had) = (Facts(expected), Facts(found));
        return
        [
            .. wanted.Where(fact => had.GetValueOrDefault(fact.Key) != fact.Value).Select(fact => $"{fact.Key}: {had.GetValueOrDefault(fact.Key) ?? "nothing"} instead of {fact.Value}"),
            .. had.Keys.Except(wanted.Keys).Select(key => $"{key}: {had[key]} instead of nothing"),
        ];
    }

    /// <summary>Trials that the log of events does not see end exactly once.</summary>
    public static IReadOnlyList<string> EndedOtherThanOnce(RestoredSweep sweep, IEnumerable<EventRow> events)
    {
        var ends = events.Where(e => e.Trial is not null && e.Kind == "state" && Ends.Contains(e.ToState)).ToLookup(e => TrialId.Parse(e.Trial!).Number, e => e.ToState);
        return [.. sweep.Trials.Where(trial => ends[trial.Number].Count() != 1).Select(trial => $"trial {trial.Number} ended {ends[trial.Number].Count()} times: {string.Join(", ", ends[trial.Number])}")];
    }

    private static SortedDictionary<string, string> Facts(RestoredSweep sweep)
    {
        var facts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var trial in sweep.Trials)
        {
            facts[$"trial {trial.Number}"] = string.Create(CultureInfo.InvariantCulture, $"{trial.Parameters} {trial.State} {trial.Value:R} {trial.TestAccuracy:R} {trial.TestLoss:R} {trial.Checkpoint?.Digest}");
        }

        foreach (var (number, _, report, _) in sweep.Reports)
        {
            facts[$"trial {number}, epoch {report.Epoch}"] = string.Create(CultureInfo.InvariantCulture, $"{report["train_loss"]:R} {report["val_loss"]:R} {report["val_accuracy"]:R}");
        }

        return facts;
    }
}
