namespace SeqMnistSweep.Scheduling;

/// <summary>The same changes with what a later one replaces left out: a trial that is granted, starts and ends between two writes is
/// written once. What the database holds in the end, and whether the writer is fenced, stays as it was.</summary>
internal static class CoalescedChanges
{
    public static ImmutableArray<SweepChange> Of(IReadOnlyList<SweepChange> changes)
    {
        var kept = new List<SweepChange?>(changes.Count);
        var open = new Dictionary<int, OpenRow>();
        int? sweep = null;
        foreach (var change in changes)
        {
            switch (change)
            {
                case SweepChange.SweepUpdated:
                    if (sweep is { } earlier)
                    {
                        kept[earlier] = null;
                    }

                    sweep = kept.Count;
                    break;
                case SweepChange.TrialAdded(var trial):
                    open[trial.Number] = new OpenRow(kept.Count, trial, Needed: false);
                    break;
                case SweepChange.TrialUpdated(var trial, var held) updated:
                    if (open.TryGetValue(trial.Number, out var row) && row.Takes(updated))
                    {
                        kept[row.At] = kept[row.At] is SweepChange.TrialUpdated first
                            ? first with { Trial = trial }
                            : new SweepChange.TrialAdded(trial);
                        open[trial.Number] = row with { Trial = trial };
                        continue;
                    }

                    open[trial.Number] = new OpenRow(kept.Count, trial, Needed: false);
                    break;
                case SweepChange.ReportAdded report: Need(open, report.Trial); break;
                case SweepChange.StepAdded step: Need(open, step.Trial); break;
                case SweepChange.ReportsSuperseded reports: Need(open, reports.Trial); break;
                case SweepChange.CheckpointAdded checkpoint: Need(open, checkpoint.Trial); break;
                case SweepChange.AttemptEnded attempt: Need(open, attempt.Trial); break;
            }

            kept.Add(change);
        }

        return [.. kept.OfType<SweepChange>()];
    }

    private static void Need(Dictionary<int, OpenRow> open, int trial)
    {
        if (open.TryGetValue(trial, out var row))
        {
            open[trial] = row with { Needed = true };
        }
    }

    /// <param name="At">Place of the change that writes it.</param>
    /// <param name="Trial">As it is after that change.</param>
    /// <param name="Needed">Whether a later change is checked against the lease in it.</param>
    private readonly record struct OpenRow(int At, TrialRecord Trial, bool Needed)
    {
        /// <summary>Not where the database would refuse the update, and not over a report that counts under the lease before.</summary>
        public bool Takes(SweepChange.TrialUpdated update) =>
            update.HeldLease == Trial.Lease
            && (!Trial.State.IsFinal() || Trial.State == TrialState.Failed)
            && (!Needed || update.Trial.Lease == Trial.Lease);
    }
}
