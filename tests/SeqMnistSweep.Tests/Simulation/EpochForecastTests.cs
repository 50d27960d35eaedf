using SeqMnistSweep.Simulation;
using SeqMnistSweep.Tests.SweepFiles;

namespace SeqMnistSweep.Tests.Simulation;

public sealed class EpochForecastTests
{
    private const string Median = "early_terminate: {type: median, startup: 3, warmup: 2}\n";

    [Fact]
    public void The_epochs_that_a_pruner_saves_are_found_by_running_the_schedule()
    {
        var forecast = EpochForecast.Of(Sweeps.Valid(File(9) + Median), 40, 2)!;
        Assert.Equal("3 4 5 6 7 8", string.Join(' ', forecast.Rungs));
        Assert.Equal((9, 40), (forecast.Longest, forecast.Trials));

        // The first few train to their end; of the others about half stop at the first rung.
        Assert.InRange(forecast.Share, 0.5, 0.9);
    }

    [Fact]
    public void All_at_once_there_is_nobody_to_be_compared_with() =>
        Assert.Equal(1, EpochForecast.Of(Sweeps.Valid(File(9) + Median), 40, 40)!.Share);

    [Fact]
    public void The_same_file_has_the_same_forecast() =>
        Assert.Equal(EpochForecast.Of(Sweeps.Valid(File(5) + Median), 100, 4)!.Share, EpochForecast.Of(Sweeps.Valid(File(5) + Median), 100, 4)!.Share);

    [Fact]
    public void Without_a_pruner_or_epochs_there_is_none()
    {
        Assert.Null(EpochForecast.Of(Sweeps.Valid(File(9)), 40, 2));
        Assert.Null(EpochForecast.Of(Sweeps.Valid("{program: ask, method: random, run_cap: 5, metric: {name: loss}, parameters: {x: {min: 0.0, max: 1.0}}, early_terminate: {type: median}}"), 5, 2));
    }

    [Fact]
    public void Long_trials_are_few() =>
        Assert.InRange(EpochForecast.Of(Sweeps.Valid(File(20_000) + Median), 1000, 2)!.Trials, 1, 5);

    private static string File(int epochs) => $"program: noop\nmethod: random\nrun_cap: 1000\nparameters: {{x: {{min: 0.0, max: 1.0}}, epochs: {{value: {epochs}}}}}\n";
}
