using System.Diagnostics;
using System.Globalization;
using SeqMnistSweep.Fronts;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;

namespace SeqMnistSweep.Benchmarks;

/// <summary>How well and how fast the samplers search. Figures are medians over seeds, with their intervals; Optuna, where it is installed, does the same in the same run.</summary>
internal sealed class SearchBench(int seeds, Action<string> progress)
{
    private const int Workers = 16;
    private const int Draws = 10;
    private const int ZdtSeeds = 5;
    private static readonly int[] After = [25, 50, 100];
    private static readonly int[] WorkersOfTables = [1, 8, 16];
    private static readonly double[] ZdtCorner = [1.1, 1.1];

    public IReadOnlyList<BenchResult> Run()
    {
        var peer = Task.Run(() => SearchPeer.RunAsync("regret", seeds));
        var results = new List<BenchResult>();
        results.AddRange(Regrets());
        results.AddRange(Others());
        results.AddRange(Tables());
        progress("waiting for Optuna's TPE");
        results.AddRange(Peer(peer.GetAwaiter().GetResult()));
        results.AddRange(Compromises());
        results.AddRange(Times());
        return results;
    }

    /// <summary>bayes against Optuna's figures, against chance, and with many workers.</summary>
    private List<BenchResult> Regrets()
    {
        var results = new List<BenchResult>();
        var (better, worstOfChance, lost) = (0, 0.0, 0.0);
        foreach (var problem in SearchProblem.Single)
        {
            progress($"bayes on {problem.Name}: {seeds} seeds of 100");
            var ours = Runs(problem, "bayes", 100);
            var after50 = Regret(problem, ours, 50);
            var after100 = Regret(problem, ours, 100);
            var chance = Regret(problem, Runs(problem, "random", 100), 100);
            var wide = Regret(problem, Runs(problem, "bayes", 100, Workers), 100);
            var start = Regret(problem, ours, Draws).Value;
            better += after100.Value < problem.OptunaAfter100 ? 1 : 0;
            worstOfChance = Math.Max(worstOfChance, after100.Value / chance.Value);
            lost += (wide.Value - after100.Value) / (start - after100.Value) * 100 / SearchProblem.Single.Count;
            results.Add(Fact($"{problem.Name}, bayes after 50 (Optuna {Text(problem.OptunaAfter50)})", after50));
            results.Add(Fact($"{problem.Name}, bayes after 100 (Optuna {Text(problem.OptunaAfter100)})", after100));
            results.Add(Fact($"{problem.Name}, random after 100", chance));
            results.Add(Fact($"{problem.Name}, bayes after 100 with {Workers} workers", wide));
        }

        return
        [
            .. results,
            BenchResult.AtLeast("functions on which bayes is better than Optuna 3.1 after 100", better, 4, "of 5"),
            BenchResult.AtMost("bayes / random after 100, worst function", worstOfChance, 1, "x"),
            BenchResult.AtMost($"gain since the first {Draws} lost with {Workers} workers, mean", lost, 15, "%"),
        ];
    }

    private List<BenchResult> Others()
    {
        progress("cmaes on rosenbrock4, gp on branin");
        var rosenbrock = SearchProblem.Named("rosenbrock4");
        var branin = SearchProblem.Named("branin");
        var cma = Regret(rosenbrock, Runs(rosenbrock, "cmaes", 200), 200);
        var tpe = Regret(rosenbrock, Runs(rosenbrock, "bayes", 200), 200);
        var gp = Regret(branin, Runs(branin, "gp", 50), 50);
        var tpe50 = Regret(branin, Runs(branin, "bayes", 50), 50);
        return
        [
            Fact("rosenbrock4, cmaes after 200", cma),
            Fact("rosenbrock4, bayes after 200", tpe),
            BenchResult.AtMost("rosenbrock4 after 200, cmaes / bayes", cma.Value / tpe.Value, 1, "x"),
            Fact("branin, gp after 50", gp),
            BenchResult.AtMost("branin after 50, gp / bayes", gp.Value / tpe50.Value, 1, "x"),
        ];
    }

