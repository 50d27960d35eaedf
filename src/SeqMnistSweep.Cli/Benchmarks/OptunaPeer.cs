using System.Diagnostics;
using System.Globalization;

namespace SeqMnistSweep.Cli.Benchmarks;

/// <summary>Optuna on SQLite, doing nothing in every trial.</summary>
internal static class OptunaPeer
{
    private const string Script = """
        import sys, tempfile, time, warnings
        warnings.filterwarnings("ignore")
        import optuna
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        with tempfile.TemporaryDirectory() as folder:
            study = optuna.create_study(storage=f"sqlite:///{folder}/o.db", sampler=optuna.samplers.RandomSampler(seed=1))
            start = time.perf_counter()
            study.optimize(lambda trial: trial.suggest_float("x0", 0, 1), n_trials=int(sys.argv[1]))
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
