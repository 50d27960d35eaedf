using Xunit.Abstractions;

namespace SeqMnistSweep.Tests.Simulation;

/// <summary>A model and random draws on the ladder of asha, on families of curves, after some numbers of epochs.</summary>
public sealed class LadderTests(ITestOutputHelper output)
{
    private const int Seeds = 20;
    private static readonly int[] Budgets = [200, 500, 1000];
    private readonly Dictionary<(string, string, string, int), double[][]> _known = [];

    public static TheoryData<string, string, int> Cases => new()
    {
        { "fast and high", "promotion", 1 },
        { "capacity", "promotion", 8 },
        { "diverging", "promotion", 1 },
        { "diverging", "stopping", 8 },
        { "warm-up", "stopping", 1 },
    };

    /// <summary>Who is good at first is let on, so a model of it would fill the rungs with more of the same.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Where_the_first_epochs_mislead_bayes_is_not_behind_random_draws(string name, string mode, int workers)
    {
        var family = CurveFamily.Misleading.Single(family => family.Name == name);
        for (var i = 0; i < Budgets.Length; i++)
        {
            var (difference, interval) = Compare(family, mode, workers, i);
            Assert.True(difference <= interval, $"{difference} +- {interval}");
        }
    }

    [Theory]
    [InlineData("power", 1)]
    [InlineData("many", 8)]
    public void Where_they_do_not_it_is_ahead_once_trainings_are_complete(string name, int workers)
    {
        var (difference, interval) = Compare(CurveFamily.Honest.Single(family => family.Name == name), "promotion", workers, Budgets.Length - 1);
        Assert.True(difference < -interval, $"{difference} +- {interval}");
    }

    [Fact]
    public void Auto_obeys_the_same_rule() => Assert.Equal(
        Errors(CurveFamily.Misleading[0], "bayes", "promotion", 1)[0], Errors(CurveFamily.Misleading[0], "auto", "promotion", 1)[0]);

    /// <returns>By how much bayes is behind, and two standard errors of that.</returns>
    private (double Difference, double Interval) Compare(CurveFamily family, string mode, int workers, int budget)
    {
        var (model, chance) = (Errors(family, "bayes", mode, workers), Errors(family, "random", mode, workers));
        var differences = Enumerable.Range(0, Seeds).Select(seed => model[seed][budget] - chance[seed][budget]).ToList();
        var mean = differences.Average();
        var interval = 2 * Math.Sqrt(differences.Sum(value => Math.Pow(value - mean, 2)) / (Seeds - 1) / Seeds);
        output.WriteLine($"{family.Name}, {mode}, {workers} workers, {Budgets[budget]} epochs: bayes {model.Average(run => run[budget]):0.0000}, random {chance.Average(run => run[budget]):0.0000}, difference {mean:0.0000} +- {interval:0.0000}");
        return (mean, interval);
    }

    private double[][] Errors(CurveFamily family, string method, string mode, int workers)
    {
        var key = (family.Name, method, mode, workers);
        return _known.TryGetValue(key, out var runs)
            ? runs
            : _known[key] = [.. Enumerable.Range(0, Seeds).Select(seed => LadderRun.Errors(family, method, $"{{type: asha, mode: {mode}, min_epochs: 2, eta: 4}}", workers, seed, Budgets))];
    }
}