    /// <summary>auto on real tables, against bayes, chance and Optuna: means of the regret as a share of the table's range.</summary>
    private List<BenchResult> Tables()
    {
        progress($"auto, bayes and random on {SearchTable.All.Count} tables: {seeds} seeds of 100");
        var optuna = SearchPeer.RunAsync("tables", seeds, SearchTable.All.Select(table => table.Json)).GetAwaiter().GetResult();
        var (auto, bayes, random) = (OnTables("auto"), OnTables("bayes"), OnTables("random"));
        var results = new List<BenchResult>();
        foreach (var workers in WorkersOfTables)
        {
            var figures = OnTables("auto", workers).Mean;
            var peer = optuna[workers.ToString(CultureInfo.InvariantCulture)].FirstOrDefault();
            for (var i = 0; i < After.Length; i++)
            {
                var what = $"tables after {After[i]}{(workers > 1 ? $" with {workers} workers" : "")}";
                results.Add(BenchResult.Fact($"{what}, auto", figures[i], "regret"));
                results.Add(new BenchResult($"{what}, Optuna's TPE here", peer?[i], "regret", null, peer is null ? null : true));
            }

            if (workers > 1)
            {
                var lost = 100 * (figures[2] - auto.Mean[2]) / (random.Mean[2] - auto.Mean[2]);
                results.Add(BenchResult.AtMost($"gain over random after 100 lost with {workers} workers, auto on tables", lost, 33, "%"));
            }
        }

        var against = SearchTable.All.Select((table, i) => Against(table.Name, auto.ByTable[i], random.ByTable[i])).ToList();
        var worst = against.MaxBy(one => one.Ratio);
        var serial = optuna["1"].FirstOrDefault();
        return
        [
            .. results,
            BenchResult.AtMost("tables after 25, auto / bayes", auto.Mean[0] / bayes.Mean[0], 0.9, "x"),
            BenchResult.AtMost("tables after 100, auto / bayes", auto.Mean[2] / bayes.Mean[2], 1, "x"),
            BenchResult.AtMost("tables after 25, auto / Optuna's TPE", auto.Mean[0] / serial?[0], 0.9, "x"),
            .. against.Select(one => BenchResult.Fact($"{one.Table} after 100, auto / random", one.Ratio, "x") with { Interval = one.Interval }),
            BenchResult.AtMost($"auto / random after 100, worst table ({worst.Table})", worst.Ratio, 1, "x") with { Interval = worst.Interval },
        ];
    }

    /// <summary>How the means compare, and where the ratio lies 95 times of 100.</summary>
    private static (string Table, double Ratio, double[] Interval) Against(string table, double[] ours, double[] others)
    {
        var (mean, other) = (ours.Average(), others.Average());
        var reach = 1.96 * Math.Sqrt(Variance(ours, mean) + Variance(others, other));
        return (table, mean / other, [(mean - reach) / other, (mean + reach) / other]);
    }

    /// <summary>Of the mean.</summary>
    private static double Variance(double[] values, double mean) => values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length;

    /// <summary>Mean regrets after each of <see cref="After"/>, and every seed's of each table after the last.</summary>
    private (double[] Mean, double[][] ByTable) OnTables(string method, int workers = 1)
    {
        var byTable = SearchTable.All.Select(table =>
        {
            var runs = Runs(table.Problem, method, After[^1], workers);
            return After.Select(after => runs.Select(history => SearchTrace.Regret(table.Problem, history, after) / table.Range).ToArray()).ToArray();
        }).ToList();
        return ([.. After.Select((_, i) => byTable.Average(regrets => regrets[i].Average()))], [.. byTable.Select(regrets => regrets[^1])]);
    }

    private static List<BenchResult> Peer(ILookup<string, double[]> optuna)
    {
        var results = new List<BenchResult>();
        foreach (var problem in SearchProblem.Single)
        {
            var figures = optuna[problem.Name].FirstOrDefault();
            results.Add(new BenchResult($"{problem.Name}, Optuna's TPE here after 100", figures?[1], "regret", null, figures is null ? null : true));
        }

        return results;
    }

