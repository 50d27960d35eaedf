using System.Globalization;
using System.Text.Json;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Benchmarks;

/// <summary>
/// What the orchestration itself costs: head, two workers and clients as processes, trials that compute nothing, every acknowledged
/// state durable. Optuna with SQLite does the same nothing in the same run.
/// </summary>
internal sealed class DispatchBench(DispatchBenchOptions options, Action<string> progress)
{
    private const int OptunaTrials = 300;

    /// <summary>Metrics in one report, as many as a training epoch has.</summary>
    private const int PointsPerReport = 6;

    public IReadOnlyList<BenchResult> Run()
    {
        var results = new List<BenchResult>();
        using (var fleet = new BenchFleet())
        {
            fleet.StartWorker("one");
            fleet.StartWorker("two");
            results.AddRange(Trials(fleet));
            results.AddRange(Reports(fleet));
            results.AddRange(new AskBench(options.Asked, options.Askers, progress).Run(fleet));
        }

        results.AddRange(Secured());
        results.AddRange(Gaps());
        results.AddRange(Concurrent());
        return results;
    }

    private List<BenchResult> Trials(BenchFleet fleet)
    {
        progress(string.Create(CultureInfo.InvariantCulture, $"{options.Trials} trials of nothing on two workers"));
        var ours = TrialsPerSecond(fleet);
        progress(string.Create(CultureInfo.InvariantCulture, $"{ours:0} trials/s; now Optuna with SQLite"));
        var optuna = OptunaPeer.TrialsPerSecond(OptunaTrials);
        return
        [
            BenchResult.AtLeast("trials", ours, 5000, "trials/s"),
            new BenchResult("Optuna, SQLite", optuna, "trials/s", null, optuna is null ? null : true),
            optuna is null ? new BenchResult("trials / Optuna", null, "x", null, null) : BenchResult.Fact("trials / Optuna", ours / optuna.Value, "x"),
        ];
    }

    private double TrialsPerSecond(BenchFleet fleet)
    {
        var (sweep, took) = fleet.Run($$"""
            name: nothing
            program: noop
            method: random
            run_cap: {{options.Trials}}
            metric: {name: value, goal: minimize}
            parameters:
              lr: {distribution: log_uniform_values, min: 1.0e-5, max: 1.0e-1}
              levels: {min: 4, max: 10}
              kernel_size: {values: [3, 5, 7, 9]}
              dropout: {min: 0.0, max: 0.5}
              optimizer: {values: [Adam, SGD, RMSprop, AdamW]}
            """);
        Check(fleet.Reader, sweep, options.Trials, 1);
        return options.Trials / took.TotalSeconds;
    }

    /// <summary>What encryption and certificates cost, taken in turns since a machine gets slower and faster.</summary>
    private List<BenchResult> Secured()
    {
        var (secure, open) = (new List<(double Rate, double Ready)>(), new List<(double Rate, double Ready)>());
        for (var round = 0; round < 3; round++)
        {
            foreach (var (insecure, taken) in new[] { (false, secure), (true, open) })
            {
                progress($"the same {(insecure ? "with --insecure" : "over TLS")}, round {round + 1}");
                using var fleet = new BenchFleet(insecure: insecure);
                fleet.StartWorker("one");
                fleet.StartWorker("two");
                taken.Add((TrialsPerSecond(fleet), fleet.HeadReadyAfter.TotalSeconds));
            }
        }

        return
        [
            BenchResult.AtLeast("trials over TLS / --insecure", MedianOf.These(secure.Select(run => run.Rate)).Value / MedianOf.These(open.Select(run => run.Rate)).Value, 0.85, "x"),
            BenchResult.AtMost(
                "head ready later over TLS", MedianOf.These(secure.Select(run => run.Ready)).Value - MedianOf.These(open.Select(run => run.Ready)).Value, 0.3, "s"),
        ];
    }

