namespace SeqMnistSweep.FaultSimulation;

/// <summary>The way between a worker and the head.</summary>
internal sealed class SimulatedLink(SimulatedTime time, Chance chance)
{
    public long CutUntil { get; set; }

    public long DropsUntil { get; set; }

    public long DuplicatesUntil { get; set; }

    public long DelaysUntil { get; set; }

    /// <summary>A message arrives: later, twice, after its successors, or never.</summary>
    public void Send(Action arrives)
    {
        if (CutUntil > time.Now || (DropsUntil > time.Now && chance.Percent(30)))
        {
            return;
        }

        Deliver(arrives);
        if (DuplicatesUntil > time.Now && chance.Percent(40))
        {
            Deliver(arrives);
        }
    }

    private void Deliver(Action arrives) => time.After(
        DelaysUntil > time.Now && chance.Percent(50) ? chance.Between(5, 9000) : chance.Between(0, 5),
        () =>
        {
            if (CutUntil <= time.Now)
            {
                arrives();
            }
        });
}
