using System.Globalization;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Benchmarks;

/// <summary>
/// How long trials stand still when something dies: three workers with short trials; a worker is killed, or frozen, or the head is killed
/// and started again. The times are those of the events in the database.
/// </summary>
internal sealed class RecoveryBench(RecoveryBenchOptions options, TimeProvider time, Action<string> progress)
{
    private const string LongTrials = """
        name: long
        program: noop
        method: random
        metric: {name: value, goal: minimize}
        parameters:
          x0: {min: 0.0, max: 1.0}
          epochs: {value: 20}
          sleep_ms: {value: 200}
        """;

    /// <summary>Some are short, so that a slot is always about to come free: a grant then waits for the head alone.</summary>
    private const string MixedTrials = """
        name: mixed
        program: noop
        method: random
        metric: {name: value, goal: minimize}
        parameters:
          x0: {min: 0.0, max: 1.0}
          epochs: {values: [2, 2, 2, 40]}
          sleep_ms: {value: 100}
        """;

    private static readonly string[] Workers = ["one", "two", "three"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public IReadOnlyList<BenchResult> Run()
    {
        using var fleet = new BenchFleet();
        foreach (var worker in Workers)
        {
            fleet.StartWorker(worker, "--slots", "2");
        }

        var sweep = fleet.Submit(LongTrials);
        Until(fleet, () => Active(fleet, sweep).Count == 6, "six running trials");
        var killed = Enumerable.Range(0, options.Kills).SelectMany(i => LoseWorker(fleet, sweep, Workers[i % 3], freeze: false)).ToList();
        var frozen = Enumerable.Range(0, options.Freezes).SelectMany(i => LoseWorker(fleet, sweep, Workers[i % 3], freeze: true)).ToList();
        fleet.Client("cancel", sweep.Value, "--head", fleet.Url);
        sweep = fleet.Submit(MixedTrials);
        var restarts = Enumerable.Range(0, options.Restarts).Select(_ => RestartHead(fleet, sweep)).ToList();
        return
        [
            BenchResult.AtMost("worker killed, its trials run elsewhere, median", Median(killed), 5, "s"),
            BenchResult.AtMost("worker killed, its trials run elsewhere, worst", killed.Max(), 10, "s"),
            BenchResult.AtMost("worker frozen, its trials run elsewhere, worst", frozen.Max(), 20, "s"),
            BenchResult.AtMost("head killed, from its start to the first grant, worst", restarts.Max(restart => restart.FirstGrant), 3, "s"),
            new BenchResult("head killed, trials that had to start again", restarts.Sum(restart => restart.Restarted), "trials", "= 0", restarts.All(restart => restart.Restarted == 0)),
        ];
    }

    /// <returns>For every trial of that worker the seconds until it ran again.</returns>
    private List<double> LoseWorker(BenchFleet fleet, SweepId sweep, string name, bool freeze)
    {
        Until(fleet, () => Active(fleet, sweep).Count(trial => trial.Worker == name && trial.State == "running") == 2, $"two trials on {name}");
        var lost = Active(fleet, sweep).Where(trial => trial.Worker == name).ToList();
        var from = time.GetUtcNow();
        if (freeze)
        {
            fleet.Freeze(name);
        }
        else
        {
            fleet.Kill(name);
        }

        var seconds = lost.Select(trial =>
        {
            DateTimeOffset? again = null;
            Until(fleet, () => (again = Running(fleet, sweep, trial.Number, from)) is not null, $"trial {trial.Number} again");
            return (again!.Value - from).TotalSeconds;
        }).ToList();
        progress(string.Create(CultureInfo.InvariantCulture, $"{name} {(freeze ? "frozen" : "killed")}: its trials ran elsewhere after {string.Join(", ", seconds.Select(s => s.ToString("0.00", CultureInfo.InvariantCulture)))} s"));
        fleet.Kill(name);
        fleet.StartWorker(name, "--slots", "2");
        return seconds;
    }

    private (double FirstGrant, int Restarted) RestartHead(BenchFleet fleet, SweepId sweep)
    {
        Until(fleet, () => Active(fleet, sweep).Count(trial => trial.State == "running") == 6, "six running trials");
        var running = Active(fleet, sweep);
        fleet.Kill("head");
        var from = time.GetUtcNow();
        fleet.StartHead();
        DateTimeOffset? granted = null;
        Until(fleet, () => (granted = First(fleet, sweep, "to_state = 'leased'", from)) is not null, "a grant");
        var numbers = string.Join(", ", running.Select(trial => trial.Number));
        Until(fleet, () => Count(fleet, $"select count(*) from trials where sweep = '{sweep}' and number in ({numbers}) and state = 'completed'") == running.Count, "the end of the trials that ran");
        var again = (int)Count(fleet, $"select count(*) from trials where sweep = '{sweep}' and number in ({numbers}) and attempts > 1") - running.Count(trial => trial.Attempts > 1);
        var seconds = (granted!.Value - from).TotalSeconds;
        progress(string.Create(CultureInfo.InvariantCulture, $"head restarted: first grant after {seconds:0.00} s, {again} of {running.Count} running trials had to start again"));
        return (seconds, again);
    }

    private static DateTimeOffset? Running(BenchFleet fleet, SweepId sweep, long trial, DateTimeOffset after) =>
        First(fleet, sweep, string.Create(CultureInfo.InvariantCulture, $"to_state = 'running' and number = {trial}"), after);

    private static DateTimeOffset? First(BenchFleet fleet, SweepId sweep, string which, DateTimeOffset after) =>
        Query(fleet, $"select min(time) from events where sweep = '{sweep}' and {which} and time > '{Timestamp.Format(after)}'")[0][0] is string found ? Timestamp.Parse(found) : null;

    private static List<(long Number, string Worker, string State, long Attempts)> Active(BenchFleet fleet, SweepId sweep) =>
        [.. Query(fleet, $"select number, worker, state, attempts from trials where sweep = '{sweep}' and state in ('leased', 'running')").Select(row => ((long)row[0]!, (string)row[1]!, (string)row[2]!, (long)row[3]!))];

    private static long Count(BenchFleet fleet, string sql) => (long)Query(fleet, sql)[0][0]!;

    private static IReadOnlyList<IReadOnlyList<object?>> Query(BenchFleet fleet, string sql) => new ReadOnlyQuery(sql).Run(fleet.Reader.Path, TimeProvider.System).Rows;

    private void Until(BenchFleet fleet, Func<bool> condition, string what)
    {
        var start = time.GetTimestamp();
        using var never = new ManualResetEventSlim();
        while (!condition())
        {
            if (time.GetElapsedTime(start) > Patience)
            {
                throw new InvalidOperationException($"{what} did not come within {Patience.TotalSeconds:0} s; {fleet.Ended()}");
            }

            never.Wait(TimeSpan.FromMilliseconds(50));
        }
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}

/// <summary>How often each thing is done.</summary>
internal sealed record RecoveryBenchOptions
{
    public int Kills { get; init; } = 9;

    public int Freezes { get; init; } = 3;

    public int Restarts { get; init; } = 5;
}
