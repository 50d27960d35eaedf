using SeqMnistSweep.Files;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>Understands what a user's program says on its standard output, and takes in its checkpoints under their digests.</summary>
internal sealed class ProgramOutput(TrialAssignment assignment)
{
    private const int MaxShown = 200;

    private readonly string _folder = Path.GetFullPath(assignment.CheckpointFolder);
    private readonly HashSet<string> _objectives = [assignment.Metric, .. assignment.Metrics];
    private readonly HashSet<string> _told = [];    // in the current epoch
    private readonly HashSet<string> _complaints = [];
    private int _batch = assignment.Resume is { } resume ? resume.Batch + 1 : 0;

    /// <summary>The last epoch that was reported; before the first that of the checkpoint to go on from.</summary>
    public int Epoch { get; private set; } = assignment.Resume?.Epoch ?? 0;

    /// <summary>The message that a line makes; null for a line of the log.</summary>
    /// <param name="comesSoon">Whether a certain line comes within a moment.</param>
    /// <param name="log">Told once what looks like a report and is none, and what is wrong with a checkpoint that cannot be taken; its
    /// line's metrics count all the same.</param>
    public async Task<AttemptEvent?> EventOfAsync(string line, Func<Func<string, bool>, Task<bool>> comesSoon, Action<string> log)
    {
        if (ProgramLine.Parse(line) is not { } said || (said is { Epoch: null, Checkpoint: null } && !HasObjective(said)))
        {
            if (ProgramLine.IsBraced(line) && (ProgramLine.Parse(line) is not null || _objectives.Append("epoch").Any(line.Contains)))
            {
                var what = $"a report is a JSON object with the epoch or with the metric '{assignment.Metric}', which this line is not: ";
                Complain("line", what + line[..Math.Min(line.Length, MaxShown)], log);
            }

            return null;
        }

        var file = said.Checkpoint;
        var epoch = EpochOf(said);
        if (epoch is null)
        {
            var alone = await TakeAsync(file!, Epoch, _batch, comesSoon, log);
            _batch += alone is null ? 0 : 1;
            return alone is null ? null : new AttemptEvent.Checkpointed(alone);
        }

        if (epoch != Epoch)
        {
            _told.Clear();
            _batch = 0;
        }

        Epoch = epoch.Value;
        _told.UnionWith(said.Metrics.Keys.Append("epoch"));
        var checkpoint = file is null ? null : await TakeAsync(file, Epoch, 0, comesSoon, log);
        _batch += checkpoint is null ? 0 : 1;
        return new AttemptEvent.Reported(Epoch, said.Metrics, checkpoint);
    }

    /// <summary>The epoch of a report; null for a checkpoint alone. Without a number it is the current epoch, until a metric of the sweep
    /// is told again.</summary>
    private int? EpochOf(ProgramLine said) => said.Epoch is { } named ? (said.Metrics.IsEmpty && named == Epoch ? null : named)
        : !HasObjective(said) ? null
        : _told.Count > 0 && !_objectives.Any(metric => said.Metrics.ContainsKey(metric) && _told.Contains(metric)) ? Epoch
        : Epoch + 1;

    private bool HasObjective(ProgramLine said) => _objectives.Any(said.Metrics.ContainsKey);

    /// <summary>A copy, so that the program may write the same file again at once. One that may have been written again before it was opened
    /// is not the checkpoint of this line.</summary>
    private async Task<CheckpointFile?> TakeAsync(
        string name, int epoch, int batch, Func<Func<string, bool>, Task<bool>> comesSoon, Action<string> log)
    {
        var path = Path.GetFullPath(Path.Combine(_folder, name));
        if (!path.StartsWith(_folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            Complain(name, $"the checkpoint '{name}' is not taken: it must lie in SEQSWEEP_CHECKPOINT_FOLDER, {_folder}", log);
            return null;
        }

        try
        {
            await using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var before = Look(source);
            if (await comesSoon(line => ProgramLine.Parse(line)?.Checkpoint == name))
            {
                Complain("soon", $"the checkpoint '{name}' was named again at once: only the last of them is taken", log);
                return null;
            }

            using var copy = new AtomicFile(Path.Combine(_folder, "checkpoint"));
            await source.CopyToAsync(copy.Stream);
            if (Look(source) != before)
            {
                Complain("written", $"the checkpoint '{name}' is not taken: it was written while it was copied; write to another file and "
                    + "rename it", log);
                return null;
            }

            copy.Stream.Position = 0;
            var digest = await Digest.OfAsync(copy.Stream, CancellationToken.None);
            var checkpoint = new CheckpointFile(epoch, batch, digest, copy.Stream.Length);
            copy.Commit(Path.Combine(_folder, checkpoint.FileName));
            return checkpoint;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Complain(name, $"the checkpoint '{name}' is not taken: {error.Message}", log);
            return null;
        }
    }

    /// <summary>The file that was opened, whatever lies under its name by now.</summary>
    private static (DateTime Written, long Bytes) Look(FileStream file) =>
        (File.GetLastWriteTimeUtc(file.SafeFileHandle), RandomAccess.GetLength(file.SafeFileHandle));

    private void Complain(string about, string what, Action<string> log)
    {
        if (_complaints.Add(about))
        {
            log($"seqsweep: {what}");
        }
    }
}
