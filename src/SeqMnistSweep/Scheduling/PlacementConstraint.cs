using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Scheduling;

/// <summary>Which workers may run the trials of a sweep.</summary>
/// <param name="Program">A user's program, which only workers run that were started to, or <c>ask</c>, which none does; null for what is
/// built in.</param>
/// <param name="Tag">Only workers with this tag; null for any.</param>
/// <param name="Gpus">That a trial needs; 0 for none.</param>
/// <param name="GpuMemory">Bytes that a trial needs of its GPUs, of each the same; null where that is not said.</param>
public sealed record PlacementConstraint(string? Program, string? Tag, int Gpus = 0, long? GpuMemory = null)
{
    /// <summary>Of a definition and what was changed of it.</summary>
    public static PlacementConstraint Of(SweepDefinition definition, SweepEdits edits) => new(
        TrainableCatalog.IsBuiltIn(definition.Program) ? null : definition.Program,
        string.IsNullOrEmpty(edits.Workers) ? null : edits.Workers,
        definition.Resources.Gpus ?? (definition.NeedsGpu ? 1 : 0),
        definition.Resources.GpuMemory);

    /// <summary>Whether a worker with this offer may run the trials.</summary>
    public bool Takes(WorkerOffer offer) =>
        (Program is null || (Program == TrainableCatalog.Asked ? offer.Asks : offer.AllowsPrograms))
        && (Tag is null || offer.Tags.Contains(Tag)) && (offer.Gpus >= Gpus || offer.Asks)
        && (GpuMemory is not { } needed || offer.GpuMemory is not { } most
            || (Int128)needed * Math.Max(1, offer.Gpus) <= (Int128)most * Math.Max(1, Gpus));

    /// <summary>What a worker needs, for a person: "the tag 'a100'".</summary>
    public override string ToString() => string.Join(" and ", new[]
    {
        Program is null ? null
            : Program == TrainableCatalog.Asked ? "somebody who asks: its trials are asked for and told"
            : $"--programs (the sweep runs {Program})",
        Tag is null ? null : $"the tag '{Tag}'",
        Gpus == 0 ? null : Gpus == 1 ? "a GPU" : $"{Gpus} GPUs in a slot (seqsweep worker --device cuda:0,1,...)",
        GpuMemory is { } needed ? $"{GpuShare.Text(needed)} of {(Gpus > 1 ? "its GPUs'" : "a GPU's")} memory" : null,
    }.OfType<string>());
}
