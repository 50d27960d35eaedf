
namespace SeqMnistSweep.Cli.Watching;

/// <summary>All sweeps and workers of a head at one moment.</summary>
/// <param name="Sweeps">Those that have not ended first, then the newest.</param>
/// <param name="Workers">By name.</param>
internal sealed record Fleet(
    DateTimeOffset At, ImmutableArray<Fleet.Sweep> Sweeps, ImmutableArray<WorkerInfo> Workers)
{
    /// <summary>Sweeps of which the time left is asked for, a call each.</summary>
    private const int MaxSummaries = 20;

    /// <summary>A sweep, with what only its head knows of one that has not ended.</summary>
    internal sealed record Sweep(SweepRow Row, Eta? Eta, string? Waits)
    {
        public long Ended => Row.Completed + Row.Pruned + Row.Failed + Row.Cancelled;

        public bool IsOver => StateNames.Parse<SweepState>(Row.State).IsFinal();
    }

    public static async Task<Fleet> ReadAsync(HeadResults head, TimeProvider time, CancellationToken stop)
    {
        var workers = head.WorkersAsync(stop);
        var all = (await head.SweepsAsync(stop)).Select(row => new Sweep(row, null, null)).OrderBy(sweep => sweep.IsOver).ToList();
        for (var i = 0; i < Math.Min(all.Count, MaxSummaries) && !all[i].IsOver; i++)
        {
            var summary = await head.SummaryAsync(SweepId.Parse(all[i].Row.Sweep), stop);
            all[i] = new Sweep(summary.Sweep, summary.Eta, summary.Waits);
        }

        return new Fleet(time.GetUtcNow(), [.. all], [.. await workers]);
    }

    /// <param name="bar">How far one is, for people; null leaves it out.</param>
    public static TableOutput SweepTable(IEnumerable<Sweep> shown, Func<Sweep, string>? bar = null)
    {
        string[] done = bar is null ? [] : ["done"];
        return TableOutput.Of(
            ["sweep", "state", .. done, "ended", "planned", "running", "left", "best", "pruned", "failed", "waits"],
            shown,
            sweep =>
            [
                sweep.Row.Sweep, sweep.Row.State, .. done.Select(_ => bar!(sweep)), sweep.Ended, sweep.Row.Planned, sweep.Row.Running,
                sweep.Eta is { } eta ? new Cell(eta.Seconds, SweepText.Duration(TimeSpan.FromSeconds(eta.Seconds))) : null,
                Cell.Metric(sweep.Row.Metric, sweep.Row.Best), sweep.Row.Pruned, sweep.Row.Failed, sweep.Waits,
            ]);
    }

    public TableOutput WorkerTable(IEnumerable<WorkerInfo> shown) => TableOutput.Of(
        ["worker", "state", "device", "busy", "slots", "memory", "utilization", "seen", "trials", "reason"],
        shown,
        worker =>
        [
            worker.Name, worker.State.ToName(), worker.Device, worker.Running.Length, worker.Slots, Memory(worker.Memory),
            worker.Health?.Utilization is { } busy ? new Cell(busy, $"{busy} %") : null, Seen(worker.Seen),
            string.Join(' ', worker.Running.Select(running => running.Trial.ToString())),
            worker.DrainReason ?? worker.Reason ?? worker.Health?.Fault,
        ]);

    private static Cell? Memory(DeviceMemory? memory) => memory is null ? null : new Cell(
        memory.Used, string.Create(CultureInfo.InvariantCulture, $"{100.0 * memory.Used / Math.Max(1, memory.Total):0} %"));

    private Cell? Seen(DateTimeOffset? seen) => seen is { } known
        ? new Cell((At - known).TotalSeconds, $"{SweepText.Duration(At - known)} ago")
        : null;
}
