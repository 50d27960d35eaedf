namespace SeqMnistSweep.Head.Checkpoints;

/// <summary>Which checkpoint files go. Several checkpoints may have the same bytes, and so one file: it goes with the last of them.</summary>
internal static class UnnamedFiles
{
    /// <param name="changes">Written.</param>
    /// <param name="stored">Digests of the checkpoints that the database names of a trial.</param>
    /// <param name="decided">Those that the schedule names, which may not be stored yet.</param>
    public static IEnumerable<(int Trial, string Digest)> Of(
        ImmutableArray<SweepChange> changes, Func<int, IEnumerable<string>> stored, Func<int, IEnumerable<CheckpointFile>> decided) =>
        changes.OfType<SweepChange.CheckpointDropped>().Select(dropped => (dropped.Trial, dropped.Checkpoint.Digest))
            .Concat(changes.OfType<SweepChange.CheckpointFileLost>().Select(lost => (lost.Trial, lost.Digest)))
            .Where(file => !Named(file.Trial, stored, decided).Contains(file.Digest));

    /// <summary>What is kept of a trial that has ended.</summary>
    public static HashSet<string> Named(
        int trial, Func<int, IEnumerable<string>> stored, Func<int, IEnumerable<CheckpointFile>> decided) =>
        [.. stored(trial), .. decided(trial).Select(file => file.Digest)];
}
