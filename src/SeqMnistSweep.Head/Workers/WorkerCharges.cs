using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Workers;

/// <summary>
/// What speaks against workers: trials that crashed or ran out of time there and went further elsewhere afterwards. Each of them
/// alone may be chance; several configurations, with no trial that ended well there in between, are the worker's fault. Rules only;
/// what is heard twice counts once, so it may be built again from the events of the database at any moment.
/// </summary>
internal sealed class WorkerCharges
{
    /// <summary>Different configurations that must have failed at a worker and done well elsewhere.</summary>
    public const int Enough = 3;

    /// <summary>The kind of the event that says that a worker is kept from trials; its actor is the worker.</summary>
    public const string QuarantinedEvent = "quarantined";

    /// <summary>Of failed trials the newest are remembered: a sweep whose every trial crashes must not fill the memory.</summary>
    private const int MostRemembered = 1000;

    private const int LongestMessage = 80;

    /// <summary>A configuration that diverges, is invalid or needs more memory than there is does so for reasons of its own.</summary>
    private static readonly string[] Chargeable = [FailureCause.Crashed.ToName() + ":", FailureCause.Timeout.ToName() + ":"];

    private readonly Dictionary<TrialId, FailedTrial> _failed = [];
    private readonly Queue<TrialId> _order = new();
    private readonly HashSet<string> _charged = [];

    /// <summary>Trials that may yet do well elsewhere.</summary>
    public IReadOnlyList<TrialId> Open => [.. _failed.Where(failed => failed.Value.Charges.Exists(charge => charge.ElsewhereIs is null)).Select(failed => failed.Key)];

    /// <summary>Takes in a trial's change of state.</summary>
    public void Hear(TrialMove move)
    {
        if (move.Kind == QuarantinedEvent)
        {
            Clear(move.Actor);
        }
        else if (move is { Trial: { } trial, ToState: { } to })
        {
            Hear(trial, move, StateNames.Parse<TrialState>(to));
        }
    }

    /// <summary>An attempt has done an epoch that none did before it.</summary>
    public void Progressed(TrialId trial, int attempt)
    {
        if (_failed.TryGetValue(trial, out var failed) && failed.Holder is { } holder && failed.Attempt == attempt)
        {
            failed.DidWellAt(holder);
        }
    }

    /// <summary>What is known against the worker is dealt with.</summary>
    public void Clear(string worker)
    {
        if (!_charged.Remove(worker))
        {
            return;
        }

        foreach (var failed in _failed.Values)
        {
            failed.Charges.RemoveAll(charge => charge.Worker == worker);
        }
    }

    /// <summary>Why the worker should get no more trials, and the trials that say so; null while there is not enough against it.</summary>
    public Accusation? Against(string worker)
    {
        if (!_charged.Contains(worker))
        {
            return null;
        }

        var charges = _failed
            .Select(failed => (Trial: failed.Key, failed.Value.Configuration, Charge: failed.Value.Charges.Find(charge => charge.Worker == worker && charge.ElsewhereIs is not null)))
            .Where(found => found.Charge is not null)
            .DistinctBy(found => (found.Trial.Sweep, found.Configuration)).ToList();
        return charges.Count < Enough ? null : new Accusation(
            $"{charges.Count} configurations failed here and did well elsewhere: {string.Join("; ", charges.Take(Enough).Select(found => $"{found.Trial} {found.Charge!.Message}, then well on {found.Charge.ElsewhereIs}"))}",
            [.. charges.Select(found => found.Trial.Sweep).Distinct()]);
    }

    /// <summary>
    /// Whom to keep from trials now. Of the last one that takes trials a bad one is better than none: it goes when another has come, and of
    /// several that are at fault one stays.
    /// </summary>
    /// <param name="ready">The workers that take trials.</param>
    public IReadOnlyList<(string Worker, Accusation Found)> ToQuarantine(IReadOnlyList<string> ready)
    {
        var accused = ready.Select(worker => (Worker: worker, Found: Against(worker))).Where(found => found.Found is not null).Select(found => (found.Worker, found.Found!)).ToList();
        return [.. accused.Take(ready.Count - 1)];
    }

    private void Hear(TrialId trial, TrialMove move, TrialState to)
    {
        var failed = _failed.GetValueOrDefault(trial);
        switch (to)
        {
            case TrialState.Leased:
                failed?.HeldBy(move.Actor, move.Attempt);
                break;
            case TrialState.Queued or TrialState.Failed when Array.Exists(Chargeable, cause => move.Reason.StartsWith(cause, StringComparison.Ordinal)):
                _charged.Add(move.Actor);
                (failed ?? Remember(trial, move.Configuration)).Charge(move.Actor, move.Attempt, Shortened(move.Reason));
                break;
            // A trial that pauses at a rung has done all that was asked of it; one that its worker gives back has not.
            case TrialState.Completed or TrialState.Pruned or TrialState.Paused
                when move.FromState == TrialState.Running.ToName() && !(to == TrialState.Paused && move.Actor == move.Worker) && (failed?.Holder ?? move.Worker) is { } worker:
                failed?.DidWellAt(worker);
                Clear(worker);
                break;
        }
    }

    private static string Shortened(string reason) => reason.Split(';')[0] is var first && first.Length > LongestMessage ? first[..LongestMessage] + "..." : first;

    private FailedTrial Remember(TrialId trial, int configuration)
    {
        if (_order.Count == MostRemembered)
        {
            _failed.Remove(_order.Dequeue());
        }

        _order.Enqueue(trial);
        return _failed[trial] = new FailedTrial(configuration);
    }

    private sealed class FailedTrial(int configuration)
    {
        public int Configuration => configuration;

        public List<Charge> Charges { get; } = [];

        /// <summary>Who has, or had last, the newest attempt; null until one after the failure is granted.</summary>
        public string? Holder { get; private set; }

        public int Attempt { get; private set; }

        public void HeldBy(string worker, int attempt) => (Holder, Attempt) = (worker, attempt);

        public void Charge(string worker, int attempt, string message)
        {
            if (!Charges.Exists(charge => charge.Worker == worker && charge.Attempt >= attempt))
            {
                Charges.Add(new Charge(worker, attempt, message));
            }
        }

        public void DidWellAt(string worker)
        {
            foreach (var charge in Charges.Where(charge => charge.Worker != worker))
            {
                charge.ElsewhereIs ??= worker;
            }
        }
    }

    private sealed record Charge(string Worker, int Attempt, string Message)
    {
        /// <summary>A worker where the trial went further afterwards; null while there is none.</summary>
        public string? ElsewhereIs { get; set; }
    }
}

/// <summary>An event of a trial, or one that says of a worker that it is kept from trials.</summary>
/// <param name="Actor">Who told of it; of a grant, a failure and an end the worker.</param>
/// <param name="Worker">Who holds the trial, or held it last.</param>
internal sealed record TrialMove(
    TrialId? Trial, int Configuration, string Kind, string? FromState, string? ToState, string Reason, string Actor, string? Worker, int Attempt);

/// <param name="Reason">What the worker is accused of, for a person.</param>
/// <param name="Sweeps">Whose trials say so.</param>
internal sealed record Accusation(string Reason, IReadOnlyList<SweepId> Sweeps);
