using System.Globalization;
using System.Text;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Imports;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.Sampling.Priors;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Tests.Imports;

public sealed class ForeignResultsTests
{
    private const string Csv = "x0,x1,loss\n1.5,2.5,0.25\n-4.0,14.0,0.5\n";

    private const string Journal = """
        {"op_code":0,"worker_id":"w","study_name":"s","directions":[2]}
        {"op_code":4,"worker_id":"w","study_id":0,"state":1,"value":7.5,"params":{"x0":1.0,"x1":2.0},"distributions":{"x0":"{\"name\":\"FloatDistribution\",\"attributes\":{\"low\":-5,\"high\":10,\"log\":false,\"step\":null}}","x1":"{\"name\":\"FloatDistribution\",\"attributes\":{\"low\":0,\"high\":15,\"log\":false,\"step\":null}}"}}
        """;

    [Fact]
    public void A_csv_file_is_read_the_way_it_is_asked_for()
    {
        var read = Read(Csv, metric: "loss", goal: "minimize");
        Assert.False(read.Maximize);
        Assert.Equal([("x0=1.5 x1=2.5", 0.25), ("x0=-4.0 x1=14.0", 0.5)], read.Trials.Select(trial => (trial.Parameters.ToString(), trial.Value)));
        Assert.True(Read(Csv, metric: "loss", goal: "maximize").Maximize);
    }

    [Fact]
    public void The_sweeps_own_metric_has_its_goal_and_a_journal_its_own()
    {
        Assert.False(Read(Csv.Replace("loss", "value", StringComparison.Ordinal), metric: "value").Maximize);
        var journal = Read(Journal);
        Assert.True(journal.Maximize);
        Assert.Equal(7.5, journal.Trials.Single().Value);
    }

    [Theory]
    [InlineData(Csv, "loss", null, "trials.csv does not say whether a larger 'loss' is better", "--goal maximize or --goal minimize")]
    [InlineData(Csv, "los", null, "there is no column 'los'", "x0, x1, loss")]
    [InlineData(Journal, "value", "minimize", "--goal minimize contradicts the study in trials.csv, which is to be maximized", "leave out --goal")]
    [InlineData("x0,x1,value\n1,2,0.5\n", "value", "maximize", "--goal maximize contradicts the sweep's metric value, which is to be minimized", "leave out --goal")]
    [InlineData("x0,x2,loss\n1,2,0.5\n", "loss", "minimize", "trials.csv has no parameter 'x1', which the sweep varies", "did you mean 'x0'?")]
    [InlineData("x0,x1,loss\n1,2,\n1,2,nan\n", "loss", "minimize", "trials.csv has no completed trial with a finite value", "2 rows left out: no finite value")]
    public void What_would_mislead_a_search_is_refused(string text, string metric, string? goal, string message, string hint)
    {
        var error = Assert.Throws<CommandError>(() => Read(text, metric, goal));
        Assert.Equal(message, error.Message);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
    }

    /// <summary>Fifty trials that another tool drew at random, as a CSV file.</summary>
    [Fact]
    public void A_search_that_begins_with_a_file_of_observations_starts_better()
    {
        const int seeds = 40;
        var (cold, warm) = (new List<double>(), new List<double>());
        for (var seed = 0; seed < seeds; seed++)
        {
            var sweep = Sweep(seed);
            var elsewhere = new Random(seed);
            var csv = new StringBuilder("x0,x1,loss\n");
            for (var i = 0; i < 50; i++)
            {
                var point = (X0: -5 + (15 * elsewhere.NextDouble()), X1: 15 * elsewhere.NextDouble());
                var loss = Branin(ParameterSet.FromJson(string.Create(CultureInfo.InvariantCulture, $$"""{"x0":{{point.X0:R}},"x1":{{point.X1:R}}}""")));
                csv.AppendLine(CultureInfo.InvariantCulture, $"{point.X0:R},{point.X1:R},{loss:R}");
            }

            var read = Read(csv.ToString(), "loss", "minimize", sweep);
            var (source, points) = PriorSelection.Of(
                read.Name, read.Maximize, read.Trials.Select((trial, i) => new EndedTrial(i + 1, trial.Parameters, TrialState.Completed, trial.Value, 1)), sweep.Space, isFile: true);
            Assert.Equal(50, source.Points);
            cold.Add(BestOfTwenty(sweep, SearchPrior.None));
            warm.Add(BestOfTwenty(sweep, new SearchPrior([source], points)));
        }

        Assert.True(Median(warm) < Median(cold), $"{Median(warm)} with observations, {Median(cold)} without");
    }

    private static double BestOfTwenty(SweepDefinition sweep, SearchPrior prior)
    {
        var sampler = SamplerCatalog.Create(sweep, prior);
        var history = new SearchHistory();
        var (cursor, best) = (0L, double.PositiveInfinity);
        for (var number = 1; number <= 20; number++)
        {
            var proposal = sampler.Propose(cursor, history)!;
            cursor = proposal.NextCursor;
            var loss = Branin(proposal.Parameters);
            history.Put(new Observation(number, proposal.Parameters, ObservationState.Completed, [loss], []));
            best = Math.Min(best, loss);
        }

        return best;
    }

    private static double Branin(ParameterSet point) => TestFunctions.Find("branin")!(point);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static SeqMnistSweep.Grains.ImportedResults Read(string text, string metric = "value", string? goal = null, SweepDefinition? sweep = null) =>
        ForeignResults.Read(ForeignFile.OfText("trials.csv", text, study: null), metric, goal, sweep ?? Sweep(1)).Results;

    private static SweepDefinition Sweep(int seed) => SweepFile.Parse(
        $"{{method: bayes, program: none.py, run_cap: 100, sampler_seed: {seed}, metric: {{name: value, goal: minimize}}, parameters: {{x0: {{min: -5.0, max: 10.0}}, x1: {{min: 0.0, max: 15.0}}}}}}",
        "warm.yaml").Definition!;
}