    private List<BenchResult> Reports(BenchFleet fleet)
    {
        const int trials = 40;
        var epochs = Math.Max(1, options.Reports / trials);
        progress(string.Create(CultureInfo.InvariantCulture, $"{trials * epochs} reports of {PointsPerReport} metrics as fast as they go"));
        var (sweep, took) = fleet.Run($$"""
            name: reports
            program: noop
            method: random
            run_cap: {{trials}}
            metric: {name: value, goal: minimize}
            parameters:
              x0: {min: 0.0, max: 1.0}
              epochs: {value: {{epochs}}}
              metrics: {value: {{PointsPerReport}}}
            """);
        Check(fleet.Reader, sweep, trials, epochs);
        var rate = trials * epochs / took.TotalSeconds;
        return [BenchResult.AtLeast("report ingest", rate * PointsPerReport, 100_000, "points/s"), BenchResult.Fact("reports", rate, "reports/s")];
    }

    /// <summary>From the end of one trial to the next one's first code in the same slot, in a warm runner process.</summary>
    private List<BenchResult> Gaps()
    {
        progress("the way from one trial to the next in a runner process");
        using var fleet = new BenchFleet();
        fleet.StartWorker("one", "--slots", "1", "--isolate");
        fleet.StartWorker("two", "--slots", "1", "--isolate");
        fleet.Run($$"""
            name: gaps
            program: noop
            method: random
            run_cap: {{options.Gaps}}
            metric: {name: value, goal: minimize}
            parameters:
              x0: {min: 0.0, max: 1.0}
              sleep_ms: {value: 20}
            """);
        var workers = JsonDocument.Parse(fleet.Client("workers", "-o", "json", "--head", fleet.Url)).RootElement;
        var p99 = workers.EnumerateArray().Max(worker => worker.GetProperty("idle_p99_ms").GetDouble());
        var p50 = workers.EnumerateArray().Max(worker => worker.GetProperty("idle_p50_ms").GetDouble());
        return [BenchResult.Fact("slot free to next trial, p50", p50, "ms"), BenchResult.AtMost("slot free to next trial, p99", p99, 20, "ms")];
    }

    private List<BenchResult> Concurrent()
    {
        progress(string.Create(CultureInfo.InvariantCulture, $"{options.Running} trials at once, ten reports per second each, for {options.Seconds} s"));
        using var fleet = new BenchFleet();
        fleet.StartWorker("one", "--slots", $"{options.Running / 2}");
        fleet.StartWorker("two", "--slots", $"{options.Running / 2}");
        var epochs = options.Seconds * 10;
        var (sweep, took) = fleet.Run($$"""
            name: concurrent
            program: noop
            method: random
            run_cap: {{options.Running}}
            metric: {name: value, goal: minimize}
            parameters:
              x0: {min: 0.0, max: 1.0}
              sleep_ms: {value: 100}
              epochs: {value: {{epochs}}}
            """);
        Check(fleet.Reader, sweep, options.Running, epochs);
        return [BenchResult.AtMost(string.Create(CultureInfo.InvariantCulture, $"{options.Running} trials x 10 reports/s, of ideal"), 100 * took.TotalSeconds / options.Seconds, 102, "%")];
    }

    /// <summary>A figure counts only when everything that it stands for is in the database.</summary>
    private static void Check(ResultReader reader, SweepId sweep, int trials, int epochs)
    {
        var row = reader.FindSweeps(sweep.Value).Single();
        var reports = (long)new ReadOnlyQuery($"select count(*) from reports where sweep = '{sweep.Value}'") { Timeout = TimeSpan.FromMinutes(1) }.Run(reader.Path, TimeProvider.System).Rows[0][0]!;
        if (row.Completed != trials || reports != (long)trials * epochs)
        {
            throw new InvalidOperationException($"{sweep} has {row.Completed} completed trials and {reports} reports instead of {trials} and {(long)trials * epochs}");
        }
    }
}

/// <summary>How much is measured.</summary>
internal sealed record DispatchBenchOptions
{
    public int Trials { get; init; } = 100_000;

    public int Reports { get; init; } = 400_000;

    public int Gaps { get; init; } = 1_000;

    public int Asked { get; init; } = 5_000;

    public int Askers { get; init; } = 16;

    public int Running { get; init; } = 1_000;

    public int Seconds { get; init; } = 60;
}
