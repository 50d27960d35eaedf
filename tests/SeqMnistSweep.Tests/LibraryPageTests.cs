using System.Globalization;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Pruning;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests;

/// <summary>The program in the README of the package, which is this class's method word for word.</summary>
public sealed class LibraryPageTests
{
    [Fact]
    public void What_the_page_shows_compiles_and_prints_what_it_says()
    {
        var console = new StringWriter(CultureInfo.InvariantCulture);
        Page(console.WriteLine);
        Assert.Contains($"It prints `{console.ToString().Trim()}`", Readme, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_shows_this_program()
    {
        var lines = File.ReadAllLines(RepositoryFiles.PathOf("tests", "SeqMnistSweep.Tests", "LibraryPageTests.cs"));
        var body = lines.SkipWhile(line => !line.StartsWith("    private static void Page(", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line != "    }")
            .Select(line => line.Length > 8 ? line[8..].Replace("print(", "Console.WriteLine(", StringComparison.Ordinal) : "");
        Assert.Contains($"\n{string.Join('\n', body)}\n```", Readme, StringComparison.Ordinal);
    }

    private static string Readme { get; } = RepositoryFiles.Read("src", "SeqMnistSweep", "README.md");

    private static void Page(Action<string> print)
    {
        var sweep = SweepFile.Parse("""
            method: bayes
            program: mine
            metric: {name: loss, goal: minimize}
            parameters:
              lr: {distribution: log_uniform_values, min: 0.0001, max: 1.0}
              layers: {min: 1, max: 8}
            early_terminate: {type: median}
            """, "library.yaml").Definition!;
        var sampler = SamplerCatalog.Create(sweep);
        var pruner = PrunerCatalog.Create(sweep)!;
        var history = new SearchHistory();
        var curves = new List<LearningCurve>();
        var cursor = 0L;
        for (var number = 1; number <= 40; number++)
        {
            // Ask.
            var proposal = sampler.Propose(cursor, history)!;
            cursor = proposal.NextCursor;
            var trial = new Observation(number, proposal.Parameters, ObservationState.Running, [], []);
            history.Put(trial);

            // Train. Curves are larger-is-better, losses are smaller-is-better.
            var curve = new LearningCurve(number, TrialState.Running, []);
            var verdict = Verdict.Continue;
            for (var epoch = 1; epoch <= 10 && verdict == Verdict.Continue; epoch++)
            {
                var lr = proposal.Parameters["lr"]!.AsReal();
                var layers = proposal.Parameters["layers"]!.AsInteger();
                var loss = Math.Abs(Math.Log10(lr) + 2) + Math.Abs(layers - 5) / 4.0 + 1.0 / epoch; // yours
                curve = curve with { Values = [.. curve.Values, -loss] };
                verdict = epoch < 10 && pruner.IsRung(epoch) ? pruner.Judge(curve, curves) : Verdict.Continue;
            }

            // Tell.
            var stopped = verdict == Verdict.Stop;
            curves.Add(curve with { State = stopped ? TrialState.Pruned : TrialState.Completed });
            history.Put(trial with
            {
                State = stopped ? ObservationState.Pruned : ObservationState.Completed,
                Losses = [-curve.Best],
                Curve = [.. curve.Values.Select(value => -value)],
            });
        }

        var best = history.Configurations.Where(seen => seen.State == ObservationState.Completed).MinBy(seen => seen.Loss)!;
        var (rate, depth) = (best.Parameters["lr"]!.AsReal(), best.Parameters["layers"]!.AsInteger());
        print($"loss {best.Loss:0.00} with lr {rate:0.000} and {depth} layers; {curves.Count(seen => seen.State == TrialState.Pruned)} of 40 pruned");
    }
}
