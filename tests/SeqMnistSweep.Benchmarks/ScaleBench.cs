using System.Diagnostics;
using System.Globalization;
using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Benchmarks;

/// <summary>
/// One sweep of a million trials of nothing on a head and two workers as processes. What a head answers is timed twice, in the same way:
/// of a sweep of 1,000 trials before, and of the large one after its end, which goes on then for as many trials.
/// </summary>
internal sealed class ScaleBench(int trials, Action<string> progress, CancellationToken stop)
{
    /// <summary>Trials whose exchanges are timed: few at once, so that an exchange is one trial's way and not thousands of them.</summary>
    private const int Probed = 1000;

    private const int Asked = 200;
    private const int Top = 20;
    private const double MostMegabytes = 1536;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private static readonly HttpClient Client = HeadHttp.Create(Environment.GetEnvironmentVariable);

    public async Task<IReadOnlyList<BenchResult>> RunAsync()
    {
        using var fleet = new BenchFleet();
        fleet.StartWorker("one");
        fleet.StartWorker("two");
        progress("until everything is compiled: sweeps that do not count");
        await EndedAsync(fleet, fleet.Submit(Sweep("warm", 20_000)));
        await EndedAsync(fleet, fleet.Submit(Sweep("warm-too", Probed, atOnce: 4)));
        var little = fleet.Submit(Sweep("small", Probed, atOnce: 4));
        await EndedAsync(fleet, little);
        var small = await ProbedAsync(fleet, little);
        progress(string.Create(CultureInfo.InvariantCulture, $"of {Probed} trials: {small}"));

        var grid = Submit(fleet, Grid(trials), "--paused").Took;
        var bytes = fleet.Reader.Bytes();
        var (sweep, submitted) = Submit(fleet, Sweep("large", trials));
        progress(string.Create(CultureInfo.InvariantCulture, $"{trials} trials, submitted in {submitted.TotalMilliseconds:0} ms"));
        await EndedAsync(fleet, sweep);
        var row = fleet.Reader.Sweep(sweep)!;
        Check(row, trials);
        var took = Timestamp.Parse(row.Finished!) - Timestamp.Parse(row.Started!);
        bytes = fleet.Reader.Bytes() - bytes;
        progress(string.Create(CultureInfo.InvariantCulture, $"done in {took.TotalSeconds:0} s; {Probed} more"));

        var more = fleet.Write(Sweep("large", trials + Probed, atOnce: 4));
        fleet.Client("extend", sweep.Value, more, "--head", fleet.Url);
        await EndedAsync(fleet, sweep);
        Check(fleet.Reader.Sweep(sweep)!, trials + Probed);
        var large = await ProbedAsync(fleet, sweep);
        progress(string.Create(CultureInfo.InvariantCulture, $"of {trials} trials: {large}"));
        var head = fleet.Figures("head");
        List<BenchResult> results =
        [
            BenchResult.AtMost(string.Create(CultureInfo.InvariantCulture, $"submit {trials} trials, random"), submitted.TotalMilliseconds, 1000, "ms"),
            BenchResult.AtMost(string.Create(CultureInfo.InvariantCulture, $"submit {trials} trials, grid"), grid.TotalMilliseconds, 1000, "ms"),
            BenchResult.Fact("trials", trials / took.TotalSeconds, "trials/s"),
            BenchResult.AtMost("memory of the head, peak", head.PeakMegabytes, MostMegabytes, "MB"),
            BenchResult.Fact("memory of a worker, peak", Math.Max(fleet.Figures("one").PeakMegabytes, fleet.Figures("two").PeakMegabytes), "MB"),
            BenchResult.Fact("database, per trial", (double)bytes / trials, "bytes"),
            BenchResult.Fact($"exchange p99, {Probed} trials", small.Exchange, "ms"),
            BenchResult.Fact("exchange p99, at the end", large.Exchange, "ms"),
            BenchResult.AtMost("exchange p99, end / begin", large.Exchange / small.Exchange, 2, "x"),
            BenchResult.Fact($"leaderboard top {Top} p99, {Probed} trials", small.Leaderboard, "ms"),
            BenchResult.AtMost($"leaderboard top {Top} p99, at the end", large.Leaderboard, 5, "ms"),
            BenchResult.AtMost("leaderboard p99, end / begin", large.Leaderboard / small.Leaderboard, 2, "x"),
            BenchResult.AtMost($"leaderboard top {Top} of the file p99, at the end", large.View, 5, "ms"),
            .. await AsideAsync(fleet, sweep),
        ];
        results.AddRange(await RestartAsync(fleet, sweep));
        return results;
    }

    /// <summary>What else people ask of a large sweep.</summary>
    private async Task<List<BenchResult>> AsideAsync(BenchFleet fleet, SweepId sweep) =>
    [
        BenchResult.Fact("first page of trials, p99", (await TimesAsync(20, () => GetAsync(fleet, $"sweeps/{sweep}/trials?limit=200")))[^1], "ms"),
        BenchResult.Fact("list, the program's start included", Median(5, () => fleet.Client("list", "--head", fleet.Url)), "ms"),
        BenchResult.Fact("show, the program's start included", Median(5, () => fleet.Client("show", sweep.Value, "--head", fleet.Url)), "ms"),
    ];

