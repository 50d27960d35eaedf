using System.Collections.Frozen;

namespace SeqMnistSweep.SweepFiles.Schema;

/// <summary>What Optuna, Ray Tune, Hydra, NNI, Ax and Determined call keys of the sweep file. They have no meaning here: a hint names the key
/// that has.</summary>
internal static class OtherWords
{
    private static readonly FrozenDictionary<string, string> Keys = new Dictionary<string, string[]>
    {
        ["run_cap"] = ["trials", "max_trials", "n_trials", "num_trials", "num_samples", "samples", "max_runs", "count", "max_trial_number"],
        ["method"] = ["sampler", "algorithm", "algo", "search_alg", "search_algorithm", "searcher", "strategy", "tuner"],
        ["parameters"] = ["space", "search_space", "param_space", "params", "hyperparameters", "hparams", "config"],
        ["metric"] = ["objective", "goal", "direction", "mode", "maximize", "minimize"],
        ["metrics"] = ["directions", "objectives"],
        ["metric.target"] = ["target", "stop_at"],
        ["early_terminate"] = ["pruner", "pruning", "early_stopping", "assessor"],
        ["limits.sweep_time"] = ["timeout", "time_budget", "time_budget_s", "max_time", "max_duration", "max_experiment_duration"],
        ["limits.max_parallel"] =
            ["concurrency", "max_concurrent", "max_concurrent_trials", "max_parallel", "n_jobs", "parallel", "trial_concurrency"],
        ["limits.max_failures"] = ["max_failures"],
        ["resources"] = ["gpus", "num_gpus", "gpu", "cpus", "resources_per_trial"],
        ["retry.max"] = ["retries", "max_retries", "max_restarts"],
        ["seeds"] = ["repeats", "repetitions", "replicates", "replications", "trials_per_configuration"],
        ["enqueue"] = ["points_to_evaluate", "initial_points", "initial_trials"],
    }
    .SelectMany(pair => pair.Value.Select(word => (word, pair.Key)))
    .ToFrozenDictionary(pair => pair.word, pair => pair.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>"did you mean 'run_cap'?" of <c>n_trials</c>; null for a word that is nobody's.</summary>
    public static string? Hint(string word) => Keys.GetValueOrDefault(word.Replace('-', '_')) is { } key ? $"did you mean '{key}'?" : null;

    /// <summary>The words of each key, for tests.</summary>
    internal static IEnumerable<(string Word, string Key)> All => Keys.Select(pair => (pair.Key, pair.Value));
}
