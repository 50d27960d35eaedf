using System.Runtime.InteropServices;

namespace SeqMnistSweep.Scheduling;

/// <summary>Which configurations look best after a search. Those of which every seed has completed come as on the leaderboard: by the mean
/// of their values, the earlier one first among equals. After them come those that the pruner stopped, which it kept longest first. One that
/// lacks a seed for another reason, or has no value, is not among them.</summary>
internal static class SearchRanking
{
    /// <param name="trials">Of the search alone, by number.</param>
    /// <param name="seeds">Of each configuration.</param>
    /// <returns>Numbers of configurations, the best first.</returns>
    public static List<int> Of(IEnumerable<TrialRecord> trials, int seeds, bool maximize)
    {
        var ended = new Dictionary<int, List<(TrialState State, int Epoch, double? Value)>>();
        foreach (var trial in trials)
        {
            if (trial.State is not (TrialState.Completed or TrialState.Pruned)) continue;

            (CollectionsMarshal.GetValueRefOrAddDefault(ended, trial.Configuration, out _) ??= []).Add(
                (trial.State, trial.FurthestEpoch, trial.Value));
        }

        return [.. ended
            .Where(configuration => configuration.Value.Count >= seeds && configuration.Value.TrueForAll(trial => trial.Value is not null))
            .Select(configuration => (
                Number: configuration.Key,
                IsWhole: configuration.Value.TrueForAll(trial => trial.State == TrialState.Completed),
                Epoch: configuration.Value.Min(trial => trial.Epoch),
                Mean: configuration.Value.Select(trial => trial.Value!.Value).Order().Average()))
            .OrderByDescending(configuration => configuration.IsWhole)
            .ThenByDescending(configuration => configuration.IsWhole ? 0 : configuration.Epoch)
            .ThenBy(configuration => maximize ? -configuration.Mean : configuration.Mean)
            .ThenBy(configuration => configuration.Number)
            .Select(configuration => configuration.Number)];
    }
}
