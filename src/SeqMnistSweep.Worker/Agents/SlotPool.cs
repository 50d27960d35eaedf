using System.Collections.Immutable;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Provisions;

namespace SeqMnistSweep.Worker.Agents;

/// <summary>The slots of a worker and every lease it holds. Safe for use by several threads.</summary>
/// <param name="slots">All free.</param>
/// <param name="poke">Called when the head should hear something.</param>
internal sealed class SlotPool(
    WorkerOptions options, Slot[] slots, Outbox outbox, AttemptNeeds needs, CheckpointUploads? uploads, CheckpointSpool? spool, TimeProvider time, Action poke)
{
    /// <summary>How long a granted attempt may wait for a slot before it is given back: the work is of another length than it was.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private const int IdleTimesKept = 10_000;

    private readonly object _gate = new();
    private readonly Dictionary<(TrialId, long), HeldAttempt> _held = [];
    private readonly Queue<HeldAttempt> _waiting = [];
    private readonly Queue<HeldAttempt> _waitingAlone = [];
    private readonly Stack<Slot> _free = new(slots.Reverse());
    private readonly EndedLeases _ended = new();
    private readonly Ahead _ahead = new();
    private readonly RecentTimes _idle = new(IdleTimesKept);
    private bool _draining;

    public RecentTimes Idle => _idle;

    /// <summary>The runners that are there, warm ones without a trial too.</summary>
    public IEnumerable<int> Processes => slots.Select(slot => slot.Process).Where(process => process > 0);

    /// <summary>Puts a granted attempt into a free slot, or lets it wait for one; does nothing for one that is here already. A draining pool takes none: the head has it back at the next exchange.</summary>
    public void Begin(TrialGrant grant)
    {
        HeldAttempt held;
        lock (_gate)
        {
            if (_ended.Contains(grant.Trial, grant.Lease))
            {
                // Never twice; and unheard it would be granted for ever.
                outbox.Add(grant.Trial, grant.Lease, new AttemptEvent.Released("this lease has been run here already"));
                poke();
                return;
            }

            if (_draining || _held.ContainsKey((grant.Trial, grant.Lease)))
            {
                return;
            }

            held = Hold(grant);
            if (!HasRoomFor(grant) || !_free.TryPop(out var slot))
            {
                (grant.Alone ? _waitingAlone : _waiting).Enqueue(held);
                return;
            }

            Enter(slot, held);
        }

        Run(held);
    }

    /// <summary>Ends an attempt that is no longer this worker's, wherever it is.</summary>
    public void Drop(TrialId trial, long lease, string reason)
    {
        HeldAttempt? held;
        bool runs;
        lock (_gate)
        {
            if (!_held.TryGetValue((trial, lease), out held))
            {
                return;
            }

            runs = held.Slot is not null;
            held.HasLeft |= !runs;
        }

        if (runs)
        {
            held.Attempt.Drop(reason);
        }
        else
        {
            held.Telling.Discard();
        }
    }

    /// <summary>Asks an attempt for a checkpoint and its slot; one that waits for a slot has nothing to keep.</summary>
    public void GiveBack(TrialId trial, long lease)
    {
        HeldAttempt? held;
        bool runs;
        lock (_gate)
        {
            if (!_held.TryGetValue((trial, lease), out held) || held.HasLeft)
            {
                return;
            }

            runs = held.Slot is not null;
            held.HasLeft |= !runs;
        }

        if (runs)
        {
            held.Attempt.Drain();
        }
        else
        {
            held.Telling.Tell(new AttemptEvent.Released("never started: its slot is wanted"));
        }
    }

    public void Decide(TrialVerdict verdict)
    {
        if (Find(verdict.Trial, verdict.Lease) is { } held)
        {
            held.Attempt.Decide(verdict.Epoch, verdict.Verdict);
        }
    }

    public TrialProgress? ProgressOf(TrialId trial, long lease) => Find(trial, lease)?.Attempt.Progress;

    /// <summary>The number of the trial's attempt that is in a slot; null when none is.</summary>
    public int? AttemptOf(TrialId trial)
    {
        lock (_gate)
        {
            return _held.Values.Where(held => held.Grant.Trial == trial && held.Slot is not null).Max(held => (int?)held.Grant.Attempt);
        }
    }

    /// <summary>Every lease held: in a slot, waiting for one, or with words that wait for an upload.</summary>
    public ImmutableArray<RunningAttempt> Running(out int free, out int ahead)
    {
        lock (_gate)
        {
            var longest = slots.Max(slot => slot.Holder is { } holder ? time.GetElapsedTime(holder.Since) : TimeSpan.Zero);
            var closed = _draining || WantsAlone;
            free = closed ? 0 : _free.Count;
            ahead = closed ? 0 : Math.Max(0, _ahead.Wanted(options.Slots, longest) - _waiting.Count);
            return [.. _held.Values.Select(held => new RunningAttempt(held.Grant.Trial, held.Grant.Lease, held.Attempt.Progress))];
        }
    }

    /// <summary>The head had no trial for the slots that were free before <paramref name="asked"/>: what they wait from then on is not for this worker.</summary>
    public void NothingToRun(long asked)
    {
        lock (_gate)
        {
            foreach (var slot in _free.Where(slot => slot.FreeSince < asked))
            {
                slot.FreeSince = null;
            }
        }
    }

    /// <summary>Gives back what has waited too long for a slot.</summary>
    public void GiveBackOverdue()
    {
        lock (_gate)
        {
            if (!_waiting.TryPeek(out var oldest) || time.GetElapsedTime(oldest.Since) < LongestWait)
            {
                return;
            }
        }

        GiveBackWaiting("waited for a slot while another worker may have one", alone: false);
    }

    /// <summary>Takes no new attempts, gives the waiting ones back and asks the running ones for a checkpoint and their slot.</summary>
    public void Drain()
    {
        List<HeldAttempt> running;
        lock (_gate)
        {
            _draining = true;
            running = [.. slots.Select(slot => slot.Holder).OfType<HeldAttempt>()];
        }

        GiveBackWaiting("never started: the worker is draining", alone: true);
        foreach (var held in running)
        {
            held.Attempt.Drain();
        }
    }

    public void Undrain()
    {
        lock (_gate)
        {
            _draining = false;
        }
    }

    /// <summary>Ends every runner, by force where an attempt is still in it.</summary>
    public Task EndAsync() => Task.WhenAll(slots.Select(async slot =>
    {
        if (slot.Holder is not null)
        {
            await slot.RecycleAsync();
        }

        await slot.DisposeAsync();
    }));

    private HeldAttempt Hold(TrialGrant grant)
    {
        var held = new HeldAttempt { Grant = grant, Since = time.GetTimestamp() };
        held.Telling = new Telling(grant, outbox, uploads, () => Told(held));
        held.Attempt = !options.Isolate && TestFunctions.Find(grant.Program) is not null
            ? new FunctionAttempt(grant, options, happened => Tell(held, happened))
            : new RunnerAttempt(grant, options, needs, happened => Tell(held, happened));
        _held.Add(held.Key, held);
        spool?.Hold(grant.Trial);
        return held;
    }

    private void Enter(Slot slot, HeldAttempt held)
    {
        held.Since = time.GetTimestamp();
        held.Slot = slot;
        slot.Holder = held;
    }

    private void Run(HeldAttempt held)
    {
        if (held.Attempt is FunctionAttempt)
        {
            held.Slot!.Thread.Run(() => RunFunctions(held));
        }
        else
        {
            _ = Task.Run(() => RunAsync(held));
        }
    }

    private void RunFunctions(HeldAttempt first)
    {
        for (HeldAttempt? held = first; held is not null; held = Leave(held))
        {
            if (held.Attempt is not FunctionAttempt function)
            {
                Run(held);
                return;
            }

            function.Run(time);
        }
    }

    private async Task RunAsync(HeldAttempt held)
    {
        var attempt = (RunnerAttempt)held.Attempt;
        try
        {
            await attempt.RunAsync(held.Slot!, time);
        }
        finally
        {
            var next = Leave(held);
            attempt.Dispose();
            if (next is not null)
            {
                Run(next);
            }
        }
    }

    /// <summary>Frees the slot of an attempt that has ended.</summary>
    /// <returns>The attempt that has it now; null when none waits.</returns>
    private HeldAttempt? Leave(HeldAttempt held)
    {
        HeldAttempt? next;
        lock (_gate)
        {
            var slot = held.Slot!;
            _ahead.Took(time.GetElapsedTime(held.Since));
            slot.Holder = null;
            held.Slot = null;
            held.HasLeft = true;
            Forget(held);
            next = Next();
            if (next is null)
            {
                _free.Push(slot);
            }
            else
            {
                Enter(slot, next);
            }
        }

        poke();
        return next;
    }

    private void Tell(HeldAttempt held, AttemptEvent happened)
    {
        if (happened is AttemptEvent.Started && held.Slot is { } entered)
        {
            // What its runner took to start says nothing of how long its kind of work takes.
            lock (_gate)
            {
                held.Since = time.GetTimestamp();
            }

            if (entered.FreeSince is { } since)
            {
                _idle.Add(time.GetElapsedTime(since));
                entered.FreeSince = null;
            }
        }
        else if (happened.EndsAttempt && held.Slot is { } left)
        {
            left.FreeSince = time.GetTimestamp();
        }

        held.Telling.Tell(happened);
        poke();
    }

    private void Told(HeldAttempt held)
    {
        lock (_gate)
        {
            held.IsTold = true;
            Forget(held);
        }

        poke();
    }

    /// <summary>Once it has both left its slot and said its last word.</summary>
    private void Forget(HeldAttempt held)
    {
        if (held.HasLeft && held.IsTold && _held.Remove(held.Key))
        {
            _ended.Add(held.Grant.Trial, held.Grant.Lease);
            spool?.Release(held.Grant.Trial);
        }
    }

    /// <param name="alone">Those too that wait for a device of their own, which may take long.</param>
    private void GiveBackWaiting(string reason, bool alone)
    {
        List<HeldAttempt> waiting;
        lock (_gate)
        {
            waiting = [.. _waiting.Concat(alone ? _waitingAlone : []).Where(held => !held.HasLeft)];
            _waiting.Clear();
            if (alone)
            {
                _waitingAlone.Clear();
            }

            foreach (var held in waiting)
            {
                held.HasLeft = true;
            }
        }

        foreach (var held in waiting)
        {
            held.Telling.Tell(new AttemptEvent.Released(reason));
        }
    }

    /// <summary>Whether an attempt has the worker to itself, or waits for that: nothing else begins meanwhile.</summary>
    private bool WantsAlone => _waitingAlone.Any(held => !held.HasLeft) || slots.Any(slot => slot.Holder?.Grant.Alone == true);

    private bool HasRoomFor(TrialGrant grant) => !WantsAlone && (!grant.Alone || _free.Count == slots.Length);

    /// <summary>The attempt for a slot that has become free; null when none may begin.</summary>
    private HeldAttempt? Next()
    {
        if (WantsAlone)
        {
            HeldAttempt? alone = null;
            while (slots.All(slot => slot.Holder is null) && alone is null && _waitingAlone.TryDequeue(out var waiting))
            {
                alone = waiting.HasLeft ? null : waiting;
            }

            return alone;
        }

        while (_waiting.TryDequeue(out var waiting))
        {
            if (!waiting.HasLeft)
            {
                return waiting;
            }
        }

        return null;
    }

    private HeldAttempt? Find(TrialId trial, long lease)
    {
        lock (_gate)
        {
            return _held.GetValueOrDefault((trial, lease));
        }
    }
}
