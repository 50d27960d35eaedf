using System.Diagnostics;
using System.Globalization;

namespace SeqMnistSweep.Benchmarks;

/// <summary>Optuna on SQLite, doing nothing in every trial; over the space of the first sweep of <see cref="DispatchBench"/>.</summary>
internal static class OptunaPeer
{
    private const string Script = """
        import sys, tempfile, time, warnings
        warnings.filterwarnings("ignore")
        import optuna
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        def nothing(trial):
            trial.suggest_float("lr", 1e-5, 1e-1, log=True)
            trial.suggest_int("levels", 4, 10)
            trial.suggest_categorical("kernel_size", [3, 5, 7, 9])
            trial.suggest_float("dropout", 0, 0.5)
            trial.suggest_categorical("optimizer", ["Adam", "SGD", "RMSprop", "AdamW"])
            return 0.0
        with tempfile.TemporaryDirectory() as folder:
            study = optuna.create_study(storage=f"sqlite:///{folder}/o.db", sampler=optuna.samplers.RandomSampler(seed=1))
            start = time.perf_counter()
            study.optimize(nothing, n_trials=int(sys.argv[1]))
            print(int(sys.argv[1]) / (time.perf_counter() - start))
        """;

    /// <returns>Trials per second; null when no Python here has Optuna.</returns>
    public static double? TrialsPerSecond(int trials)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Script, trials.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var line = process.StandardOutput.ReadLine();
            process.WaitForExit();
            return double.TryParse(line, CultureInfo.InvariantCulture, out var rate) ? rate : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
