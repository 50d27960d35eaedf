namespace SeqMnistSweep.Head.Workers;

/// <summary>Finds workers at fault: trials crashed or timed out there and went further on other workers afterwards. One such trial may be
/// chance; several configurations, without a trial that ended well on the worker in between, are the worker's fault. Pure rules. What is
/// taken in twice counts once, so it can be rebuilt from the events of the database at any moment.</summary>
internal sealed class WorkerHealth
{
    /// <summary>Different configurations that must have failed on a worker and done well on another.</summary>
    public const int MinFailures = 3;

    /// <summary>The newest failed trials are kept: a sweep whose every trial crashes must not fill the memory.</summary>
    private const int MaxTrials = 1000;

    private const int MaxMessage = 80;

    private readonly Dictionary<TrialId, FailedTrial> _failed = [];
    private readonly Queue<TrialId> _order = new();
    private readonly HashSet<string> _suspects = [];

    /// <summary>Whether no failure is remembered.</summary>
    public bool IsClear => _failed.Count == 0 && _suspects.Count == 0;

    /// <summary>Trials that may yet do well on another worker.</summary>
    public IReadOnlyList<TrialId> Open =>
        [.. _failed.Where(failed => failed.Value.Failures.Exists(failure => failure.DidWellOn is null)).Select(failed => failed.Key)];

    /// <summary>Takes in a trial's transition.</summary>
    public void Note(TrialTransition move)
    {
        var failed = _failed.GetValueOrDefault(move.Trial);
        switch (move.To)
        {
            case TrialState.Leased:
                failed?.HeldBy(move.Actor, move.Attempt);
                break;
            // A configuration that diverges, is invalid or needs more memory than there is does so for reasons of its own.
            case TrialState.Queued or TrialState.Failed when move.Failure is FailureCause.Crashed or FailureCause.Timeout:
                _suspects.Add(move.Actor);
                (failed ?? Remember(move.Trial, move.Configuration)).Fail(move.Actor, move.Attempt, Shortened(move.Reason));
                break;
            // A trial that pauses at a rung has done all that was asked of it; one that gives its slot back has not.
            case TrialState.Completed or TrialState.Pruned or TrialState.Paused
                when move is { From: TrialState.Running, Cause: not (TransitionCause.Released or TransitionCause.Preempted) }
                && (failed?.Holder ?? move.Worker) is { } worker:
                failed?.DidWellOn(worker);
                Clear(worker);
                break;
        }
    }

    /// <summary>An attempt has done an epoch that none did before it.</summary>
    public void Progressed(TrialId trial, int attempt)
    {
        if (_failed.TryGetValue(trial, out var failed) && failed.Holder is { } holder && failed.Attempt == attempt)
        {
            failed.DidWellOn(holder);
        }
    }

    /// <summary>Forgets what is known against the worker: it is quarantined, or a trial ended well on it.</summary>
    public void Clear(string worker)
    {
        if (!_suspects.Remove(worker)) return;

        foreach (var failed in _failed.Values)
        {
            failed.Failures.RemoveAll(failure => failure.Worker == worker);
        }
    }

    /// <summary>Why the worker should get no more trials, and the sweeps whose trials say so; null while there is not enough against
    /// it.</summary>
    public QuarantineCause? Against(string worker)
    {
        if (!_suspects.Contains(worker)) return null;

        var found = _failed
            .Select(failed => (Trial: failed.Key, failed.Value.Configuration, Failure: failed.Value.ProvenAgainst(worker)))
            .Where(failed => failed.Failure is not null)
            .DistinctBy(failed => (failed.Trial.Sweep, failed.Configuration)).ToList();
        if (found.Count < MinFailures) return null;

        var examples = found.Take(MinFailures)
            .Select(failed => $"{failed.Trial} {failed.Failure!.Message}, then well on {failed.Failure.DidWellOn}");
        return new QuarantineCause(
            $"{found.Count} configurations failed here and did well elsewhere: {string.Join("; ", examples)}",
            [.. found.Select(failed => failed.Trial.Sweep).Distinct()]);
    }

    /// <summary>The workers to quarantine now. One that takes trials always stays: a bad worker is better than none, so the last one goes
    /// when another has come, and of several at fault one is kept.</summary>
    /// <param name="ready">The workers that take trials.</param>
    public IReadOnlyList<(string Worker, QuarantineCause Cause)> ToQuarantine(IReadOnlyList<string> ready) =>
        [.. ready.Select(worker => (Worker: worker, Cause: Against(worker)!))
            .Where(found => found.Cause is not null)
            .Take(ready.Count - 1)];

    private static string Shortened(string reason) =>
        reason.Split(';')[0] is var first && first.Length > MaxMessage ? first[..MaxMessage] + "..." : first;

    private FailedTrial Remember(TrialId trial, int configuration)
    {
        if (_order.Count == MaxTrials)
        {
            _failed.Remove(_order.Dequeue());
        }

        _order.Enqueue(trial);
        return _failed[trial] = new FailedTrial(configuration);
    }

    private sealed class FailedTrial(int configuration)
    {
        public int Configuration => configuration;

        public List<AttemptFailure> Failures { get; } = [];

        /// <summary>Who holds the newest attempt, or held it last; null until one is granted after the failure.</summary>
        public string? Holder { get; private set; }

        public int Attempt { get; private set; }

        public void HeldBy(string worker, int attempt) => (Holder, Attempt) = (worker, attempt);

        public void Fail(string worker, int attempt, string message)
        {
            if (!Failures.Exists(failure => failure.Worker == worker && failure.Attempt >= attempt))
            {
                Failures.Add(new AttemptFailure(worker, attempt, message));
            }
        }

        /// <summary>A failure on the worker after which the trial did well on another; null without one.</summary>
        public AttemptFailure? ProvenAgainst(string worker) =>
            Failures.Find(failure => failure.Worker == worker && failure.DidWellOn is not null);

        public void DidWellOn(string worker)
        {
            foreach (var failure in Failures.Where(failure => failure.Worker != worker))
            {
                failure.DidWellOn ??= worker;
            }
        }
    }

    /// <param name="Message">For people.</param>
    private sealed record AttemptFailure(string Worker, int Attempt, string Message)
    {
        /// <summary>A worker on which the trial went further afterwards; null while there is none.</summary>
        public string? DidWellOn { get; set; }
    }
}

/// <summary>A transition of a trial.</summary>
/// <param name="Failure">Set where an attempt failed.</param>
/// <param name="Reason">For people.</param>
/// <param name="Actor">Who caused it; of a grant, a failure and an end the worker.</param>
/// <param name="Worker">Who holds the trial, or held it last.</param>
internal sealed record TrialTransition(
    TrialId Trial, int Configuration, TrialState From, TrialState To, TransitionCause Cause, FailureCause? Failure, string Reason,
    string Actor, string? Worker, int Attempt);

/// <param name="Reason">What the worker is accused of, for people.</param>
/// <param name="Sweeps">Whose trials say so.</param>
internal sealed record QuarantineCause(string Reason, IReadOnlyList<SweepId> Sweeps);
