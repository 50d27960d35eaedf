namespace SeqMnistSweep.Scheduling;

/// <summary>What a sweep uses of the slots, which of its trials wait at a worker for one, and which give theirs back for a sweep that goes
/// first.</summary>
internal sealed class SlotAccounting(SweepLedger ledger)
{
    private readonly Dictionary<int, (long Lease, SweepId For)> _preempted = [];
    private readonly HashSet<int> _ahead = [];
    private double _endedSeconds;             // of the attempts that ended since the sweep was loaded
    private int _endedAttempts;

    /// <summary>A trial is granted.</summary>
    /// <param name="ahead">It will wait for a slot at its worker.</param>
    public void Grant(int number, bool ahead)
    {
        _preempted.Remove(number);
        _ = ahead ? _ahead.Add(number) : _ahead.Remove(number);
    }

    /// <summary>Whether another worker than that of the last grant was ready.</summary>
    public bool HasOthers { get; set; }

    public bool WaitsAhead(int number) => _ahead.Contains(number);

    /// <summary>Seconds of slots that the sweep's attempts have had up to now.</summary>
    public double Seconds(DateTimeOffset now) => ledger.Sweep.SlotSeconds + ledger.Active.Sum(trial => SecondsOf(trial, now));

    public SlotUse Use(DateTimeOffset now)
    {
        var expected = _endedAttempts > 0 ? _endedSeconds / _endedAttempts : 1;
        return new SlotUse(ledger.Sweep.SlotSeconds + ledger.Active.Sum(trial => Math.Max(expected, SecondsOf(trial, now))), expected);
    }

    /// <summary>Asks for the slot of a running trial, which goes on later from a checkpoint.</summary>
    public void TakeBack(int number, long lease, SweepId @for)
    {
        if (ledger.Trials.TryGetValue(number, out var trial) && trial.Lease == lease && trial.State.IsActive())
        {
            _preempted[number] = (lease, @for);
        }
    }

    public SweepId? PreemptedBy(int number, long lease) =>
        _preempted.TryGetValue(number, out var asked) && asked.Lease == lease ? asked.For : null;

    /// <summary>The trial's lease has ended.</summary>
    public void Charge(TrialRecord trial, DateTimeOffset now)
    {
        var seconds = SecondsOf(trial, now);
        _endedSeconds += seconds;
        _endedAttempts++;
        _preempted.Remove(trial.Number);
        ledger.Update(ledger.Sweep with { SlotSeconds = ledger.Sweep.SlotSeconds + seconds });
    }

    /// <summary>A limit of all trials together that leaves nothing to start; null when there is none.</summary>
    public string? Reached(SweepDefinition definition, DateTimeOffset now) => definition.Limits switch
    {
        { Epochs: { } max } when ledger.Index.Epochs >= max => $"limits.epochs ({max})",
        { SlotHours: { } hours } when Seconds(now) >= hours * 3600 =>
            string.Create(CultureInfo.InvariantCulture, $"limits.slot_hours ({hours})"),
        _ => null,
    };

    /// <summary>A clock that was set back since gives nothing.</summary>
    public static double SecondsSince(DateTimeOffset? start, DateTimeOffset now) => start < now ? (now - start.Value).TotalSeconds : 0;

    /// <summary>A slot is taken from the grant on, except by a trial that waits at its worker for one.</summary>
    private double SecondsOf(TrialRecord trial, DateTimeOffset now) =>
        SecondsSince(WaitsAhead(trial.Number) ? trial.AttemptStarted : trial.Granted, now);
}
