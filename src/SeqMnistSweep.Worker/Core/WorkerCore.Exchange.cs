namespace SeqMnistSweep.Worker.Core;

/// <content>The exchange with the head: the question, and what the answer means.</content>
internal sealed partial class WorkerCore
{
    /// <summary>What the head is to hear now.</summary>
    public ExchangeRequest Ask()
    {
        GiveBackOverdue();
        lock (_gate)
        {
            _asked = time.GetTimestamp();
            var events = outbox.Pending(out var later);
            var longest = _slots.Holders.Select(lease => time.GetElapsedTime(lease.Since)).DefaultIfEmpty().Max();
            var gpu = ShareGpu();
            var isClosed = IsDraining || _trouble is not null || _slots.WantsAlone;
            return new ExchangeRequest
            {
                Holder = self,
                Slots = slots,
                FreeSlots = isClosed ? 0
                    : Gpu is { SharesSeveral: true } ? Gpu.Roomiest(_slots.FreeSlots, HeldMemory()).Count : _slots.Free,

                // A worker that has more to report than one message holds is ahead of the head already.
                // And where slots share several GPUs, one that waits could get any.
                Ahead = isClosed || later.Count > 0 || Gpu is { SharesSeveral: true } ? 0
                    : Math.Max(0, _prefetcher.Wanted(slots, longest) - _slots.Waiting),
                Draining = IsDraining,

                // An attempt that has ended, whose last event did not fit into this message, is still here for the head; otherwise it
                // would be granted again.
                Running =
                [
                    .. _leases.Values.Select(lease => new RunningAttempt(lease.Grant.Trial, lease.Grant.Lease, lease.Attempt.Progress)),
                    .. later.Where(unsent => !_leases.ContainsKey(unsent))
                        .Select(unsent => new RunningAttempt(unsent.Trial, unsent.Lease, null)),
                ],
                Events = events,
                Offer = gpu is null ? offer : offer with { GpuMemory = gpu.Most },
                Leaving = _stopping && _leases.Count == 0 && later.Count == 0,
                Gaps = _idle.News(),
                Trouble = _trouble,
                Gpu = gpu,
            };
        }
    }

    private GpuShare? ShareGpu()
    {
        if (Gpu is null) return null;

        foreach (var lease in _slots.Holders.Where(lease => time.GetElapsedTime(lease.Since) >= GpuLedger.Measuring))
        {
            Measure(lease);
        }

        return Gpu.Share(HeldMemory(), _slots.FreeSlots);
    }

    private List<HeldMemory> HeldMemory() =>
    [
        .. _leases.Values.Where(lease => !lease.HasLeft)
            .Select(lease => new HeldMemory(lease.Grant.Trial.Sweep, lease.Slot, lease.Grant.GpuMemory, lease.Attempt.DeviceMemory)),
    ];

    /// <summary>Takes in the head's answer to the last request; its grants are the caller's to begin.</summary>
    public void Take(ExchangeRequest request, ExchangeReply reply)
    {
        List<Lease> over = [];
        bool hasMore;
        bool drainChanged;
        lock (_gate)
        {
            hasMore = outbox.Acknowledge(reply.Acknowledged, reply.Unsettled, over) > 0 && !outbox.IsEmpty;
            over.ForEach(lease => lease.IsAcknowledged = true);
            over.RemoveAll(lease => !lease.HasLeft);
            HasLeft = request.Leaving && outbox.IsEmpty;
            Refusal = reply.Refusal;
            drainChanged = reply.Drain != _drainOrdered;
            _drainOrdered = reply.Drain;
            if (reply.Grants.Length < request.FreeSlots + request.Ahead)
            {
                _idle.NothingToRun(_asked);
            }
        }

        over.ForEach(lease => lease.Attempt.Forget());
        foreach (var verdict in reply.Verdicts)
        {
            var lease = Locked(() => _leases.GetValueOrDefault((verdict.Trial, verdict.Lease)));
            lease?.Attempt.Decide(verdict.Epoch, verdict.Verdict);
        }

        foreach (var order in reply.Orders)
        {
            Obey(order);
        }

        if (drainChanged && reply.Drain)
        {
            GiveBackAll();
        }

        if (hasMore || drainChanged)
        {
            changed();
        }
    }

    /// <summary>The trial is no longer this worker's, or another sweep needs its slot.</summary>
    private void Obey(TrialOrder order)
    {
        Lease? lease;
        bool runs;
        lock (_gate)
        {
            // One that has left its slot is about to report its end, if it has not yet; only the events behind an upload can still be
            // dropped.
            if (!_leases.TryGetValue((order.Trial, order.Lease), out lease) || (lease.HasLeft && (order.GiveBack || !lease.HasEnded)))
            {
                return;
            }

            runs = lease.Slot is not null;
            lease.HasLeft |= !runs;
        }

        switch (runs, order.GiveBack)
        {
            case (true, true):
                lease.Attempt.GiveBack();
                break;
            case (true, false):
                lease.Attempt.Stop("the head has taken the trial back");
                break;
            case (false, true):
                lease.Reporter.Report(new AttemptEvent.Released("never started: its slot is wanted"));
                break;
            default:
                lease.Reporter.Discard(lease.Attempt.Forget);
                break;
        }
    }

    private void GiveBackOverdue()
    {
        if (Locked(() => _slots.Oldest is { } oldest && time.GetElapsedTime(oldest.Since) >= MaxWait))
        {
            GiveBackWaiting("waited for a slot while another worker may have one", alone: false);
        }
    }
}
