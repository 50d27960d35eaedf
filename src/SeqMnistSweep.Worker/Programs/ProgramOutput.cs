using SeqMnistSweep.Files;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>Understands what a user's program says on its standard output, and takes in its checkpoints under their digests.</summary>
internal sealed class ProgramOutput(TrialAssignment assignment, ProgramReplies? replies = null)
{
    private const int MaxShown = 200;

    private readonly string _folder = Path.GetFullPath(assignment.CheckpointFolder);
    private readonly HashSet<string> _objectives = [assignment.Metric, .. assignment.Metrics];
    private readonly HashSet<string> _told = [];    // in the current epoch
    private readonly HashSet<string> _complaints = [];
    private readonly SortedDictionary<string, string> _summary = new(StringComparer.Ordinal);
    private readonly StepThinning _steps = new();
    private readonly PatternLines? _printed = PatternLines.Of(assignment);

    /// <summary>What is printed on the other stream comes sooner or later: its epochs are counted for themselves.</summary>
    private readonly PatternLines? _logged = PatternLines.Of(assignment);
    private ImmutableSortedDictionary<string, string> _known = ImmutableSortedDictionary<string, string>.Empty;
    private int _batch = assignment.Resume is { } resume ? resume.Batch + 1 : 0;

    /// <summary>What is added to the program's epochs: 1 for one that counts from 0; null before its first one.</summary>
    private int? _shift;

    /// <summary>The last epoch that was reported; before the first that of the checkpoint to go on from.</summary>
    public int Epoch { get; private set; } = assignment.Resume?.Epoch ?? 0;

    public NearMisses NearMisses { get; } = new(assignment.Metric);

    /// <summary>Whether it reports by a module of ours, and so may ask for the verdict in a moment.</summary>
    public bool MayAsk { get; private set; }

    /// <summary>Whether it waits for a verdict now: it will hear one without a signal.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Whether it has said that it ends because of a verdict.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>Whether the last line was for the worker although it made no message: it is nothing for the log.</summary>
    public bool IsHeard { get; private set; }

    /// <summary>The message that a line makes; null for any other.</summary>
    /// <param name="comesSoon">Whether a certain line comes within a moment.</param>
    /// <param name="log">Told once what looks like a report and is none, and what is wrong with a checkpoint that cannot be taken; its
    /// line's metrics count all the same.</param>
    public async Task<AttemptEvent?> EventOfAsync(string line, Func<Func<string, bool>, Task<bool>> comesSoon, Action<string> log)
    {
        IsHeard = false;
        if (ProgramLine.Parse(line) is { } said) return await EventOfAsync(said, line, comesSoon, log);

        if (EventOf(_printed?.In(line)) is { } printed)
        {
            log(line);
            return printed;
        }

        TellOfNearMiss(null, line, log);
        return null;
    }

    /// <summary>The report that <c>metrics_pattern</c> finds in a line of its standard error; null where it finds none.</summary>
    public AttemptEvent? EventOfLog(string line) => EventOf(_logged?.In(line));

    private AttemptEvent? EventOf(ProgramLine? said)
    {
        if (said is null) return null;

        if (said.Step is { } step && !HasObjective(said)) return Stepped(step, said.Metrics);

        if (said.Epoch is null && !HasObjective(said)) return null;

        var epoch = EpochOf(said)!.Value;
        Begin(epoch, said);
        return new AttemptEvent.Reported(epoch, said.Metrics, null);
    }

    private async Task<AttemptEvent?> EventOfAsync(
        ProgramLine said, string line, Func<Func<string, bool>, Task<bool>> comesSoon, Action<string> log)
    {
        IsHeard = said.Kind is "waiting" or "leaving";
        switch (said.Kind)
        {
            case "waiting":
                IsWaiting = true;
                return null;
            case "leaving":
                IsLeaving = true;
                return null;
            case "summary":
                return Summary(said);
        }

        if (said is { Step: { } step, Epoch: null, Checkpoint: null } && (said.Kind is not null || !HasObjective(said)))
        {
            IsHeard = true;
            return Stepped(step, said.Metrics);
        }

        if (said is { Epoch: null, Checkpoint: null } && !HasObjective(said))
        {
            TellOfNearMiss(said, line, log);
            return null;
        }

        var epoch = EpochOf(said);
        if (epoch is null)
        {
            var alone = await TakeAsync(said, Epoch, _batch, comesSoon, log);
            _batch += alone is null ? 0 : 1;
            return alone is null ? null : new AttemptEvent.Checkpointed(alone);
        }

        Begin(epoch.Value, said);
        (IsWaiting, MayAsk) = (false, said.Kind is not null);
        var checkpoint = said.Checkpoint is null ? null : await TakeAsync(said, Epoch, 0, comesSoon, log);
        _batch += checkpoint is null ? 0 : 1;
        return new AttemptEvent.Reported(Epoch, said.Metrics, checkpoint);
    }

