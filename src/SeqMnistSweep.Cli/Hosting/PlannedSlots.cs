using SeqMnistSweep.Scheduling;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>Trials at the same time, and where that number is from.</summary>
/// <param name="Where">For a person: "4 slot(s) of 2 worker(s) of the head".</param>
internal sealed record PlannedSlots(int Count, string Where)
{
    public static PlannedSlots Here(SweepDefinition sweep) =>
        new(Math.Max(1, Environment.ProcessorCount / sweep.Resources.Threads), "this machine's cores");

    /// <summary>Of the workers that are ready and take this sweep; none where no worker does.</summary>
    public static async Task<PlannedSlots> OfHeadAsync(HeadResults head, SweepDefinition sweep, CancellationToken cancellation)
    {
        var fit = Fit.Of(sweep, SweepEdits.None);
        var workers = (await head.WorkersAsync(cancellation))
            .Where(worker => worker.State == WorkerState.Ready && fit.Takes(new WorkerOffer { AllowsPrograms = worker.AllowsPrograms }))
            .ToList();
        return new PlannedSlots(
            workers.Sum(worker => worker.Slots), $"the {workers.Count} ready worker(s) of {head.Head!.GetLeftPart(UriPartial.Authority)}");
    }
}