    private List<BenchResult> Compromises()
    {
        progress("nsga2 on zdt1, and Optuna's");
        var peer = Task.Run(() => SearchPeer.RunAsync("zdt1", ZdtSeeds));
        var ours = MedianOf.These(Runs(SearchProblem.Zdt1, "nsga2", 1000).Select(history => Pareto.Hypervolume(history.Configurations.Select(known => known.Losses.ToArray()), ZdtCorner)));
        var optuna = peer.GetAwaiter().GetResult()["zdt1"].Select(figures => figures[0]).ToList();
        double? theirs = optuna.Count > 0 ? MedianOf.These(optuna).Value : null;
        return
        [
            Fact("zdt1, hypervolume of nsga2 after 1,000", ours, "area"),
            new BenchResult("zdt1, hypervolume of Optuna's NSGA-II after 1,000", theirs, "area", null, theirs is null ? null : true),
            BenchResult.AtLeast("zdt1 hypervolume / Optuna's", ours.Value / theirs, 1, "x"),
        ];
    }

    /// <summary>What a slot waits for bayes, eight parameters.</summary>
    private List<BenchResult> Times()
    {
        progress("how long a suggestion takes");
        return
        [
            BenchResult.AtMost("auto, slowest suggestion at 50 to 300 finished", SlowestOfAuto(), 20, "ms"),
            BenchResult.AtMost("bayes, one suggestion at 1,000 finished", Suggestion(1_000), 150, "us"),
            BenchResult.AtMost("bayes, one suggestion at 100,000 finished", Suggestion(100_000) / 1000, 3, "ms"),
        ];
    }

    /// <summary>Of the medians over three sweeps: what a slot waits at worst, not what the machine did meanwhile.</summary>
    private static double SlowestOfAuto()
    {
        var problem = Sphere();
        var sweeps = Enumerable.Range(0, 3).Select(_ =>
        {
            var history = SearchTrace.Run(problem, "random", 1, 50);
            var sampler = SamplerCatalog.Create(problem.Sweep("auto", 1));
            return Enumerable.Range(0, 250).Select(i => Timed(problem, sampler, history, 50 + i)).ToList();
        }).ToList();
        return Enumerable.Range(0, 250).Max(i => MedianOf.These(sweeps.Select(times => times[i])).Value) / 1000;
    }

    /// <summary>Median over suggestions each of which is finished before the next, in microseconds.</summary>
    private static double Suggestion(int finished)
    {
        const int suggestions = 400;
        var problem = Sphere();
        var history = SearchTrace.Run(problem, "random", 1, finished);
        var sampler = SamplerCatalog.Create(problem.Sweep("bayes", 1));
        var times = new List<double>();
        for (var i = 0; i < suggestions; i++)
        {
            var time = Timed(problem, sampler, history, i);
            if (i >= suggestions / 2)
            {
                times.Add(time);
            }
        }

        return MedianOf.These(times).Value;
    }

    private static SearchProblem Sphere() => new("sphere", "{" + string.Join(", ", Enumerable.Range(0, 8).Select(i => $"x{i}: {{min: -5.0, max: 5.0}}")) + "}", point => [point.Sum(item => item.Value.AsReal() * item.Value.AsReal())]);

    /// <summary>Microseconds that one suggestion takes; its result is known then.</summary>
    private static double Timed(SearchProblem problem, ISampler sampler, SearchHistory history, long cursor)
    {
        var clock = Stopwatch.GetTimestamp();
        var proposal = sampler.Propose(cursor, history)!;
        var time = Stopwatch.GetElapsedTime(clock).TotalMicroseconds;
        history.Put(new Observation(history.Configurations.Count + 1, proposal.Parameters, ObservationState.Completed, [.. problem.Losses(proposal.Parameters)], []));
        return time;
    }

    private List<SearchHistory> Runs(SearchProblem problem, string method, int configurations, int workers = 1)
    {
        var runs = new SearchHistory[seeds];
        Parallel.For(0, seeds, seed => runs[seed] = SearchTrace.Run(problem, method, seed, configurations, workers));
        return [.. runs];
    }

    private static MedianOf Regret(SearchProblem problem, List<SearchHistory> runs, int after) =>
        MedianOf.These(runs.Select(history => SearchTrace.Regret(problem, history, after)));

    private static BenchResult Fact(string name, MedianOf median, string unit = "regret") =>
        BenchResult.Fact(name, median.Value, unit) with { Interval = [median.Low, median.High] };

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
