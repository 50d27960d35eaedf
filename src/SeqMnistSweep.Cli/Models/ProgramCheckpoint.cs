using SeqMnistSweep.Files;
using SeqMnistSweep.Worker.Programs;

namespace SeqMnistSweep.Cli.Models;

/// <summary>The checkpoint that a user's program has written, as it was: that of the best epoch where it is kept, else the last.</summary>
internal static class ProgramCheckpoint
{
    /// <param name="to">As given: where to; a folder is one file where this ends with <c>.tar</c>.</param>
    /// <returns>Where it lies, and which one it is.</returns>
    /// <exception cref="CommandError">The trial has none, its file is gone or damaged, or something lies there already.</exception>
    public static async Task<(string Path, CheckpointRow Checkpoint)> ExportAsync(
        CommandContext context, ResultSource results, TrialRow trial, string? to, bool force, CancellationToken cancellation)
    {
        var kept = await TrialCheckpoint.KeptAsync(results, trial, cancellation);
        var one = kept.LastOrDefault(one => one.Epoch == trial.Epoch && one.Batch == 0) ?? kept[^1];
        var isFolder = one.Name?.EndsWith('/') == true;
        var name = one.Name?.TrimEnd('/') ?? CheckpointFile.NameOf(one.Digest, null);
        var path = TargetFile.Of(context, to, $"{trial.Sweep}-{trial.Number}-{name}", force);
        await using var content = await results.OpenCheckpointAsync(TrialId.Parse(trial.Trial), one, cancellation)
            ?? throw TrialCheckpoint.Gone(results, trial, one);
        var unpacks = isFolder && !path.EndsWith(".tar", StringComparison.Ordinal);
        var file = unpacks ? AtomicFile.NameBeside(path) : path;
        await TargetFile.WriteAsync(file, content, one.Digest, cancellation);
        if (unpacks)
        {
            await CheckpointTar.UnpackAsync(file, path, cancellation);
            File.Delete(file);
        }

        return (path, one);
    }
}
