using System.Runtime.InteropServices;

namespace SeqMnistSweep.Scheduling;

/// <summary>Whether a search stands still: so many configurations in a row brought no better value. They count in the order in which they
/// settle, which is when their trials have ended or wait at a rung, whatever runs beside them. A better value is a mean over all seeds that
/// is better than every one before; of several metrics a mean that no other beats in all of them.</summary>
internal sealed class StagnationRule(SweepLedger ledger)
{
    private Dictionary<int, List<ImmutableArray<double>>>? _losses; // of the trials that have completed, by configuration
    private List<double[]> _front = [];                             // of the configurations, those that no other beats

    private int? Limit => ledger.Definition.Limits.Stagnation;

    /// <summary>Stays so once it is, until <see cref="Restart"/>.</summary>
    public bool IsReached => Limit is { } limit && ledger.Sweep.SettledAtBest is { } atBest
        && ledger.Configurations.Count - atBest >= limit && Settled - atBest >= limit;

    /// <summary>For a person.</summary>
    public string Reason => $"stagnation ({Limit}) reached: {Plural.Of(Limit!.Value, "configuration")} in a row brought no better "
        + string.Join(" and ", ledger.Definition.Metrics.Select(metric => metric.Name));

    private int Settled => ledger.Configurations.Count - ledger.Index.Active.Concat(ledger.Index.Queued)
        .Select(number => ledger.Trials[number]).Where(trial => trial.IsOfSearch)
        .Select(trial => trial.Configuration).Distinct().Count();

    /// <summary>Takes in that a trial of the search has completed.</summary>
    public void Complete(TrialRecord trial)
    {
        if (Limit is not { } limit || !trial.IsOfSearch) return;

        if (_losses is null)
        {
            _losses = [];
            foreach (var earlier in ledger.Trials.Values.Where(other => other.Number != trial.Number))
            {
                Add(earlier);
            }
        }

        var settled = Settled;
        if (Add(trial) && !(settled - 1 - ledger.Sweep.SettledAtBest >= limit))
        {
            ledger.Update(ledger.Sweep with { SettledAtBest = settled });
        }
    }

    /// <summary>Begins to count anew: somebody wants the search to go on, or has set the limit.</summary>
    public void Restart()
    {
        _losses = null;
        _front = [];
        if (Limit is not null && ledger.Sweep.SettledAtBest != Settled)
        {
            ledger.Update(ledger.Sweep with { SettledAtBest = ledger.Index.Count[TrialState.Completed] > 0 ? Settled : null });
        }
    }

    /// <returns>Whether its configuration is whole by it, and better than all before.</returns>
    private bool Add(TrialRecord trial)
    {
        if (trial.State != TrialState.Completed || !trial.IsOfSearch) return false;

        var losses = CollectionsMarshal.GetValueRefOrAddDefault(_losses!, trial.Configuration, out _) ??= [];
        losses.Add(ledger.Memory.LossesOf(trial));
        if (losses.Count != ledger.Definition.Seeds.Count) return false;

        if (losses.Exists(of => of.Length < ledger.Definition.Metrics.Length)) return false; // without a value

        double[] mean = [.. Enumerable.Range(0, losses[0].Length).Select(metric => losses.Select(of => of[metric]).Order().Average())];
        if (_front.Exists(other => IsAsGood(other, mean))) return false;

        _front.RemoveAll(other => IsAsGood(mean, other));
        _front.Add(mean);
        return true;
    }

    private static bool IsAsGood(double[] losses, double[] others) => losses.Zip(others).All(pair => pair.First <= pair.Second);
}