    /// <summary>Of a line that looks like a report and is none.</summary>
    private void TellOfNearMiss(ProgramLine? said, string line, Action<string> log)
    {
        if (ProgramLine.IsBraced(line) && (said is not null || _objectives.Append("epoch").Any(line.Contains)))
        {
            var what = $"a report is a JSON object with the epoch or with the metric '{assignment.Metric}', which this line is not: ";
            Complain("line", what + line[..Math.Min(line.Length, MaxShown)], log);
        }
    }

    private AttemptEvent.Stepped? Stepped(long step, ImmutableSortedDictionary<string, double> metrics)
    {
        NearMisses.SeeStep(metrics.Keys);
        return _steps.Takes(step, metrics.Keys) ? new AttemptEvent.Stepped(step, metrics) : null;
    }

    /// <summary>Takes note of what was told of an epoch.</summary>
    private void Begin(int epoch, ProgramLine said)
    {
        if (epoch != Epoch)
        {
            _told.Clear();
            _batch = 0;
        }

        Epoch = epoch;
        _told.UnionWith(said.Metrics.Keys.Append("epoch"));
    }

    /// <summary>The epoch of a report, counted from 1; null for a checkpoint alone. Without a number it is the current epoch, until a metric
    /// of the sweep is told again.</summary>
    private int? EpochOf(ProgramLine said)
    {
        if (said.Epoch is { } named)
        {
            _shift ??= named == Epoch && assignment.Resume is null or { Batch: 0 } or { Epoch: 0 } ? 1 : 0;
            var epoch = Math.Min(named, int.MaxValue - 1) + _shift.Value;
            return said.Metrics.IsEmpty && epoch == Epoch ? null : epoch;
        }

        return !HasObjective(said) ? null
            : _told.Count > 0 && !_objectives.Any(metric => said.Metrics.ContainsKey(metric) && _told.Contains(metric)) ? Epoch
            : Epoch + 1;
    }

    /// <summary>What is known of the program beside what it says, which stands beside its own values.</summary>
    public AttemptEvent Know(ImmutableSortedDictionary<string, string> facts)
    {
        _known = facts;
        return Described();
    }

    private AttemptEvent.Described Described() =>
        new(_summary.ToImmutableSortedDictionary(StringComparer.Ordinal).SetItems(_known));

    /// <summary>Values of the whole trial; of a name that is told twice the last one stands.</summary>
    private AttemptEvent.Described Summary(ProgramLine said)
    {
        const string Values = "values.";
        foreach (var (name, value) in said.Metrics.Where(metric => metric.Key.StartsWith(Values, StringComparison.Ordinal)))
        {
            _summary[name[Values.Length..]] = value.ToString("R", CultureInfo.InvariantCulture);
        }

        return Described();
    }

    private bool HasObjective(ProgramLine said) => _objectives.Any(said.Metrics.ContainsKey);

    private async Task<CheckpointFile?> TakeAsync(
        ProgramLine said, int epoch, int batch, Func<Func<string, bool>, Task<bool>> comesSoon, Action<string> log)
    {
        // Who says what the line is waits for the reply.
        var soon = said.Kind is null ? comesSoon : _ => Task.FromResult(false);
        var taken = await CopyAsync(said.Checkpoint!, epoch, batch, soon, log);
        replies?.Took(said.Checkpoint!, said.Epoch, taken is not null);
        return taken;
    }

    /// <summary>A copy, so that the program may write the same file again at once. One that may have been written again before it was opened
    /// is not the checkpoint of this line.</summary>
    private async Task<CheckpointFile?> CopyAsync(
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
            var isFolder = Directory.Exists(path);
            await using var source = isFolder
                ? null
                : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var before = source is null ? default : Look(source);
            if (await comesSoon(line => ProgramLine.Parse(line)?.Checkpoint == name))
            {
                Complain("soon", $"the checkpoint '{name}' was named again at once: only the last of them is taken", log);
                return null;
            }

            using var copy = new AtomicFile(Path.Combine(_folder, "checkpoint"));
            if (source is null ? !await CheckpointTar.PackAsync(path, copy.Stream) : !await IsCopiedAsync(source, before, copy.Stream))
            {
                Complain("written", $"the checkpoint '{name}' is not taken: it was written while it was copied; write to another file and "
                    + "rename it", log);
                return null;
            }

            copy.Stream.Position = 0;
            var digest = await Digest.OfAsync(copy.Stream, CancellationToken.None);
            var checkpoint = new CheckpointFile(epoch, batch, digest, copy.Stream.Length, NameOf(path, isFolder));
            copy.Commit(Path.Combine(_folder, checkpoint.FileName));
            return checkpoint;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Complain(name, $"the checkpoint '{name}' is not taken: {error.Message}", log);
            return null;
        }
    }

    private static async Task<bool> IsCopiedAsync(FileStream source, (DateTime Written, long Bytes) before, Stream copy)
    {
        await source.CopyToAsync(copy);
        return Look(source) == before;
    }

    private static string? NameOf(string path, bool isFolder) => Path.GetFileName(path) + (isFolder ? "/" : "") is var name
        && CheckpointFile.IsName(name) ? name
        : isFolder ? "checkpoint/" : null;

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
