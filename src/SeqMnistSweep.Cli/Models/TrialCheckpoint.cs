using SeqMnistSweep.Training.Models;

namespace SeqMnistSweep.Cli.Models;

/// <summary>The network that a trial has trained.</summary>
internal static class TrialCheckpoint
{
    /// <exception cref="CommandError">The trial has none, or its file is gone.</exception>
    public static async Task<TrainedModel> ModelAsync(ResultSource results, TrialRow trial, CancellationToken cancellation)
    {
        var id = TrialId.Parse(trial.Trial);
        var kept = await results.CheckpointsAsync(id, cancellation);
        if (kept.Count == 0)
        {
            throw new CommandError(
                ExitCodes.NotFound,
                $"{trial.Trial} has no checkpoint {results.Where}: it is {trial.State} after {trial.Epochs} epoch(s)",
                "a trial keeps its last one unless the file says checkpoint: {keep: none}; with that, seqsweep model verify --reports "
                    + "trains it again");
        }

        var file = await results.CheckpointFileAsync(id, kept[^1], cancellation)
            ?? throw new CommandError(
                ExitCodes.NotFound, $"the file of {trial.Trial}'s checkpoint {kept[^1].Digest} is gone {results.Where}",
                "train it again: seqsweep model verify --reports " + trial.Trial);
        return TrainedModel.Read(file, kept[^1].Digest);
    }
}
