using SeqMnistSweep.Training.Models;

namespace SeqMnistSweep.Cli.Models;

/// <summary>The network that a trial has trained.</summary>
internal static class TrialCheckpoint
{
    /// <exception cref="CommandError">The trial has none, or its file is gone.</exception>
    public static async Task<TrainedModel> ModelAsync(ResultSource results, TrialRow trial, CancellationToken cancellation)
    {
        var kept = await KeptAsync(results, trial, cancellation);
        var file = await results.CheckpointFileAsync(TrialId.Parse(trial.Trial), kept[^1], cancellation)
            ?? throw Gone(results, trial, kept[^1]);
        return TrainedModel.Read(file, kept[^1].Digest);
    }

    /// <summary>One or more, the oldest first.</summary>
    /// <exception cref="CommandError">The trial has none.</exception>
    public static async Task<IReadOnlyList<CheckpointRow>> KeptAsync(
        ResultSource results, TrialRow trial, CancellationToken cancellation)
    {
        var kept = await results.CheckpointsAsync(TrialId.Parse(trial.Trial), cancellation);
        if (kept.Count == 0)
        {
            throw new CommandError(
                ExitCodes.NotFound,
                $"{trial.Trial} has no checkpoint {results.Where}: it is {trial.State} after {Plural.Of(trial.Epochs, "epoch")}",
                "a trial keeps its last one unless the file says checkpoint: {keep: none}; with that, seqsweep model verify --reports "
                    + "trains it again");
        }

        return kept;
    }

    public static CommandError Gone(ResultSource results, TrialRow trial, CheckpointRow checkpoint) => new(
        ExitCodes.NotFound, $"the file of {trial.Trial}'s checkpoint {checkpoint.Digest} is gone {results.Where}",
        "train it again: seqsweep model verify --reports " + trial.Trial);
}
