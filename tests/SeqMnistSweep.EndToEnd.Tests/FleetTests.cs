using SeqMnistSweep.EndToEnd.Tests.Support;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary>Head, workers and clients as processes of their own.</summary>
public sealed class FleetTests
{
    private const string Training = """
        name: fleet
        method: grid
        parameters:
          dataset: {value: glyphs}
          input_channels: {value: 7}
          levels: {value: 5}
          kernel_size: {value: 3}
          hidden: {value: 24}
          batch_size: {value: 32}
          train_limit: {value: 3000}
          eval_limit: {value: 300}
          shuffle: {value: true}
          epochs: {value: 4}
          dropout: {values: [0.0, 0.1]}
          lr: {values: [0.001, 0.002, 0.005, 0.01]}
        """;

    [NeedsNetworkFact]
    public async Task Hosts_of_their_own_do_the_same_and_a_pulled_plug_costs_time_only()
    {
        using var network = new Network("head", "one", "two", "cli");
        await using var fleet = new Fleet(network);
        await fleet.StartHeadAsync();
        await fleet.StartWorkerAsync("one", "--slots", "1");
        await fleet.StartWorkerAsync("two", "--slots", "1");
        var sweep = await fleet.SubmitAsync(Training);
        await fleet.UntilAsync(() => fleet.Load(sweep).Trials.Any(trial => trial is { Worker: "two", State: TrialState.Running }), "a trial on two");
        network.Link("two", up: false);
        await fleet.UntilAsync(() => fleet.Load(sweep).Trials.All(trial => trial.Worker != "two" || !trial.State.IsActive()), "the loss of two");
        network.Link("two", up: true);
        var loaded = await fleet.EndedAsync(sweep);

        using var alone = new SeqSweep();
        alone.Write("fleet.yaml", Training);
        (await alone.RunAsync("run", "fleet.yaml")).Expect(0);
        Assert.Empty(SweepOutcome.Flaws(loaded));
        Assert.Empty(SweepOutcome.Differences(alone.OnlySweep(), loaded));
    }

    [Fact]
    public async Task Several_workers_end_with_what_one_process_ends_with()
    {
        using var alone = new SeqSweep();
        alone.Write("fleet.yaml", Training);
        (await alone.RunAsync("run", "fleet.yaml")).Expect(0);

        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        await fleet.StartWorkerAsync("one", "--slots", "1");
        await fleet.StartWorkerAsync("two", "--slots", "2");
        await fleet.StartWorkerAsync("three", "--slots", "1");
        var sweep = await fleet.SubmitAsync(Training);
        var loaded = await fleet.EndedAsync(sweep);

        Assert.Empty(SweepOutcome.Flaws(loaded));
        Assert.Empty(SweepOutcome.Differences(alone.OnlySweep(), loaded));
        Assert.Equal(["one", "three", "two"], loaded.Trials.Select(trial => trial.Worker!).Distinct().Order());
        Assert.All(loaded.Trials, trial => Assert.Equal(1, trial.Attempts));
        Assert.All(loaded.Trials, trial => Assert.True(
            File.Exists(Path.Combine(fleet.Folder("head"), ".seqsweep", "checkpoints", sweep.Value, $"{trial.Number}", trial.Checkpoint!.FileName)),
            $"the last checkpoint of trial {trial.Number} is not on the head"));
    }
}