    private async Task<List<BenchResult>> RestartAsync(BenchFleet fleet, SweepId sweep)
    {
        progress("the head is killed, and starts again");
        fleet.Kill("head");
        var start = Stopwatch.GetTimestamp();
        fleet.StartHead();
        var ready = Stopwatch.GetElapsedTime(start);
        fleet.Client("extend", sweep.Value, fleet.Write(Sweep("large", trials + Probed + 1)), "--head", fleet.Url);
        await EndedAsync(fleet, sweep);
        var goesOn = Stopwatch.GetElapsedTime(start);
        Check(fleet.Reader.Sweep(sweep)!, trials + Probed + 1);
        await GetAsync(fleet, $"sweeps/{sweep}/leaderboard?top={Top}");
        return
        [
            BenchResult.Fact("head restart: ready", ready.TotalSeconds, "s"),
            BenchResult.AtMost("head restart: the sweep has gone on", goesOn.TotalSeconds, 30, "s"),
            BenchResult.AtMost("memory of the head after a restart, peak", fleet.Figures("head").PeakMegabytes, MostMegabytes, "MB"),
        ];
    }

    /// <summary>Asks the file and not the head, which is measured meanwhile.</summary>
    private async Task EndedAsync(BenchFleet fleet, SweepId sweep)
    {
        while (fleet.Reader.Outline(sweep)!.Sweep is { } stored && (!stored.State.IsFinal() || stored.Finished is null))
        {
            if (fleet.Ended() is { Length: > 0 } ended)
            {
                throw new InvalidOperationException(ended);
            }

            await Task.Delay(Poll, TimeProvider.System, stop);
        }
    }

    private async Task<Probe> ProbedAsync(BenchFleet fleet, SweepId sweep)
    {
        var exchange = await ExchangeAsync(fleet);
        await TimesAsync(Asked, () => GetAsync(fleet, $"sweeps/{sweep}/leaderboard?top={Top}"));
        var leaderboard = await TimesAsync(Asked, () => GetAsync(fleet, $"sweeps/{sweep}/leaderboard?top={Top}"));
        var view = await TimesAsync(Asked, () => Task.FromResult(fleet.Reader.Leaderboard(sweep, Top)));
        return new Probe(exchange, P99(leaderboard), P99(view));
    }

    /// <summary>Of the exchanges of the trials before, as the head itself measured it.</summary>
    private async Task<double> ExchangeAsync(BenchFleet fleet)
    {
        var line = (await Client.GetStringAsync(new Uri($"{fleet.Url}/metrics"), stop)).Split('\n').First(line => line.StartsWith("seqsweep_exchange_p99", StringComparison.Ordinal));
        return line.Split(' ').Skip(1).Select(word => double.Parse(word, CultureInfo.InvariantCulture)).First();
    }

    private async Task GetAsync(BenchFleet fleet, string path)
    {
        using var answer = await Client.GetAsync(new Uri($"{fleet.Url}/api/v1/{path}"), stop);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync(stop);
    }

    /// <returns>Milliseconds, in order.</returns>
    private static async Task<double[]> TimesAsync(int times, Func<Task> act)
    {
        var taken = new double[times];
        for (var i = 0; i < times; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await act();
            taken[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(taken);
        return taken;
    }

    private static double Median(int times, Action act) => TimesAsync(times, () =>
    {
        act();
        return Task.CompletedTask;
    }).GetAwaiter().GetResult()[times / 2];

    private static double P99(double[] ordered) => ordered[(int)Math.Ceiling(0.99 * ordered.Length) - 1];

    private static (SweepId Sweep, TimeSpan Took) Submit(BenchFleet fleet, string yaml, params string[] more)
    {
        var start = Stopwatch.GetTimestamp();
        var sweep = fleet.Submit(yaml, more);
        return (sweep, Stopwatch.GetElapsedTime(start));
    }

    private static void Check(SweepRow row, int trials)
    {
        if (row.Completed != trials || row.Trials != trials)
        {
            throw new InvalidOperationException($"{row.Sweep} has {row.Completed} completed trials of {row.Trials} instead of {trials}");
        }
    }

    private static string Sweep(string name, int trials, int? atOnce = null) =>
        $$"""
        name: {{name}}
        program: noop
        method: random
        run_cap: {{trials}}
        {{(atOnce is { } most ? $"limits: {{max_parallel: {most}}}" : "")}}
        metric: {name: value, goal: minimize}
        parameters:
          lr: {distribution: log_uniform_values, min: 1.0e-5, max: 1.0e-1}
          levels: {min: 4, max: 10}
          kernel_size: {values: [3, 5, 7, 9]}
          dropout: {min: 0.0, max: 0.5}
          optimizer: {values: [Adam, SGD, RMSprop, AdamW]}
        """;

    private static string Grid(int trials) =>
        $$"""
        name: grid
        program: noop
        method: grid
        metric: {name: value, goal: minimize}
        parameters:
          x0: {distribution: int_uniform, min: 1, max: {{Math.Max(1, trials / 1000)}}}
          x1: {distribution: int_uniform, min: 1, max: 1000}
        constraints:
          - require: x0 >= 1
        """;

    /// <param name="Exchange">p99 in milliseconds, as are the others.</param>
    /// <param name="View">Of the file, without the head.</param>
    private sealed record Probe(double Exchange, double Leaderboard, double View)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"exchange {Exchange:0.00} ms, leaderboard {Leaderboard:0.00} ms over HTTP and {View:0.00} ms of the file");
    }
}
