using System.Collections.Immutable;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Scheduling;

/// <content>What is told of trials that were asked for: in one word several events, and every word may come twice.</content>
public sealed partial class SweepSchedule
{
    /// <param name="epoch">The epoch that <paramref name="metrics"/> are of; null for the one after the last.</param>
    /// <param name="metrics">Null when none are told.</param>
    /// <param name="end">How the attempt ended; null while it goes on.</param>
    /// <returns>Fenced when the lease is not the trial's newest, or was taken away before this was told.</returns>
    public Answer Tell(int number, long lease, int? epoch, ImmutableSortedDictionary<string, double>? metrics, AttemptEvent? end, DateTimeOffset now)
    {
        if (!_trials.TryGetValue(number, out var trial) || trial.Lease != lease)
        {
            return Answer.Fenced;
        }

        if (!trial.State.IsActive())
        {
            return !IsEcho(trial, epoch, metrics, end) ? Answer.Fenced : Answer.Of(trial.State switch
            {
                TrialState.Pruned => Verdict.Stop,
                TrialState.Paused => Verdict.Pause,
                _ => Verdict.Continue,
            });
        }

        var verdict = Verdict.Continue;
        if (trial.State == TrialState.Leased)
        {
            Start(trial, trial.Device!, now);
        }

        if (metrics is not null)
        {
            var report = new EpochReport(epoch ?? trial.Epoch + 1, metrics);
            verdict = Apply(number, lease, new AttemptEvent.Reported(report, null), now).Verdict ?? verdict;
        }

        if (end is not null)
        {
            Apply(number, lease, end, now);
        }

        return Answer.Of(verdict);
    }

    /// <summary>Whether the attempt ended by these very words, so that they are only repeated. A lease that ran out ended otherwise.</summary>
    private static bool IsEcho(TrialRecord trial, int? epoch, ImmutableSortedDictionary<string, double>? metrics, AttemptEvent? end) => end switch
    {
        AttemptEvent.Completed => trial.State is TrialState.Completed or TrialState.Pruned,
        AttemptEvent.Failed(var cause, _) => trial.Cause == cause && trial.State is TrialState.Failed or TrialState.Queued,
        AttemptEvent.Released => trial.State is TrialState.Queued or TrialState.Paused,
        _ => metrics is not null && epoch <= trial.Epoch,
    };
}
