using SeqMnistSweep.Pruning;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Scheduling;

/// <content>Which trial starts next, and what its holder is told.</content>
public sealed partial class SweepSchedule
{
    /// <summary>The next trial for <paramref name="holder"/>, or null when there is nothing to start now.</summary>
    /// <param name="ahead">It will wait for a slot there: until it has started, it cannot be what takes its worker down.</param>
    /// <param name="hasOthers">Whether another worker is ready: a retry of what failed at this one then goes there, to tell the trial's fault from the worker's.</param>
    public TrialGrant? Grant(LeaseHolder holder, DateTimeOffset now, bool ahead = false, bool hasOthers = false)
    {
        Tick(now);
        if (!Sweep.State.IsOpen() || (_definition.Limits.MaxParallel is { } limit && _index.Active.Count >= limit))
        {
            return null;
        }

        var avoided = hasOthers ? holder.Worker : null;
        if ((Interrupted(now, avoided) ?? Promote(now) ?? NextQueued(now, avoided) ?? Propose(now)) is not { } number)
        {
            FinishIfDone(now);
            return null;
        }

        if (Sweep.State == SweepState.Queued)
        {
            Move(SweepState.Running, "the first trial starts", now);
        }

        var trial = Move(_trials[number], TrialState.Leased, TransitionCause.Granted, $"granted to {holder.Worker}", holder.Worker, now, trial => trial with
        {
            Lease = trial.Lease + 1,
            Attempts = trial.Attempts + 1,
            Cause = null,
            Message = null,
            NotBefore = null,
            Worker = holder.Worker,
            Incarnation = holder.Incarnation,
            Device = holder.Device,
            Granted = now,
        });
        _preempted.Remove(number);
        if (ahead)
        {
            _ahead.Add(number);
        }
        else
        {
            _ahead.Remove(number);
        }

        return GrantOf(trial);
    }

    /// <summary>The grant of a trial that is leased or running, for a holder that never received it.</summary>
    public TrialGrant GrantAgain(int number) => GrantOf(_trials[number]);

    /// <param name="avoided">A worker that gets no trial that has just failed there.</param>
    private int? NextQueued(DateTimeOffset now, string? avoided = null)
    {
        foreach (var number in _index.Queued)
        {
            if (IsDue(_trials[number], now, avoided))
            {
                return number;
            }
        }

        return null;
    }

    /// <summary>A back-off whose end is further away than it was long was measured by a clock that has been set back since: it is over.</summary>
    private bool IsDue(TrialRecord trial, DateTimeOffset now, string? avoided = null) =>
        trial.NotBefore is not { } notBefore
        || (notBefore <= now && !(trial.Worker == avoided && now - notBefore < Elsewhere))
        || notBefore - now > BackoffAfter(trial.Failures);

    private TimeSpan BackoffAfter(int failures) => _definition.Retry.Backoff * Math.Pow(2, Math.Min(failures - 1, 10));

    /// <summary>The epoch after which the trial ends by itself; null for a program that is not known to tell.</summary>
    private int? LastEpochOf(TrialRecord trial) =>
        (trial.Parameters[TrainableDescription.Epochs] ?? Trainables.TrainableCatalog.Find(_definition.Program)?.Find(TrainableDescription.Epochs)?.Default) is { Kind: ParameterKind.Integer } given
            ? (int)Math.Clamp(given.AsInteger(), 1, EpochReport.MaxEpoch)
            : Trainables.TrainableCatalog.Find(_definition.Program) is null or { Name: Trainables.TrainableCatalog.Asked } ? null : 1;

    private TrialGrant GrantOf(TrialRecord trial)
    {
        return new TrialGrant
        {
            Trial = new TrialId(Sweep.Id, trial.Number),
            Lease = trial.Lease,
            Attempt = trial.Attempts,
            Program = _definition.Program,
            Command = _definition.Command,
            Parameters = trial.Parameters,
            Seed = trial.Seed,
            Metric = _definition.Metric.Name,
            Maximize = _definition.Metric.Maximize,
            Rungs = _pruner is null || LastEpochOf(trial) is not { } last ? [] : [.. Enumerable.Range(1, last - 1).Where(_pruner.IsRung)],
            Resume = trial.Checkpoint,
            // Who pauses goes on from there, not from some epochs before.
            CheckpointEvery = _pruner is IPromoter ? 1 : _definition.Checkpoint.Every,
            Threads = _definition.Resources.Threads,
            TrialTime = _definition.Limits.TrialTime,
            DatasetDigests = Sweep.DatasetDigests,
            Alone = trial.Alone,
        };
    }
}
