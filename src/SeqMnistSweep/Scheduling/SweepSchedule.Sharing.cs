using System.Globalization;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Scheduling;

/// <content>What the sweep uses of the slots, what it wants of them, and what it gives back for one that goes first.</content>
public sealed partial class SweepSchedule
{
    /// <summary>Seconds of slots that its attempts have had up to now.</summary>
    public double SlotSeconds(DateTimeOffset now) => Sweep.SlotSeconds + Active.Sum(trial => SecondsOf(trial, now));

    public SlotUse UseOfSlots(DateTimeOffset now)
    {
        var expected = _endedAttempts > 0 ? _endedSeconds / _endedAttempts : 1;
        return new SlotUse(Sweep.SlotSeconds + Active.Sum(trial => Math.Max(expected, SecondsOf(trial, now))), expected);
    }

    /// <summary>How many trials could start now; without those that failed a moment ago and are kept for another worker, for which nobody is to make room.</summary>
    /// <param name="most">To count to.</param>
    public int Startable(int most, DateTimeOffset now)
    {
        if (!Sweep.State.IsOpen())
        {
            return 0;
        }

        var room = Math.Min(most, _definition.Limits.MaxParallel is { } limit ? Math.Max(0, limit - _index.Active.Count) : most);
        var ready = _index.Queued.Where(number => IsDue(_trials[number], now, avoided: _trials[number].Worker)).Take(room).Count() + Promotions().Count;
        if (ready < room && HasMore)
        {
            ready = (int)Math.Min(room, ready + Math.Max(1, (Sweep.Planned ?? int.MaxValue) - _trials.Count));
        }

        return Math.Min(room, ready);
    }

    /// <summary>Asks for the slot of a running trial, which goes on later from a checkpoint: a sweep of higher priority waits for it.</summary>
    public void TakeBack(int number, long lease, SweepId @for)
    {
        if (_trials.TryGetValue(number, out var trial) && trial.Lease == lease && trial.State.IsActive())
        {
            _preempted[number] = (lease, @for);
        }
    }

    /// <summary>The sweep for which the attempt under this lease gives its slot back; null for all others.</summary>
    public SweepId? PreemptedBy(int number, long lease) => _preempted.TryGetValue(number, out var asked) && asked.Lease == lease ? asked.For : null;

    private void Charge(TrialRecord trial, DateTimeOffset now)
    {
        var seconds = SecondsOf(trial, now);
        _endedSeconds += seconds;
        _endedAttempts++;
        _preempted.Remove(trial.Number);
        Sweep = Sweep with { SlotSeconds = Sweep.SlotSeconds + seconds };
        _changes.Add(new SweepChange.SweepUpdated(Sweep));
    }

    /// <summary>A slot is taken from the grant on, except by a trial that waits at its worker for one.</summary>
    private double SecondsOf(TrialRecord trial, DateTimeOffset now) =>
        SecondsSince(_ahead.Contains(trial.Number) ? trial.AttemptStarted : trial.Granted, now);

    /// <summary>A clock that was set back since gives nothing.</summary>
    private static double SecondsSince(DateTimeOffset? start, DateTimeOffset now) => start < now ? (now - start.Value).TotalSeconds : 0;

    /// <summary>A limit of all trials together that leaves nothing to start; null when there is none.</summary>
    private string? Reached(Definitions.SweepDefinition definition, DateTimeOffset now) => definition.Limits switch
    {
        { Epochs: { } most } when _index.Epochs >= most => $"limits.epochs ({most})",
        { SlotHours: { } hours } when SlotSeconds(now) >= hours * 3600 => string.Create(CultureInfo.InvariantCulture, $"limits.slot_hours ({hours})"),
        _ => null,
    };
}
